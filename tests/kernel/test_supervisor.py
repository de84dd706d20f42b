"""Kernels that die, and what the user is told."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from hfshell.api.events import CommandFinished, Progress, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import Message
from hfshell.errors import HfshellError, Interrupted, KernelDied, StorageError
from hfshell.kernel.supervisor import KernelSupervisor

Supervise = Callable[..., KernelSupervisor]
Until = Callable[..., bool]
IsAlive = Callable[[psutil.Process], bool]


def run(supervisor: KernelSupervisor, text: str) -> tuple[str, ...]:
    events: list[SessionEvent] = []
    supervisor.client().run(RunRequest(text), events.append)
    last = events[-1]
    assert isinstance(last, CommandFinished)
    assert isinstance(last.result, Message)
    return last.result.lines


def test_starting_does_not_wait(supervise: Supervise) -> None:
    """Protects the prompt: it is up before the kernel is."""
    started = time.monotonic()
    supervisor = supervise("SlowSession")
    assert time.monotonic() - started < 0.2
    assert supervisor.state == "starting"
    assert supervisor.client().welcome.pid == supervisor.pid
    assert run(supervisor, "echo warm") == ("warm",)
    assert supervisor.state == "idle"
    assert supervisor.restarts == 0


def test_a_kernel_listens_before_its_session_is_made(supervise: Supervise, until: Until) -> None:
    """Protects the status line: a kernel that imports torch answers that it is starting."""
    supervisor = supervise("SlowSession")
    answer = supervisor.client().status()
    assert answer is not None
    assert answer.state == "starting"
    assert answer.memory_used > 2**20
    assert supervisor.names() == ()
    assert until(lambda: supervisor.state == "idle")


def test_a_library_that_does_not_preload_is_in_the_log(
    supervise: Supervise, until: Until, folder: Path
) -> None:
    """Protects the session from a failing preload, which the first command will report better."""
    supervisor = supervise("ColdSession")
    assert run(supervisor, "echo needs no model") == ("needs no model",)
    assert supervisor.state == "idle", "it ran something, whatever it imports behind that"
    assert until(lambda: "a library that cannot be loaded" in (folder / "kernel.log").read_text())


def test_a_cancel_ends_a_run_that_waits_for_the_session(supervise: Supervise) -> None:
    """Protects Ctrl-C while the kernel still starts: the prompt is back at once."""
    supervisor = supervise("SlowSession")
    supervisor.client()
    threading.Timer(0.1, supervisor.cancel, [1]).start()
    started = time.monotonic()
    with pytest.raises(Interrupted):
        run(supervisor, "echo later")
    assert time.monotonic() - started < 0.5


def test_kill_9_in_the_middle_names_the_command_and_starts_another(supervise: Supervise) -> None:
    """Protects the session from the out-of-memory killer: said, restarted, names known."""
    supervisor = supervise()
    run(supervisor, "name tickets")
    victim = supervisor.pid
    assert victim is not None

    def watch(event: SessionEvent) -> None:
        if isinstance(event, Progress) and event.done == 3:
            os.kill(victim, signal.SIGKILL)

    with pytest.raises(KernelDied) as death:
        supervisor.client().run(RunRequest("echo first\nsteps 1000"), watch)
    assert death.value.message == "the kernel was killed (SIGKILL) during `steps 1000`"
    assert death.value.hint == "it is starting again; names are reloaded on their next mention"
    assert supervisor.pid not in (victim, None)
    assert supervisor.restarts == 1
    assert supervisor.status().restarts == 1
    assert run(supervisor, "echo again") == ("again",)
    names = supervisor.names()
    assert names is not None
    assert [name.name for name in names] == ["tickets"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("segfault", "the kernel crashed (SIGSEGV) during `segfault`"),
        (f"signal {int(signal.SIGABRT)}", "the kernel crashed (SIGABRT) during `signal 6`"),
        ("leave 3", "the kernel ended with exit code 3 during `leave 3`"),
        ("leave 0", "the kernel ended with exit code 0 during `leave 0`"),
    ],
)
def test_each_way_to_die_is_named(supervise: Supervise, folder: Path, text: str, message: str) -> None:
    """Protects the user from guessing: signal or exit code, command, log."""
    supervisor = supervise()
    with pytest.raises(KernelDied) as death:
        run(supervisor, text)
    assert death.value.message == message
    assert death.value.hint is not None
    assert str(folder / "kernel.log") in death.value.hint
    if text == "segfault":
        assert "Segmentation fault" in (folder / "kernel.log").read_text()
        assert "do_segfault" in (folder / "kernel.log").read_text()
    assert run(supervisor, "echo on") == ("on",)


def test_a_long_command_is_cut_in_the_message(supervise: Supervise) -> None:
    """Protects the error's one line from a pasted text."""
    supervisor = supervise()
    with pytest.raises(KernelDied) as death:
        run(supervisor, "leave " + "0" * 500)
    assert len(death.value.message) < 130


