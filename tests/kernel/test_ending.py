"""The words for a kernel's end."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hfshell.errors import Interrupted, KernelDied
from hfshell.home import locate_home
from hfshell.kernel.child import KernelChild
from hfshell.kernel.ending import NO_SESSION, Ending, count_memory_kills, signal_name
from hfshell.plugin_host import failures
from hfshell.plugin_host.breadcrumb import AtWork, Breadcrumb
from hfshell.plugin_host.discovery import Discovered

KILLED = Ending(
    code=-signal.SIGKILL, during="finetune m d", answered=True, asked=False, out_of_memory=False,
    log=Path("kernel.log"), lines=("last words",),
)  # fmt: skip


def test_out_of_memory_says_what_helps() -> None:
    """Protects the user whose model was too large."""
    error = replace(KILLED, out_of_memory=True).error()
    assert error.message == "the kernel was killed (SIGKILL, out of memory) during `finetune m d`"
    assert error.hint is not None
    assert "--batch-size" in error.hint


@pytest.mark.parametrize(
    ("code", "how"),
    [
        (-signal.SIGSEGV, "crashed (SIGSEGV)"),
        (-signal.SIGTERM, "was stopped (SIGTERM)"),
        (-50, "crashed (SIG50)"),
        (-1000, "crashed (signal 1000)"),
        (4, "ended with exit code 4"),
    ],
)
def test_other_ends(code: int, how: str) -> None:
    """Protects names of signals, also of those that have none."""
    expected = how if code != -50 else f"crashed ({signal_name(50)})"
    assert replace(KILLED, code=code, during=None).error().message == f"the kernel {expected}"


def test_the_users_own_kill_is_an_interrupt() -> None:
    """Protects exit code 130."""
    error = replace(KILLED, asked=True).error()
    assert isinstance(error, Interrupted)
    assert error.hint is not None


@pytest.mark.parametrize("ending", [replace(KILLED, answered=False), replace(KILLED, code=NO_SESSION)])
def test_an_end_at_the_start_quotes_the_log(ending: Ending) -> None:
    """Protects from restarting for ever what cannot start, and from hiding why."""
    assert ending.at_start
    error = ending.error()
    assert isinstance(error, KernelDied)
    assert error.hint == "the last it said, in kernel.log:\n  last words"


def test_memory_kills_are_a_count() -> None:
    """Protects the reading of the system's counters, wherever they are."""
    assert count_memory_kills() >= 0


@pytest.mark.parametrize(
    ("code", "cut_after", "what", "said", "hint"),
    [
        (
            3,
            None,
            "predict",
            "ended with exit code 3 during `predict m x`, in predict of plugin",
            "disable mood",
        ),
        (-11, None, "load", "crashed (SIGSEGV) during `predict m x`, in load of plugin", "disable mood"),
        (79, 30.0, "eval", "(hfshell-mood 1.2): it gave no sign of life for 30 s", "patience"),
        (3, None, "hfshell_model_loaded", "in hfshell_model_loaded of plugin", "not told of anything more"),
    ],
)
def test_plugin_that_was_at_work_is_named(
    code: int, cut_after: float | None, what: str, said: str, hint: str
) -> None:
    """Who ended a kernel, or hung in it, stands in the error, with how to be rid of it."""
    plugin = AtWork("mood", "hfshell-mood", "1.2", what, cut_after)
    error = replace(KILLED, code=code, during="predict m x", plugin=plugin).error()
    assert isinstance(error, KernelDied)
    assert said in error.message
    assert hint in str(error.hint)


@pytest.mark.parametrize(
    ("code", "summary", "traceback"),
    [
        (3, "ended the process with exit code 3 in predict", ""),
        (-11, "the process crashed (SIGSEGV) in predict", "last words"),
    ],
)
def test_death_is_the_failure_of_who_was_at_work(code: int, summary: str, traceback: str) -> None:
    """`plugins why` can tell what a plugin did that left no process to tell of it."""
    plugin = AtWork("mood", "hfshell-mood", "1.2", "predict")
    failure = replace(KILLED, code=code, plugin=plugin).failure()
    assert failure is not None
    assert (failure.summary, failure.traceback) == (summary, traceback)


@pytest.mark.parametrize("ending", [replace(KILLED, asked=True), replace(KILLED, plugin=None)])
def test_death_by_the_user_is_no_failure_of_a_plugin(ending: Ending) -> None:
    """Who presses Ctrl-C three times ends the kernel; and where no plugin was at work, none is to blame."""
    at_work = AtWork("mood", "hfshell-mood", "1.2", "predict") if ending.asked else None
    assert replace(ending, plugin=at_work).failure() is None


def test_death_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that finds a kernel dead keeps what its plugin did, where `plugins why` looks."""
    real_popen = subprocess.Popen
    monkeypatch.setattr(
        "hfshell.kernel.child.subprocess.Popen",
        lambda _command, **options: real_popen([sys.executable, "-c", "raise SystemExit(3)"], **options),
    )
    child = KernelChild(tmp_path)
    assert child.wait(30)
    child.answered = True
    Breadcrumb(tmp_path).leave(AtWork("mood", "hfshell-mood", "1.2", "predict"))
    child.ending("predict m x")
    child.release()
    plugin = Discovered("mood", "hfshell.tasks", "m", "hfshell-mood", "1.2")
    failure = failures.read(locate_home().state, plugin)
    assert failure is not None
    assert failure.summary == "ended the process with exit code 3 in predict"
