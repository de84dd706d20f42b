"""Whatever a plugin does when it is imported or asked: others work on, and the culprit is named.

Rows are kinds of misbehaviour, columns the places where a plugin's code runs before any work: its import and
each declaring hook. Each row is also run with the containment taken out, where it must do harm.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.hooks import DECLARING
from hfshell.plugin_host.probing import SECONDS_VARIABLE
from tests.faults.ask_plugins import ASKING
from tests.faults.misbehaviour import MISBEHAVIOUR, UNTIDY

PLACES = ("import", *DECLARING)
RETURNS = {
    "wrong return type": "return 42",
    "wrong item": "return [object()]",
    "endless return": "return iter(int, 1)",
    "huge return": "return [{spec}] * 100_000",
    "newer API": "return [{newer}]",
}
IN_DAILY_RUNS = ("sys.exit", "crash", "hang", "closed stdout", "fork", "thread", "monkeypatch", "wrong item")
"""Kinds whose harm with nothing around them is shown at each change."""

_SPECS = {
    "hfshell_tasks": "TaskSpec(name='x', summary='x', target='a:b', api={api})",
    "hfshell_commands": "CommandSpec(name='x', summary='x', options=Options, target='a:b', api={api})",
    "hfshell_model_sources": "ModelSourceSpec(scheme='x', summary='x', target='a:b', api={api})",
    "hfshell_data_formats": "DataFormatSpec(name='x', summary='x', endings=('.x',), target='a:b', api={api})",
    "hfshell_metrics": "MetricSpec(name='x', summary='x', target='a:b', api={api})",
    "hfshell_renderers": "RendererSpec(kind='x', target='a:b', api={api})",
}
_PLUGIN = """
from dataclasses import dataclass
from hfshell.api import *

@dataclass(frozen=True)
class Options:
    "Options."

{at_import}

@hookimpl
def {hook}():
    {in_hook}
    return []
"""

SOUND = _PLUGIN.format(at_import="", hook="hfshell_tasks", in_hook="return [{}]".format(
    "TaskSpec(name='sound', summary='x', target='a:b')"))  # fmt: skip


def source(kind: str, place: str) -> str:
    """A plugin that misbehaves in one place."""
    if place == "import":
        return _PLUGIN.format(at_import=MISBEHAVIOUR[kind], hook="hfshell_tasks", in_hook="pass")
    if kind in MISBEHAVIOUR:
        return _PLUGIN.format(at_import="", hook=place, in_hook=MISBEHAVIOUR[kind])
    returned = RETURNS[kind].format(spec=_SPECS[place].format(api=1), newer=_SPECS[place].format(api=99))
    return _PLUGIN.format(at_import="", hook=place, in_hook=returned)


def install(folder: Path, name: str, text: str) -> None:
    """Put a distribution where Python finds it."""
    module = "plugin_" + "".join(letter if letter.isalnum() else "_" for letter in name)
    (folder / f"{module}.py").write_text(text)
    info = folder / f"{module}-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module.replace('_', '-')}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(f"[hfshell.plugins]\n{name} = {module}\n")


@dataclass(frozen=True)
class Asked:
    """How a process fared that asked all plugins of a folder.

    Attributes:
        code: its exit code; None if it had not ended by itself when its time was over.
        stdout: what it printed.
        stderr: what it printed there.
    """

    code: int | None
    stdout: str
    stderr: str

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The reports that are lines of their own."""
        return [json.loads(line) for line in self.stdout.splitlines() if line.startswith('{"states"')]

    def any_report(self, name: str) -> Any:
        """What the one report says of something; None when there is not just one."""
        return self.reports[0][name] if len(self.reports) == 1 else None


def ask(folder: Path, home: Path, how: str, seconds: float = 1) -> Asked:
    """Ask all plugins of a folder in a fresh process. Uncontained, it has two seconds once it asks."""
    out, error = home / "out", home / "error"
    home.mkdir(exist_ok=True)
    with out.open("w") as stdout, error.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.ask_plugins", how],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parents[2])]),
                "HFSHELL_HOME": str(home),
                SECONDS_VARIABLE: str(seconds),
            },
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    until = time.monotonic() + 60
    while ASKING not in error.read_text() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    try:
        code: int | None = process.wait(2 if how == "uncontained" else 90)
    except subprocess.TimeoutExpired:
        code = None
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # and its forks
    process.wait()
    return Asked(code, out.read_text(), error.read_text())


