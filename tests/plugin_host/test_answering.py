"""A process that answers line by line is heard, told, and ended with all that it started."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hfshell.plugin_host.answering import answering


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that a test fills with what the process does."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "answers_for_a_test.py"


def test_lines_come_until_nobody_writes(module: Path) -> None:
    """It is told something, has its arguments, and says what it likes."""
    module.write_text(
        "import os, sys\n"
        "answers = os.fdopen(int(sys.argv[1]), 'w')\n"
        "print(sys.argv[2], sys.stdin.read(), sep='\\n', file=answers)\n"
    )
    with answering(module.stem, "first", told=b"second") as heard:
        assert list(heard.lines(30)) == [b"first", b"second"]
        assert heard.process.wait(30) == 0


def test_silence_ends_it(module: Path) -> None:
    """Who says nothing for too long is listened to no more, and does not go on."""
    module.write_text("import time; time.sleep(60)")
    began = time.monotonic()
    with answering(module.stem) as heard:
        assert list(heard.lines(0.5)) == []
    assert time.monotonic() - began < 30
    assert heard.process.returncode is not None
    assert heard.process.returncode < 0
