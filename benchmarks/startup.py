"""How soon hfshell answers, beside what it is built from and what people use today. Prints ratios.

Each round runs every command once, in a shuffled order, so that a busy machine slows all of them alike; the
figure of a command is the median over the rounds.
"""

from __future__ import annotations

import argparse
import os
import pty
import random
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BIN = Path(sys.executable).parent
PROMPT = "›".encode()
PATIENCE_SECONDS = 60


def seconds_of(command: list[str]) -> Callable[[], float]:
    """Time a command from start to exit."""

    def measure() -> float:
        began = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return time.perf_counter() - began

    return measure


def seconds_to_prompt() -> float:
    """Time hfshell on a terminal of its own, from start to the first prompt sign."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(BIN / "hfshell", ["hfshell"])
    began = time.perf_counter()
    seen = b""
    while PROMPT not in seen:
        ready, _, _ = select.select([terminal], [], [], PATIENCE_SECONDS)
        if not ready:
            raise TimeoutError("no prompt appeared")
        seen += os.read(terminal, 65536)
    elapsed = time.perf_counter() - began
    os.write(terminal, b"\x04")
    _drain(terminal)
    os.waitpid(child, 0)
    return elapsed


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:  # the other end is gone
        os.close(terminal)


def python(code: str) -> Callable[[], float]:
    """Time an import in a fresh interpreter."""
    return seconds_of([sys.executable, "-c", code])


def main() -> None:
    """Measure, and print a table of medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HFSHELL_HOME": home, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
        measures = {
            "import click, rich": python("import click, rich"),
            "import prompt_toolkit, rich, pluggy, click": python(
                "import prompt_toolkit, rich, pluggy, click"
            ),
            "hfshell --version": seconds_of([str(BIN / "hfshell"), "--version"]),
            "hfshell --help": seconds_of([str(BIN / "hfshell"), "--help"]),
            "hfshell, first prompt": seconds_to_prompt,
        }
        if shutil.which("transformers", path=str(BIN)):
            measures["transformers --help"] = seconds_of([str(BIN / "transformers"), "--help"])
        report(collect(measures, rounds))


def collect(measures: dict[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each command; the first round only warms the disk cache."""
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        names = list(measures)
        random.shuffle(names)
        for name in names:
            elapsed = measures[name]()
            if number:
                seconds[name].append(elapsed)
    return {name: statistics.median(values) for name, values in seconds.items()}


def report(medians: dict[str, float]) -> None:
    """Print the medians, and each goal's ratio beside its limit."""
    for name, value in medians.items():
        print(f"{value * 1000:8.0f} ms  {name}")
    light, prompt = medians["import click, rich"], medians["import prompt_toolkit, rich, pluggy, click"]
    print(
        f"\n--version is {medians['hfshell --version'] / light:.2f}x `import click, rich` (goal: at most 2)"
    )
    print(f"--help is {medians['hfshell --help'] / light:.2f}x `import click, rich` (goal: at most 2)")
    first = medians["hfshell, first prompt"]
    print(f"first prompt is {first / prompt:.2f}x its libraries' import (goal: at most 2)")
    if "transformers --help" in medians:
        slow = medians["transformers --help"]
        for name in ("hfshell --version", "hfshell --help", "hfshell, first prompt"):
            print(f"{name} is {slow / medians[name]:.1f}x faster than transformers --help (goal: at least 8)")


if __name__ == "__main__":
    main()