def test_a_kernel_that_died_while_idle_comes_back(supervise: Supervise, until: Until) -> None:
    """Protects the next line after a death that nobody watched."""
    supervisor = supervise()
    victim = psutil.Process(supervisor.client().welcome.pid)
    victim.kill()
    assert until(lambda: supervisor.state == "dead")
    death = supervisor.take_death()
    assert isinstance(death, KernelDied)
    assert death.message == "the kernel was killed (SIGKILL)"
    assert supervisor.take_death() is None
    assert run(supervisor, "echo back") == ("back",)
    assert supervisor.pid is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    assert until(lambda: supervisor.state == "dead")
    assert run(supervisor, "echo without asking") == ("without asking",)
    assert isinstance(supervisor.take_death(), KernelDied)
    assert supervisor.restarts == 2


def test_a_kernel_that_cannot_start_says_why(supervise: Supervise) -> None:
    """Protects from a silent prompt: the last lines of the log are quoted, and nothing loops."""
    supervisor = supervise("BrokenSession")
    for _ in range(2):
        with pytest.raises(KernelDied) as death:
            run(supervisor, "echo x")
        assert death.value.message == "the kernel did not start: it ended with exit code 78"
        assert death.value.hint is not None
        assert "ImportError: no module that would be needed" in death.value.hint
        assert supervisor.pid is None


def test_a_kernel_that_dies_before_it_listens_says_why(supervise: Supervise) -> None:
    """Protects from waiting for a socket that never comes."""
    supervisor = supervise("FakeSession", "--no-such-option")
    started = time.monotonic()
    with pytest.raises(KernelDied) as death:
        supervisor.client()
    assert time.monotonic() - started < 5
    assert "exit code 2" in death.value.message
    assert death.value.hint is not None
    assert "--no-such-option" in death.value.hint


def test_only_this_kernels_words_are_quoted(supervise: Supervise, folder: Path) -> None:
    """Protects from blaming yesterday's error."""
    folder.mkdir()
    (folder / "kernel.log").write_text("yesterday's traceback\n")
    supervisor = supervise("FakeSession", "--no-such-option")
    with pytest.raises(KernelDied) as death:
        supervisor.client()
    assert death.value.hint is not None
    assert "yesterday" not in death.value.hint
    assert "yesterday" in (folder / "kernel.log").read_text()


def test_a_large_log_is_cut_when_a_kernel_starts(supervise: Supervise, folder: Path) -> None:
    """Protects the disk from years of warnings."""
    folder.mkdir()
    (folder / "kernel.log").write_text("an old line\n" * 200_000)
    supervisor = supervise()
    run(supervisor, "print a new line")
    text = (folder / "kernel.log").read_text()
    assert len(text) < 70_000
    assert text.startswith("an old line\n")
    assert text.endswith("a new line\n")


def test_modes_keep_others_out(supervise: Supervise, folder: Path) -> None:
    """Protects models and data from other users of the machine."""
    folder.mkdir(mode=0o755)
    supervisor = supervise()
    supervisor.client()
    assert supervisor.socket == folder / "kernel.sock"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"kernel": 0o700, "kernel.sock": 0o600, "kernel.log": 0o600}


def test_a_long_path_gets_a_short_socket(supervise: Supervise, folder: Path) -> None:
    """Protects homes whose path a socket's address cannot hold."""
    deep = folder / ("x" * 60) / ("é" * 40)
    supervisor = supervise(state=deep)
    assert run(supervisor, "echo reached") == ("reached",)
    socket = supervisor.socket
    assert socket is not None
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert (deep / "kernel.log").exists()
    supervisor.stop()
    assert not socket.parent.exists()


