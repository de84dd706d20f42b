"""Whatever a plugin does at work: other plugins and the session work on, and the culprit is named.

Rows are kinds of misbehaviour, columns the places where a plugin's code runs in the kernel: the import of its
work, each verb, and whatever else it gives. Everything happens in real kernels; one that dies comes back with
its names. Each row is also run with the containment taken out, where nobody is named, or somebody is harmed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hfshell.api.events import CommandFinished, Note, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import PredictionResult
from hfshell.errors import HfshellError
from hfshell.kernel.supervisor import KernelSupervisor
from tests.faults.misbehaviour import DEADLY, MISBEHAVIOUR

HERE = Path(__file__).parent
CULPRIT = "hfshell-bad 1.2"
GOOD = 'predict good:x "hello"'
PATIENCE = 0.5

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
    "hfshell_run_event": "eval bad:{kind}.hfshell_run_event {data}",
    "import": "load badimport{number}:x",
}
"""What makes a plugin's code run, by place."""

RETURNS = {
    "load": ("none",),
    "size": ("wrong", "none"),
    "labels": ("wrong",),
    "finetune": ("none",),
    "predict": ("wrong", "none", "too-few", "endless"),
    "metric": ("wrong",),
    "eval": ("wrong",),
    "view": ("wrong", "huge"),
    "command": ("wrong", "huge"),
    "format": ("wrong", "none"),
}
"""What may be returned that should not be, by place."""

IN_DAILY_RUNS = ("predict", "import", "hfshell_model_loaded")
"""Places where a kernel's death is tried at each change; the others take minutes."""


def word(kind: str) -> str:
    """A kind as one word of a command line."""
    return kind.replace(" ", "-")


def cells() -> Iterator[object]:
    """Every row and column, the slow ones marked."""
    for place in LINES:
        for kind in (*MISBEHAVIOUR, *RETURNS.get(place, ())):
            slow = kind in DEADLY and place not in IN_DAILY_RUNS
            yield pytest.param(place, kind, marks=[pytest.mark.slow] if slow else [])


@dataclass
class Told:
    """What a user was told by one run."""

    said: list[str] = field(default_factory=list)
    results: list[object] = field(default_factory=list)
    code: int = 0

    def hear(self, event: SessionEvent) -> None:
        """Take note of an event."""
        if isinstance(event, Note):
            self.said.append(event.text)
        if isinstance(event, CommandFinished):
            if event.error is not None:
                self.said.append(event.error.message)
            if event.result is not None:
                self.results.append(event.result)


class Kernels:
    """A kernel with the two plugins, and whatever takes its place when it dies."""

    def __init__(self, factory: str, folder: Path, site: Path) -> None:
        self.site = site
        self._supervisor = KernelSupervisor(folder, ["--session-factory", f"quick_session:{factory}"])
        self._supervisor.start()
        data = site / "rows.csv"
        data.write_text("text,wanted\n" + "".join(f"some text {n},{'ab'[n % 2]}\n" for n in range(20)))
        self.run(f"set patience {PATIENCE}")

    def do(self, place: str, kind: str) -> Told:
        """Have a plugin misbehave."""
        (self.site / f"{word(kind)}.bad").write_text("anything")
        number = list(MISBEHAVIOUR).index(kind) if kind in MISBEHAVIOUR else None
        data = self.site / "rows.csv"
        told = self.run(LINES[place].format(kind=word(kind), data=data, folder=self.site, number=number))
        if kind in DEADLY and place.startswith("hfshell_"):
            self._supervisor.restart()  # so that it hears again
            self.run(f"set patience {PATIENCE}")
        return told

    def run(self, text: str, seconds: float | None = None) -> Told:
        """Run lines; how a kernel that dies meanwhile ended is what is said."""
        told = Told()
        timer = threading.Timer(seconds or 60, self._supervisor.kill)
        timer.start()
        try:
            told.code = self._supervisor.client().run(RunRequest(text), told.hear)
        except HfshellError as error:
            told.said.append(error.message)
            told.code = error.exit_code
            self._supervisor.client()
            if "set patience" not in text:
                self.run(f"set patience {PATIENCE}")
        finally:
            timer.cancel()
        return told

    def stop(self) -> None:
        """End the kernel."""
        self._supervisor.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder on the path with both plugins installed."""
    site = tmp_path_factory.mktemp("site")
    for file in (*(HERE / "plugin").glob("*.py"), HERE / "misbehaviour.py"):
        shutil.copy(file, site)
    for number in range(len(MISBEHAVIOUR)):
        shutil.copy(HERE / "plugin" / "hfshell_bad_import.py", site / f"hfshell_bad_import{number}.py")
    for name in ("bad", "good"):
        info = site / f"hfshell_{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: hfshell-{name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[hfshell.tasks]\n{name} = hfshell_{name}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(site), os.environ.get("PYTHONPATH", "")]))
        patch.setenv("HFSHELL_HOME", str(site / "home"))
        yield site


@pytest.fixture(scope="module")
def contained(site: Path) -> Iterator[Kernels]:
    """Kernels as users have them."""
    yield from kernels("QuickSession", site)


def kernels(factory: str, site: Path) -> Iterator[Kernels]:
    """Kernels whose sessions are made by a factory."""
    root = Path(tempfile.mkdtemp(prefix="hf-test-"))  # short, for a socket's path
    made = Kernels(factory, root / "kernel", site)
    yield made
    made.stop()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(autouse=True)
def _same_home(home: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # after `home`
    """Keep one home: a kernel that takes the place of another looks for what is known of plugins there."""
    monkeypatch.setenv("HFSHELL_HOME", str(site / "home"))


@pytest.mark.parametrize(("place", "kind"), [*cells()])
def test_culprit_is_named_and_the_session_works_on(contained: Kernels, place: str, kind: str) -> None:
    """A plugin that misbehaves costs one command, at the worst a kernel that comes back."""
    contained.run("let before = kept")
    told = contained.do(place, kind)
    assert any(CULPRIT in line for line in told.said), told.said
    assert all(letter.isprintable() for line in told.said for letter in line.replace("\n", ""))
    after = contained.run(GOOD)
    (prediction,) = after.results
    assert isinstance(prediction, PredictionResult)
    assert prediction.rows == ("HELLO",)
    assert after.said == []
    (echoed,) = contained.run("echo $before").results
    assert echoed.lines == ("kept",)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*MISBEHAVIOUR, "wrong"])
def test_row_is_red_without_the_containment(site: Path, kind: str) -> None:
    """With nothing around it, each of them goes unnamed, or takes somebody with it."""
    for uncontained in kernels("Uncontained", site):
        told = uncontained.run(LINES["predict"].format(kind=f"{word(kind)}") + " ", seconds=4)
        named = any(CULPRIT in line for line in told.said)
        after = uncontained.run(GOOD, seconds=4)
        fine = [getattr(result, "rows", None) for result in after.results] == [("HELLO",)]
        assert not (named and fine)
