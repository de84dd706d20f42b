"""Programs that are run with limits: how each ends, and what it cannot do on the way."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from hfshell_tasks.code_generation.programs import checks_of, program
from hfshell_tasks.code_generation.running import Limits, run

MBPP = Path(__file__).parents[3] / "shared" / "data" / "mbpp" / "dev.jsonl"
QUICK = Limits(seconds=20.0, memory=512)
"""A busy machine takes seconds to start a Python."""


@pytest.mark.parametrize(
    ("code", "tests", "ending", "told"),
    [
        ("def f(x):\n    return x + 1", ["assert f(1) == 2"], "passed", ""),
        ("def f(x):\n    return x", ["assert f(1) == 1", "assert f(1) == 2, 'wrong'"], "failed", "wrong"),
        ("def f(x):\n    return y", ["f(1)"], "error", "NameError"),
        ("def f(x:", [], "syntax", "SyntaxError"),
        ("x = '\udc80'", [], "syntax", "UnicodeEncodeError"),
        ("x = 1", ["assert ("], "syntax", "SyntaxError"),
        ("import os\nos._exit(0)", ["assert False"], "ended", "exit code 0"),
        ("raise SystemExit(0)", ["assert False"], "error", "SystemExit"),
        ("import signal\nsignal.raise_signal(9)", [], "ended", "signal 9"),
        ("x = input()", [], "error", "EOFError"),
        ("def f():\n    return f()\nf()", [], "error", "RecursionError"),
        ("x = bytearray(1 << 30)", [], "error", "MemoryError"),
    ],
)  # fmt: skip
def test_how_a_program_ends(code: str, tests: list[str], ending: str, told: str) -> None:
    """Only a program whose tests were all run, and hold, has passed; the others say why not."""
    outcome = run(code, tests, QUICK)
    assert outcome.ending == ending
    assert told in outcome.message


def test_endless_program_is_killed() -> None:
    """A loop without an end costs its time limit, and no more."""
    began = time.monotonic()
    assert run("while True:\n    pass", [], Limits(seconds=1.0)).ending == "timeout"
    assert time.monotonic() - began < 10


def test_program_that_catches_everything_is_killed() -> None:
    """No program can decide to live on."""
    code = (
        "import signal\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):\n"
        "    signal.signal(number, signal.SIG_IGN)\n"
        "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"
    )
    assert run(code, [], Limits(seconds=1.0)).ending == "timeout"


@pytest.mark.parametrize("writes", ["print('x' * 10_000_000)", "import os\nos.write(2, b'x' * 10_000_000)"])
def test_output_goes_nowhere(writes: str) -> None:
    """Ten megabytes are written to nobody, and stop nothing."""
    assert run(writes, ["assert True"], QUICK).ending == "passed"


@pytest.mark.parametrize(
    "code",
    [
        "import os\nwhile True:\n    os.fork()",
        "import subprocess\nsubprocess.run(['true'])",
        "import os\nos.system('true')",
        "import os\nos.execv('/bin/true', ['true'])",
        "import multiprocessing\nmultiprocessing.get_context('spawn').Process(target=print).start()",
        "import os\nos.kill(os.getppid(), 0)",
        "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)",
        "import ctypes\nctypes.CDLL(None)",
        "import os, resource\nresource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "import resource\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))",
        "import os\nos.sched_setaffinity(os.getppid(), os.sched_getaffinity(os.getppid()))",
        "import os\nos.setpriority(os.PRIO_PROCESS, os.getppid(), 0)",
    ],
)
def test_refused_by_python_itself(code: str) -> None:
    """A program starts no process, signals and limits none, and reaches no network."""
    outcome = run(code, ["assert True"], QUICK)
    assert outcome.ending == "error"
    assert "not for generated programs" in outcome.message or "halted" in outcome.message


def test_files_are_written_in_its_own_folder_alone(tmp_path: Path) -> None:
    """A program may keep a file of its own, which is gone afterwards; every other file is safe from it."""
    own = "open('a.txt', 'w').write('here')\nimport os\nos.rename('a.txt', 'b.txt')"
    assert run(own, ["assert open('b.txt').read() == 'here'"], QUICK).ending == "passed"
    kept = tmp_path / "kept.txt"
    kept.write_text("mine")
    for code in (
        f"open({str(kept)!r}, 'w')",
        f"import os\nos.remove({str(kept)!r})",
        f"import os\nos.rename('/dev/null', {str(kept)!r})",
        f"import os\nos.open({str(tmp_path / 'new.txt')!r}, os.O_CREAT | os.O_WRONLY)",
        f"import os\nos.symlink({str(tmp_path)!r}, 'way')\nopen('way/new.txt', 'w')",
        f"import shutil\nshutil.rmtree({str(tmp_path)!r})",
        f"import sqlite3\nsqlite3.connect({str(tmp_path / 'new.db')!r}).execute('create table t (x)')",
        f"import os\nos.mkfifo({str(tmp_path / 'new')!r})",
        f"import posix\nposix.mknod({str(tmp_path / 'new')!r})",
        "import _posixshmem, os\n_posixshmem.shm_open('/hfshell-test', os.O_CREAT | os.O_RDWR)",
    ):
        assert run(code, [], QUICK).ending == "error", code
    assert kept.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_files_are_small() -> None:
    """A program cannot fill the disk with one file."""
    outcome = run("open('a', 'wb').write(b'x' * 3_000_000)", [], QUICK)
    assert (outcome.ending, "too large" in outcome.message) == ("error", True)


def test_it_finds_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens and keys of the user's environment are not there for a program to read."""
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert run("import os", ["assert 'HF_TOKEN' not in os.environ"], QUICK).ending == "passed"


