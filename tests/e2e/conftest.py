"""What the tests from outside share: a tiny model, a table, a place, and `hfshell` in it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

Run = Callable[..., subprocess.CompletedProcess[str]]

_TEXTS = {
    "billing": ("my card was charged twice", "refund me please", "money for this order"),
    "delivery": ("where is my parcel", "the delivery was late", "the box was broken"),
}


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small table."""
    folder = tmp_path_factory.mktemp("e2e")
    rows = [
        f'"{text} number {number}",{label}'
        for number in range(20)
        for label, texts in _TEXTS.items()
        for text in texts
    ]
    (folder / "rows.csv").write_text("\n".join(["text,label", *rows]) + "\n")
    return folder


@pytest.fixture(scope="session")
def tiny(place: Path) -> Path:
    """A tiny model in that folder."""
    from tests.models.tiny import bert

    return bert(place / "tiny")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home of its own, no network, one thread."""
    home = tmp_path_factory.mktemp("home")
    return {
        "HOME": str(home),
        "HFSHELL_HOME": str(home / "hfshell"),
        "HF_HOME": str(home / "huggingface"),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "SHELL": "/bin/sh",
    }


@pytest.fixture(scope="module")
def terminal(place: Path, tiny: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    """A prompt that all tests of a module share, for its kernel takes seconds to warm up."""
    shell = Terminal(folder=place, environment=environment)
    yield shell
    shell.close()


@pytest.fixture
def hfshell(place: Path, environment: dict[str, str]) -> Run:
    """Run `hfshell` without a terminal."""

    def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "hfshell", *arguments],
            cwd=place,
            env={"PATH": "/usr/bin:/bin", **environment},
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return run


def objects(done: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    """The JSON objects on stdout."""
    return [json.loads(line) for line in done.stdout.splitlines()]
