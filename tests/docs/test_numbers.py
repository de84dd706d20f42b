"""Numbers that the pages name are those of the source."""

from __future__ import annotations

import pytest

from hfshell.api import view_json
from hfshell.plugin_host import cache, containment, declarations, output, probe, probing
from hfshell.settings import Settings
from tests.docs.pages import ROOT

FOLDER = ROOT / "docs" / "plugins"


@pytest.mark.parametrize(
    ("page", "words", "value"),
    [
        ("isolation.md", "killed after 30 s", probing.SECONDS == 30),
        ("isolation.md", "after 600 s without a sign of life", Settings().patience == 600),
        ("isolation.md", "does not heed that within 2 s", containment._LAST_WORDS_SECONDS == 2),
        ("isolation.md", "the first 64 KiB", output.KEPT == 64 * 1024),
        ("isolation.md", "more than 1,000 declarations", declarations.MOST == 1000),
        ("isolation.md", "larger than 1 MiB", probe.LARGEST_ANSWER == 1 << 20),
        ("hooks.md", "at most 1,000", declarations.MOST == 1000),
        ("hooks.md", "after a day", cache._FAILURE_SECONDS == 24 * 3600),
        ("reference.md", "more than 20,000 parts", view_json.MOST_PARTS == 20_000),
        ("reference.md", "a million characters", view_json.MOST_CHARACTERS == 1_000_000),
        ("reference.md", "eight views inside each other", view_json.DEEPEST == 8),
    ],
)
def test_number_is_that_of_the_source(page: str, words: str, value: bool) -> None:
    """A limit that changes in the source changes on the page."""
    assert value
    assert words in " ".join((FOLDER / page).read_text(encoding="utf-8").split())
