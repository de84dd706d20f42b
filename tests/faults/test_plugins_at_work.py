"""Whatever a plugin does at work: other plugins and the session work on, and the culprit is named.

Rows are kinds of misbehaviour, columns the places where a plugin's code runs in the kernel: the import of its
work, each verb, and whatever else it gives. Everything happens in real kernels; one that dies comes back with
its names. What each part of the containment is for is shown by taking it out: `test_containment_parts`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hfshell.api.results import PredictionResult
from tests.faults.at_work import GOOD, ONCE, Kernels, Told, kernels, word
from tests.faults.misbehaviour import DEADLY, MISBEHAVIOUR, RAISING

pytestmark = pytest.mark.usefixtures("same_home")

LINES = {
    "load": "load bad:{kind}.load",
    "size": "load bad:{kind}.size",
    "labels": "load bad:{kind}.labels",
    "finetune": "m = finetune bad:{kind}.finetune {data}",
    "predict": "predict bad:{kind}.predict text",
    "save": "m = finetune bad:{kind}.save {data}",
    "answer": "eval bad:{kind}.answer {data}",
    "metric": "eval bad:{kind}.metric {data}",
    "eval": "eval badeval:{kind}.eval {data}",
    "view": "predict bad:{kind}.view text",
    "command": "misbehave {kind}",
    "format": "data {folder}/{kind}.bad",
    "source": "load badsource:{kind}",
    "hfshell_model_loaded": "load bad:{kind}.hfshell_model_loaded",
    "hfshell_model_unloaded": "m = load bad:{kind}.hfshell_model_unloaded\nunload m",
    "hfshell_run_event": "eval bad:{kind}.hfshell_run_event {data}",
    "import": "load badimport{number}:x",
}
"""What makes a plugin's code run, by place."""

RETURNS = {
    "load": ("none",),
    "size": ("wrong", "none"),
    "labels": ("wrong", "text"),
    "finetune": ("none",),
    "predict": ("wrong", "none", "too-few", "endless"),
    "metric": ("wrong",),
    "eval": ("wrong",),
    "view": ("wrong", "huge"),
    "command": ("wrong", "huge"),
    "format": ("wrong", "none"),
}
"""What may be returned that should not be, by place."""

DAILY_DEATHS = {
    ("predict", "os._exit"),
    ("import", "os._exit"),
}
"""Where a kernel's death is tried at each change; the others take minutes."""


def cells() -> Iterator[object]:
    """Every row and column, the slow ones marked."""
    for place in LINES:
        for kind in (*MISBEHAVIOUR, *RETURNS.get(place, ())):
            daily = (place, kind) in DAILY_DEATHS or kind in ("ImportError", *RETURNS.get(place, ()))
            yield pytest.param(place, kind, marks=[] if daily else [pytest.mark.slow])


def ends() -> Iterator[object]:
    """Every row of a session's beginning and end: each needs a kernel of its own."""
    for kind in MISBEHAVIOUR:
        yield pytest.param(kind, marks=[] if kind == "os._exit" else [pytest.mark.slow])


@pytest.fixture(scope="module")
def contained(site: Path) -> Iterator[Kernels]:
    """Kernels as users have them."""
    with kernels("QuickSession", site) as made:
        yield made


def misbehave(contained: Kernels, place: str, kind: str) -> Told:
    """Have a plugin misbehave."""
    site = contained.site
    (site / f"{word(kind)}.bad").write_text("anything")
    number = list(MISBEHAVIOUR).index(kind) if kind in MISBEHAVIOUR else None
    line = LINES[place].format(kind=word(kind), data=site / "rows.csv", folder=site, number=number)
    told = contained.run(line)
    if kind in DEADLY and place.startswith("hfshell_"):
        contained.restart()  # so that it hears again
    return told


def works_on(contained: Kernels) -> None:
    """Others work as if nothing had been, and nobody is blamed for it."""
    after = contained.run(GOOD)
    (prediction,) = after.results
    assert isinstance(prediction, PredictionResult)
    assert prediction.rows == ("HELLO",)
    assert after.said == []


@pytest.mark.parametrize(("place", "kind"), [*cells()])
def test_culprit_is_named_and_the_session_works_on(contained: Kernels, place: str, kind: str) -> None:
    """A plugin that misbehaves costs one command, at the worst a kernel that comes back."""
    contained.run("let before = kept")
    told = misbehave(contained, place, kind)
    assert told.named, told.said
    assert all(letter.isprintable() for line in told.said for letter in line.replace("\n", ""))
    works_on(contained)
    (echoed,) = contained.run("echo $before").results
    assert echoed.lines == ("kept",)


@pytest.mark.parametrize("kind", [*ends()])
def test_beginning_of_a_session(contained: Kernels, kind: str) -> None:
    """Who misbehaves when it hears of a session is named, and the session begins all the same."""
    contained.supervisor.stop()
    (contained.site / ONCE).write_text(f"{word(kind)}.hfshell_session_started")
    contained.supervisor.start()
    told = contained.run("set patience 0.5\necho begun", then_ready=False)
    again = contained.run("echo begun", then_ready=False)
    assert told.named or again.named, (told.said, again.said)
    assert again.results[0].lines == ("begun",)
    contained.restart()
    works_on(contained)


@pytest.mark.parametrize("kind", [*ends()])
def test_end_of_a_session(contained: Kernels, kind: str) -> None:
    """Who misbehaves when it hears that a session ends keeps nobody: the kernel ends, the next one begins."""
    contained.run(GOOD)
    ended = contained.supervisor.pid
    (contained.site / ONCE).write_text(f"{word(kind)}.hfshell_session_ended")
    contained.supervisor.stop(8)
    assert not (contained.site / ONCE).exists(), "it was not told"
    assert not Path(f"/proc/{ended}").exists()
    contained.supervisor.start()
    begun = contained.run("echo begun", then_ready=False)
    assert begun.results[0].lines == ("begun",)
    if kind in RAISING:
        assert "in hfshell_session_ended" in contained.run("plugins why bad").results[0].lines[0]
    if kind in DEADLY:
        assert begun.named, begun.said
    contained.restart()
    works_on(contained)
