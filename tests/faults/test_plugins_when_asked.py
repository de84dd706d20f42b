"""Whatever a plugin does when it is imported or asked: others work on, and the culprit is named.

Rows are kinds of misbehaviour, columns the places where a plugin's code runs before any work: its import and
each declaring hook. Each row is also run with the containment taken out, where it must do harm.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.hooks import DECLARING
from hfshell.plugin_host.probing import SECONDS_VARIABLE
from tests.faults.misbehaviour import MISBEHAVIOUR, UNTIDY

PLACES = ("import", *DECLARING)
RETURNS = {
    "wrong return type": "return 42",
    "wrong item": "return [object()]",
    "endless return": "return iter(int, 1)",
    "huge return": "return [{spec}] * 100_000",
    "newer API": "return [{newer}]",
}
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


def ask(folder: Path, home: Path, how: str, seconds: float = 1) -> subprocess.CompletedProcess[str]:
    """Ask all plugins of a folder in a fresh process."""
    return subprocess.run(
        [sys.executable, "-m", "tests.faults.ask_plugins", how],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(folder), str(Path(__file__).parents[2])]),
            "HFSHELL_HOME": str(home),
            SECONDS_VARIABLE: str(seconds),
        },
        capture_output=True,
        text=True,
        timeout=60 if how == "contained" else 5,
        check=False,
    )


def kinds(place: str) -> list[str]:
    """What can go wrong in a place."""
    return [*MISBEHAVIOUR, *(RETURNS if place != "import" else ())]


CELLS = [(place, kind) for place in PLACES for kind in kinds(place)]


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Every misbehaving plugin of a place beside a sound one, asked in one go; by place."""
    found = {}
    for place in PLACES:
        folder = tmp_path_factory.mktemp("plugins")
        install(folder, "sound", SOUND)
        for kind in kinds(place):
            install(folder, f"bad-{kind}", source(kind, place))
        done = ask(folder, tmp_path_factory.mktemp("home"), "contained")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 1, "something else was printed"
        found[place] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("place", "kind"), CELLS)
def test_culprit_is_named_and_others_work(asked: dict[str, dict[str, Any]], place: str, kind: str) -> None:
    """A plugin that misbehaves costs itself, never another plugin or who asked."""
    report = asked[place]
    assert report["intact"]
    assert report["states"]["sound"] == "ready"
    assert report["said"][f"bad-{kind}"], "nothing was said of it"
    if kind not in UNTIDY:
        assert report["states"][f"bad-{kind}"] in ("failed", "incompatible")
        label = f"bad-{kind} (plugin-bad-{''.join(c if c.isalnum() else '-' for c in kind)} 1.2)"
        assert any(label in notice for notice in report["notices"])
    assert all(letter.isprintable() for line in report["said"][f"bad-{kind}"] for letter in line)


@pytest.mark.parametrize("kind", [*MISBEHAVIOUR, *RETURNS])
def test_row_is_red_without_the_containment(tmp_path: Path, kind: str) -> None:
    """Imported in our own process, with nothing caught, each of them does the harm that it is said to do."""
    place = "import" if kind in MISBEHAVIOUR else "hfshell_tasks"
    install(tmp_path, f"bad-{kind}", source(kind, place))
    try:
        done = ask(tmp_path, tmp_path / "home", "uncontained")
    except subprocess.TimeoutExpired:
        assert kind in ("hang", "thread")
        return
    whole = done.returncode == 0 and done.stdout.count("\n") == 1 and "\x1b" not in done.stdout
    report = (
        json.loads(done.stdout) if whole and done.stdout.startswith("{") else {"intact": False, "said": {}}
    )
    assert not (report["intact"] and report["said"].get(f"bad-{kind}"))