def test_it_imports_the_standard_library_alone() -> None:
    """Neither hfshell, nor what is installed beside it, nor the current folder can be imported."""
    assert run("import json, re, math, heapq, collections, dataclasses", [], QUICK).ending == "passed"
    for name in ("hfshell", "numpy", "running"):
        assert "ModuleNotFoundError" in run(f"import {name}", [], QUICK).message


def test_sets_have_one_order() -> None:
    """What a program does does not hang on chance between two runs."""
    code = "word = ''.join({'a', 'b', 'c', 'd', 'e', 'f', 'g'})\nraise ValueError(word)"
    assert run(code, [], QUICK).message == run(code, [], QUICK).message


def test_a_forged_report_is_no_pass() -> None:
    """A program that writes where the report goes does not pass by it."""
    forged = json.dumps({"outcome": "passed", "message": "", "held": []})
    code = (
        "import os\n"
        "for descriptor in range(3, 20):\n"
        f"    try:\n        os.write(descriptor, {forged!r}.encode())\n"
        "    except OSError:\n        pass\n"
        "os._exit(0)"
    )
    assert run(code, ["assert False"], QUICK).ending == "ended"


def test_the_word_of_the_report_is_in_no_frame() -> None:
    """A program that walks up to who called it does not read there what makes a report of a pass."""
    code = (
        "import re, sys\n"
        "frame, seen = sys._getframe(), ''\n"
        "while frame := frame.f_back:\n"
        "    seen += repr(frame.f_locals)\n"
        "words = re.findall(r'\\b[0-9a-f]{32}\\b', seen)"
    )
    assert run(code, ["assert 'held' in seen", "assert words == []"], QUICK).ending == "passed"


def test_what_the_system_holds_is_said() -> None:
    """The report names the limits that do not rest on Python alone."""
    assert set(run("x = 1", [], QUICK).held) <= {"network", "processes", "memory"}
    assert "memory" in run("x = 1", [], QUICK).held


needs_mbpp = pytest.mark.skipif(not MBPP.is_file(), reason="the real set is not beside this checkout")


def failures(rows: slice) -> dict[int, str]:
    """Run MBPP's own solutions against its tests; return those that do not pass."""
    found = {}
    for line in MBPP.read_text(encoding="utf-8").splitlines()[rows]:
        read = json.loads(line)
        row = {"prompt": read["text"], "tests": read["test_list"], "setup": read["test_setup_code"]}
        outcome = run(program(read["code"], row), checks_of(row), QUICK)
        if outcome.ending != "passed":
            found[read["task_id"]] = outcome.message
    return found


@needs_mbpp
def test_right_programs_pass() -> None:
    """The solutions that MBPP gives pass its tests: the limits are in no right program's way."""
    assert failures(slice(0, 6)) == {}


@needs_mbpp
@pytest.mark.slow
def test_all_right_programs_pass() -> None:
    """All of them do."""
    assert failures(slice(None)) == {}
