"""What each part of the containment is for: with it taken out, just the kinds that it is for do their harm.

A plugin misbehaves in its `predict`. The harm is looked for from outside, the same way in every kernel: what
a user is told, what a plugin that behaves sees of the process, the log, the processes that run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.at_work import STATE, Kernels, Told, kernels, word
from tests.faults.misbehaviour import DEADLY, MISBEHAVIOUR

pytestmark = pytest.mark.usefixtures("same_home")

SOUND = ({"sorted": ["a", "b"], "stdout": True},)
LARGE_LOG = 1_000_000
SECONDS = 12
"""Who is not done by then hangs; one that is cut off is done after three, on a quiet machine."""

RETURNED = {
    "size returns wrong": "load bad:wrong.size",
    "labels returns wrong": "load bad:wrong.labels",
    "predict returns wrong": "predict bad:wrong.items text",
    "labels returns text": "load bad:text.labels",
}
"""Kinds of what is returned, and a line for each."""

QUICK = [*(kind for kind in MISBEHAVIOUR if kind not in DEADLY), *RETURNED]

HARM: dict[str, dict[str, set[str]]] = {
    "QuickSession": {},
    "WithoutPutBack": {"monkeypatch": {"sorted stays patched", "good plugin blamed or harmed"}},
    "WithoutCaught": {
        "10 MB of output": {"log floods", "nobody named"},
        "escape codes": {"nobody named"},
        "closed stdout": {"output stays closed", "nobody named"},
    },
    "WithoutForkCheck": {"fork": {"fork lives on"}},
    "WithoutReturnChecks": {
        **{kind: {"nobody named"} for kind in RETURNED},
        "labels returns text": {"nobody named", "wrong value taken"},
    },
    "WithoutWatch": {"hang": {"hangs"}, "swallows everything": {"hangs"}},
    "WithoutBreadcrumb": {kind: {"nobody named"} for kind in DEADLY},
}
"""What is harmed without a part, by kind; a kind that is not here harms nothing."""


def harm(made: Kernels, kind: str) -> set[str]:
    """Have a plugin misbehave, and return what is wrong then."""
    before = made.log_size()
    told = made.run(RETURNED.get(kind, f"predict bad:{word(kind)}.predict text"), seconds=SECONDS)
    after = made.run(STATE, seconds=SECONDS)
    return {what for what, is_so in _found(made, kind, told, after, before).items() if is_so}


def _found(made: Kernels, kind: str, told: Told, after: Told, log_before: int) -> dict[str, bool]:
    rows = [getattr(result, "rows", None) for result in after.results]
    seen = rows[0][0] if rows and rows[0] and isinstance(rows[0][0], dict) else {}
    return {
        "hangs": told.patience_lost or after.patience_lost,
        "nobody named": not told.named and not told.patience_lost,
        "good plugin blamed or harmed": len(rows) != 1 or bool(after.said),
        "sorted stays patched": seen.get("sorted") != ["a", "b"],
        "output stays closed": seen.get("stdout") is False,
        "log floods": made.log_size() - log_before > LARGE_LOG,
        "wrong value taken": kind in RETURNED and bool(told.results),
        "fork lives on": made.processes() > 0,
    }


IN_DAILY_RUNS = ("WithoutForkCheck",)
"""What is taken out at each change."""


def parts() -> Iterator[object]:
    """Every part, marked as slow but for those of the daily runs."""
    for factory in HARM:
        yield pytest.param(factory, marks=[] if factory in IN_DAILY_RUNS else [pytest.mark.slow])


def harms(factory: str, kinds: list[str], site: Path) -> dict[str, set[str]]:
    """What is harmed by kind, of those kinds that harm anything."""
    with kernels(factory, site) as made:
        found = {}
        for kind in kinds:
            if wrong := harm(made, kind):
                found[kind] = wrong
                made.restart()
        return found


@pytest.mark.parametrize("factory", [*parts()])
def test_part_is_for_just_these(site: Path, factory: str) -> None:
    """Without a part, just the kinds that it is for do harm, and just that harm."""
    assert harms(factory, QUICK, site) == {
        kind: wrong for kind, wrong in HARM[factory].items() if kind in QUICK
    }


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("factory", [*HARM])
def test_part_is_for_just_these_deadly_ones(site: Path, factory: str) -> None:
    """The same for those that end their process, or never end."""
    deadly = [*DEADLY]
    assert harms(factory, deadly, site) == {
        kind: wrong for kind, wrong in HARM[factory].items() if kind in deadly
    }
