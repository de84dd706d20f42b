"""Kills while settings, sessions and journals are written: a file is as it was before, or as it should be."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.settings.config_file import save_setting

SAVE_SETTING = """
from hfshell.settings.config_file import save_setting
def write(folder, number): save_setting(folder, "seed", str(number))
"""
SAVE_SESSION = """
from hfshell.journal.saved import SavedSessions
def write(folder, number):
    names = [{"name": f"n{n}", "kind": "value", "recipe": {"text": str(number)}} for n in range(200)]
    SavedSessions(folder).save("work", {"schema": 1, "names": names}, replace=True)
"""
BIND_NAMES = """
from hfshell.session.names import Names
names = None
def write(folder, number):
    global names
    names = names or Names(folder / "names.json")
    names.begin(f"line {number}")
    for n in range(3): names.bind_value(f"n{n}", str(number))
"""
KILLED_AT_THE_RENAME = """
import os, signal, sys, pathlib
folder = pathlib.Path(sys.argv[1])
write(folder, 1)
pathlib.Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
write(folder, 2)
"""
WRITES_ON = """
import sys, pathlib
folder = pathlib.Path(sys.argv[1])
write(folder, 1)
print("begins", flush=True)
for number in range(2, 10**9): write(folder, number)
"""


def seeds(folder: Path) -> set[str]:
    """What stands in config.toml."""
    return {str(tomllib.loads((folder / "config.toml").read_text())["settings"]["seed"])}


def saved(folder: Path) -> set[str]:
    """What stands in the session."""
    return {entry["recipe"]["text"] for entry in json.loads((folder / "work.json").read_text())["names"]}


def bound(folder: Path) -> set[str]:
    """What stands in the journal: three names, of which one write each makes a newer one."""
    names = json.loads((folder / "names.json").read_text())["names"]
    values = [int(entry["recipe"]["text"]) for entry in names]
    assert values == sorted(values, reverse=True)
    assert max(values) - min(values) <= 1
    return {str(max(values))}


CASES = [(SAVE_SETTING, seeds), (SAVE_SESSION, saved), (BIND_NAMES, bound)]
NAMES = ["settings", "session", "journal"]


@pytest.mark.parametrize(("program", "read"), CASES, ids=NAMES)
def test_kill_before_the_rename_leaves_what_was(
    tmp_path: Path, program: str, read: Callable[[Path], set[str]]
) -> None:
    """The worst moment: all is written, and nothing is in its place yet."""
    done = subprocess.run([sys.executable, "-c", program + KILLED_AT_THE_RENAME, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert read(tmp_path) == {"1"}


@pytest.mark.parametrize(("program", "read"), CASES, ids=NAMES)
def test_kills_at_any_moment_leave_a_whole_file(
    tmp_path: Path, program: str, read: Callable[[Path], set[str]]
) -> None:
    """Writers are killed one after another; each time the file can be read, and holds one write."""
    draw = random.Random(5)
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", program + WRITES_ON, str(tmp_path)], stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(0.05 + draw.random() * 0.2)
        child.kill()
        assert child.wait() == -signal.SIGKILL
        child.stdout.close()
        assert len(read(tmp_path)) == 1


def test_two_writers_lose_nothing_of_each_other(tmp_path: Path) -> None:
    """Two shells that save settings at once: both stand in the file."""
    program = (
        "import sys, pathlib; from hfshell.settings.config_file import save_alias\n"
        "for n in range(15): save_alias(pathlib.Path(sys.argv[1]), f'{sys.argv[2]}{n}', 'models')"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path), name]) for name in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    aliases = tomllib.loads((tmp_path / "config.toml").read_text())["aliases"]
    assert aliases.keys() == {f"{name}{n}" for name in "ab" for n in range(15)}


def test_what_a_kill_left_half_written_is_swept_up(tmp_path: Path) -> None:
    """The folder of the user's settings does not fill with pieces."""
    program = SAVE_SETTING + KILLED_AT_THE_RENAME
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert len(list(tmp_path.iterdir())) == 2
    save_setting(tmp_path, "seed", "3")
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