def kinds(place: str) -> list[str]:
    """What can go wrong in a place."""
    return [*MISBEHAVIOUR, *(RETURNS if place != "import" else ())]


CELLS = [(place, kind) for place in PLACES for kind in kinds(place)]


def raised(what: str) -> Callable[[Asked], bool]:
    """An exception that ended who asked."""
    return lambda asked: asked.code not in (0, None) and not asked.reports and what in asked.stderr


def ended(code: int) -> Callable[[Asked], bool]:
    """An end of who asked, with nothing said."""
    return lambda asked: asked.code == code and not asked.reports and ASKING in asked.stderr


def never_came_back(asked: Asked) -> bool:
    """Who asked waits for ever."""
    return asked.code is None and not asked.reports and ASKING in asked.stderr


HARM: dict[str, Callable[[Asked], bool]] = {
    "ImportError": raised("ModuleNotFoundError"),
    "SyntaxError": raised("SyntaxError"),
    "sys.exit": ended(3),
    "KeyboardInterrupt": raised("KeyboardInterrupt"),
    "os._exit": ended(3),
    "crash": ended(-signal.SIGSEGV),
    "hang": never_came_back,
    "swallows everything": never_came_back,
    "10 MB of output": lambda asked: len(asked.stdout) > 10_000_000,
    "escape codes": lambda asked: "\x1b" in asked.stdout,
    "closed stdout": lambda asked: asked.code not in (0, None) and not asked.reports,
    "fork": lambda asked: "a fork came back" in asked.stdout,
    "thread": lambda asked: asked.any_report("threads") == 2 and asked.code is None,
    "monkeypatch": lambda asked: asked.any_report("patched") is True,
    "wrong return type": raised("hfshell_tasks returned an int"),
    "wrong item": raised("returned an object among its items"),
    "endless return": raised("returned an int among its items"),
    "huge return": raised("more than 1,000 declarations"),
    "newer API": raised("NewerApiError"),
}
"""What each kind does to who asks with nothing around it."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    """Every misbehaving plugin of a place beside a sound one, asked in one go; by place."""
    folders = {
        place: (tmp_path_factory.mktemp("plugins"), tmp_path_factory.mktemp("home")) for place in PLACES
    }
    for place, (folder, _) in folders.items():
        install(folder, "sound", SOUND)
        for kind in kinds(place):
            install(folder, f"bad-{kind}", source(kind, place))
    with ThreadPoolExecutor(3) as pool:  # most of their time is waiting for those that hang
        answers = pool.map(lambda both: ask(*both, "contained"), folders.values())
        found = dict(zip(folders, answers, strict=True))
    for answer in found.values():
        assert answer.code == 0, answer.stderr
        assert answer.stdout.count("\n") == 1, "something else was printed"
    return found


@pytest.mark.parametrize(("place", "kind"), CELLS)
def test_culprit_is_named_and_others_work(asked: dict[str, Asked], place: str, kind: str) -> None:
    """A plugin that misbehaves costs itself, never another plugin or who asked."""
    (report,) = asked[place].reports
    assert not HARM[kind](asked[place])
    assert report["states"]["sound"] == "ready"
    assert report["said"][f"bad-{kind}"], "nothing was said of it"
    if kind not in UNTIDY:
        assert report["states"][f"bad-{kind}"] in ("failed", "incompatible")
        label = f"bad-{kind} (plugin-bad-{''.join(c if c.isalnum() else '-' for c in kind)} 1.2)"
        assert any(label in notice for notice in report["notices"])
    assert all(letter.isprintable() for line in report["said"][f"bad-{kind}"] for letter in line)


def rows() -> Iterator[object]:
    """Every row, those marked as slow whose like is tried already."""
    for kind in (*MISBEHAVIOUR, *RETURNS):
        yield pytest.param(kind, marks=[] if kind in IN_DAILY_RUNS else [pytest.mark.slow])


@pytest.mark.parametrize("kind", [*rows()])
def test_row_is_red_without_the_containment(tmp_path: Path, kind: str) -> None:
    """Imported in our own process, with nothing caught, each of them does the harm that it is said to do."""
    place = "import" if kind in MISBEHAVIOUR else "hfshell_tasks"
    install(tmp_path, f"bad-{kind}", source(kind, place))
    found = ask(tmp_path, tmp_path / "home", "uncontained")
    assert HARM[kind](found), (found.code, found.stdout[-500:], found.stderr[-500:])
