"""The prompt, a file, `-c`, standard input and Python come to the same results."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import CTRL_D, Terminal

# Five ways one after another: a busy machine takes a while.
pytestmark = [pytest.mark.timeout(400), pytest.mark.slow]

LINES = (
    "rows = data rows.csv > 1.json",
    "base = load ./tiny > 2.json",
    "m = finetune base rows --epochs 1 --learning-rate 5e-3 > 3.json",
    "ev = eval m rows.test > 4.json",
    'predict m "my card was charged" "where is my parcel" > 5.json',
)
SCRIPT = "\n".join(LINES) + "\n"
FROM_PYTHON = """
import sys
from hfshell import Session

with Session() as session:
    for line in sys.stdin.read().splitlines():
        session.run(line)
"""
DIFFERS = {"seconds", "rows_per_second", "run", "folder", "source"}


def results(folder: Path) -> list[dict[str, Any]]:
    """What the five lines came to, without what differs from run to run."""
    found = [json.loads((folder / f"{number}.json").read_text()) for number in range(1, 6)]
    return [{name: value for name, value in result.items() if name not in DIFFERS} for result in found]


@pytest.fixture(scope="module")
def ways(
    tmp_path_factory: pytest.TempPathFactory, place: Path, tiny: Path, environment: dict[str, str]
) -> dict[str, Path]:
    """Run the lines in each of the five ways, each in a folder of its own."""
    folders = {}
    for way in ("prompt", "file", "lines", "stdin", "python"):
        folders[way] = folder = tmp_path_factory.mktemp(way)
        shutil.copy(place / "rows.csv", folder)
        shutil.copytree(tiny, folder / "tiny")
    (folders["file"] / "x.hfsh").write_text(SCRIPT)
    arguments = {
        "file": ["-m", "hfshell", "x.hfsh"],
        "lines": ["-m", "hfshell", *(part for line in LINES for part in ("-c", line))],
        "stdin": ["-m", "hfshell", "-"],
        "python": ["-c", FROM_PYTHON],
    }
    for way, words in arguments.items():
        subprocess.run(
            [sys.executable, *words],
            cwd=folders[way],
            env={"PATH": "/usr/bin:/bin", **environment},
            input=SCRIPT if way in ("stdin", "python") else "",
            text=True,
            check=True,
            capture_output=True,
            timeout=100,
        )
    _at_the_prompt(folders["prompt"], environment)
    return folders


def _at_the_prompt(folder: Path, environment: dict[str, str]) -> None:
    terminal = Terminal(folder=folder, environment=environment)
    terminal.wait_for_prompt()
    for line in LINES:
        terminal.enter(line)
        terminal.wait_for_prompt()
    terminal.press(CTRL_D)
    assert terminal.exit_code() == 0


@pytest.mark.parametrize("way", ["file", "lines", "stdin", "python"])
def test_results_are_those_of_the_prompt(ways: dict[str, Path], way: str) -> None:
    """Who feeds the lines makes no difference to the digits that come out."""
    assert results(ways[way]) == results(ways["prompt"])


def test_lines_did_real_work(ways: dict[str, Path]) -> None:
    """What is compared is a data set, a model, a training, a measurement and predictions."""
    kinds = [result["kind"] for result in results(ways["prompt"])]
    assert kinds == ["data", "model", "finetune", "evaluation", "predictions"]
