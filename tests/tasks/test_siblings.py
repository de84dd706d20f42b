"""Tasks that are tried in part at each change have a sibling that is tried in full."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tasks.conftest import SIBLINGS

SOURCES = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))


@pytest.mark.parametrize("name", [*SIBLINGS, *SIBLINGS.values()])
def test_class_is_there(name: str) -> None:
    """A name that is misspelt, or of long ago, would leave a task untried."""
    assert f"class {name}(TaskConformance)" in SOURCES


def test_sibling_is_tried_in_full() -> None:
    """Nothing hangs on a task that is itself tried in part."""
    assert SIBLINGS.keys().isdisjoint(SIBLINGS.values())