def test_a_folder_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    """Protects from a traceback when the home is broken."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as refusal:
        KernelSupervisor(tmp_path / "file" / "kernel").start()
    assert refusal.value.hint is not None


def test_the_kernel_stands_apart_from_terminal_and_folder(
    supervise: Supervise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects from the terminal's signals, and from importing what lies in the current folder."""
    (tmp_path / "hfshell.py").write_text("raise SystemExit('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    supervisor = supervise("FakeSession", "--no-plugins")
    assert run(supervisor, "surroundings") == (str(tmp_path), "False", "None", "False")
    assert supervisor.pid is not None
    assert os.getsid(supervisor.pid) == supervisor.pid
    assert run(supervisor, f"signal {int(signal.SIGINT)}") == ("still here",)


def test_stopping_is_graceful_when_idle(supervise: Supervise, folder: Path) -> None:
    """Protects the session's own goodbye."""
    supervisor = supervise()
    run(supervisor, "echo x")
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 1
    assert (folder / "closed").exists()
    assert supervisor.state == "dead"
    assert not list(folder.glob("*.sock*"))
    supervisor.stop()


def test_stopping_a_wedged_kernel_takes_two_seconds_at_most(
    supervise: Supervise, until: Until, is_alive: IsAlive
) -> None:
    """Protects the way out: asked, told, killed; and the helpers of the command go too."""
    supervisor = supervise()
    helper = psutil.Process(int(run(supervisor, "spawn")[0]))
    failures: list[HfshellError] = []

    def wedge() -> None:
        try:
            supervisor.client().run(RunRequest("wedge"), lambda _: None)
        except HfshellError as error:
            failures.append(error)

    thread = threading.Thread(target=wedge)
    thread.start()
    assert until(lambda: supervisor.state == "busy")
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 2.2
    thread.join()
    assert isinstance(failures[0], Interrupted)
    assert until(lambda: not is_alive(helper))


def test_stopping_at_once_after_starting(supervise: Supervise) -> None:
    """Protects Ctrl-D at a prompt whose kernel still imports."""
    for session in ("FakeSession", "SlowSession"):
        supervisor = supervise(session)
        started = time.monotonic()
        supervisor.stop()
        assert time.monotonic() - started < 0.5
        supervisor.start()
        supervisor.client()
        started = time.monotonic()
        supervisor.stop()
        assert time.monotonic() - started < 0.5


def test_restarting_keeps_names_and_nothing_else(supervise: Supervise) -> None:
    """Protects `kernel restart`."""
    supervisor = supervise()
    run(supervisor, "name tickets")
    before = supervisor.pid
    supervisor.restart()
    assert supervisor.restarts == 1
    assert run(supervisor, "echo again") == ("again",)
    assert supervisor.pid != before
    names = supervisor.names()
    assert names is not None
    assert names[0].name == "tickets"
    assert supervisor.take_death() is None


def test_children_of_a_killed_kernel_go_with_it(
    supervise: Supervise, until: Until, is_alive: IsAlive
) -> None:
    """Protects the machine from data workers of a kernel that is gone."""
    supervisor = supervise()
    helper = psutil.Process(int(run(supervisor, "spawn")[0]))
    assert helper.is_running()
    assert supervisor.pid is not None
    os.kill(supervisor.pid, signal.SIGKILL)
    assert until(lambda: supervisor.state == "dead")
    assert until(lambda: not is_alive(helper))


def test_kill_9_at_many_moments(supervise: Supervise) -> None:
    """Protects restarts at any moment: while starting, connecting, running, answering, ending."""
    supervisor = supervise()
    deaths = 0
    for trial in range(12):
        supervisor.start()
        victim = psutil.Process(supervisor.pid)
        timer = threading.Timer(0.03 * trial, victim.kill)
        timer.start()
        try:
            supervisor.client().run(RunRequest("steps 20"), lambda _: None)
        except KernelDied as death:
            deaths += "SIGKILL" in death.message
        timer.join()
        victim.wait(5)
        deaths += supervisor.take_death() is not None
    assert deaths == 12
    assert run(supervisor, "echo still here") == ("still here",)


def test_the_shell_side_holds_no_heavy_library() -> None:
    """Protects the start of the prompt, and the shell from what kills a kernel."""
    code = (
        "import sys, hfshell.kernel.client, hfshell.kernel.supervisor, hfshell.kernel.interrupts\n"
        "names = {name.partition('.')[0] for name in sys.modules} | set(sys.modules)\n"
        "print(sorted(names & {'torch', 'transformers', 'numpy', 'datasets', 'psutil', 'rich',"
        " 'hfshell.session', 'hfshell.kernel.process'}))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
