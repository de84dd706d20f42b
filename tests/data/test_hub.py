"""Data sets of the Hub: read whole, from the cache when it is gone, and never waited for in vain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hfshell.data.hub import PROBE_SECONDS, HubId
from tests.data.fake_hub import REPOSITORY, black_hole, hub, nobody

ROOT = Path(__file__).parents[2]


def read(
    *names: str, endpoint: str = "", offline: bool = False, patience: float = PROBE_SECONDS
) -> list[dict[str, Any]]:
    """Read data sets in a fresh process: the Hub's library looks at its environment when it is imported."""
    settings = {
        "HF_HUB_OFFLINE": "1" if offline else "0",
        "HUB_PATIENCE": str(patience),
        "PYTHONPATH": str(ROOT),
    }
    environment = {**os.environ, **settings}
    if endpoint:
        environment["HF_ENDPOINT"] = endpoint
    script = Path(__file__).with_name("read_from_hub.py")
    done = subprocess.run(
        [sys.executable, str(script), *names],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        timeout=90,
    )
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
def test_read_then_cached_then_offline() -> None:
    """A data set that was read once is the same from the cache, with the Hub dead or switched off."""
    with hub() as endpoint:
        fresh, unknown = read(REPOSITORY, "org/nothing", endpoint=endpoint)
    assert fresh["splits"] == {"train": 18, "validation": 2, "test": 6}
    assert fresh["labels"] == ["negative", "positive"]
    assert fresh["first"] == {"text": "test text 1", "label": "positive"}
    assert fresh["place"] == f"{REPOSITORY}[test]:2"
    assert fresh["findings"]["not-read"] == "not read: unsupervised (4 rows)"
    assert unknown["code"] == "data"
    assert "the Hub has no data set of this name" in unknown["message"]
    with nobody() as endpoint:
        cached, missing = read(REPOSITORY, "org/nothing", endpoint=endpoint)
    assert cached["fingerprint"] == fresh["fingerprint"]
    assert "read from the cache" in cached["findings"]["cache"]
    assert "the Hub does not answer" in missing["message"]
    offline, absent = read(REPOSITORY, "org/nothing", offline=True)
    assert offline["fingerprint"] == fresh["fingerprint"]
    assert "not cached, and the Hub is offline" in absent["message"]
    assert absent["seconds"] < 10


@pytest.mark.slow
def test_a_hub_that_never_answers() -> None:
    """A dead network costs a little more than it is given, under 15 seconds; a cancel is felt within one."""
    with black_hole() as endpoint:
        cancelled, given_up = read(f"{REPOSITORY}@0.5", REPOSITORY, endpoint=endpoint, patience=2)
    assert cancelled["code"] == "interrupted"
    assert cancelled["seconds"] < 1.5
    assert "the Hub does not answer" in given_up["message"]
    assert given_up["seconds"] + PROBE_SECONDS - 2 < 15


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("org/name", HubId("org/name")),
        ("org/name:sst2", HubId("org/name", "sst2")),
        ("hub:org/name", HubId("org/name")),
        ("name", None),
        ("a/b/c", None),
        ("org/na me", None),
        ("/abs", None),
        ("org/nämé", None),
    ],
)
def test_ids(text: str, expected: HubId | None) -> None:
    """An id is an owner and a name, with a configuration behind a colon."""
    assert HubId.parse(text) == expected
