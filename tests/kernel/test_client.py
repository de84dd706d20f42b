"""Running, cancelling and asking, against a real kernel process."""

from __future__ import annotations

import math
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import LabelScore, Message, PredictionResult
from hfshell.errors import DataError, HfshellError, Interrupted, KernelDied, Place, Refused, UsageError
from hfshell.kernel.client import KernelClient, connect
from hfshell.kernel.events import ForeignResult
from hfshell.kernel.supervisor import KernelSupervisor

Supervise = Callable[..., KernelSupervisor]
Until = Callable[..., bool]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelClient]:
    """A client of a kernel that the tests of this file share, for they leave it as it was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent))
        folder = tmp_path_factory.mktemp("shared")
        supervisor = KernelSupervisor(folder, ["--session-factory", "fake_session:FakeSession"])
        with supervisor:
            yield supervisor.client()
            assert supervisor.restarts == 0


def run(client: KernelClient, text: str) -> tuple[int, list[SessionEvent]]:
    events: list[SessionEvent] = []
    return client.run(RunRequest(text), events.append), events


def finished(events: list[SessionEvent]) -> CommandFinished:
    last = events[-1]
    assert isinstance(last, CommandFinished)
    return last


def lines(events: list[SessionEvent]) -> tuple[str, ...]:
    result = finished(events).result
    assert isinstance(result, Message)
    return result.lines


def test_a_request_gives_its_events_in_order_and_its_exit_code(client: KernelClient) -> None:
    """Protects the path of every line: started, progress, finished, exit code."""
    code, events = run(client, "echo é 日本\nsteps 3")
    assert code == 0
    assert [type(event) for event in events] == [
        CommandStarted, CommandFinished, CommandStarted, Progress, Progress, Progress, CommandFinished,
    ]  # fmt: skip
    assert lines(events[:2]) == ("é 日本",)
    assert events[3] == Progress("finetune", 0, 3)


def test_watch_is_called_on_the_callers_thread(client: KernelClient) -> None:
    """Protects the screen, which one thread draws."""
    threads = set()
    client.run(RunRequest("steps 2"), lambda _: threads.add(threading.current_thread()))
    assert threads == {threading.current_thread()}


def test_errors_cross_whole(client: KernelClient) -> None:
    """Protects class, place, hint and exit code of a command's error."""
    code, events = run(client, "fail")
    error = finished(events).error
    assert code == 1
    assert isinstance(error, DataError)
    assert error.place == Place("rows.csv", 7, 3, 2, "a,b,c")
    assert error.hint == "a stray comma?"
    code, events = run(client, "refuse")
    refusal = finished(events).error
    assert code == 4
    assert isinstance(refusal, Refused)
    assert refusal.guard == "labels"


def test_a_fault_of_the_session_is_an_error_not_an_end(supervise: Supervise, folder: Path) -> None:
    """Protects the kernel from the session's own bugs; the traceback is in the log."""
    client = supervise().client()
    with pytest.raises(HfshellError, match="the session failed: KeyError: ") as failure:
        run(client, "bug")
    assert "\n" not in failure.value.message
    assert run(client, "echo on")[0] == 0
    assert "Traceback" in (folder / "kernel.log").read_text()


def test_numbers_that_are_not_finite_arrive_as_missing(client: KernelClient) -> None:
    """Protects a run from ending because its loss was NaN."""
    code, events = run(client, "nan")
    progress, result = events[1], finished(events).result
    assert code == 0
    assert isinstance(progress, Progress)
    assert progress.loss is None
    assert math.isnan(progress.metrics["accuracy"])
    assert isinstance(result, PredictionResult)
    assert result.rows == ([{"label": "a", "score": None}],)
    assert LabelScore("a", 0.5).label == "a"


def test_a_plugins_result_stays_exact(client: KernelClient) -> None:
    """Protects results of types that only the kernel knows."""
    code, events = run(client, "tagged")
    result = finished(events).result
    assert code == 0
    assert isinstance(result, ForeignResult)
    assert result.to_dict() == {"schema": 1, "kind": "tagged", "guards": [], "tags": ["PER", "LOC"]}


def test_a_result_that_json_cannot_hold_is_an_error(client: KernelClient) -> None:
    """Protects from a result that silently never arrives: exit 1, and who is to blame."""
    code, events = run(client, "opaque")
    error = finished(events).error
    assert code == 1
    assert error is not None
    assert error.message.startswith("the result cannot be shown: TypeError")
    assert error.hint is not None
    assert "'predictions'" in error.hint
    assert run(client, "echo on")[0] == 0


def test_a_result_over_64_mib_is_an_error(client: KernelClient) -> None:
    """Protects the shell's memory, and says what came of the result."""
    code, events = run(client, f"huge {65 * 2**20}")
    error = finished(events).error
    assert code == 1
    assert error is not None
    assert error.message == "the result is 65 MiB, more than the 64 MiB that can be shown"
    assert run(client, "echo on")[0] == 0


def test_a_text_over_64_mib_is_refused_before_it_is_sent(client: KernelClient) -> None:
    """Protects the kernel, which would hang up on it."""
    with pytest.raises(UsageError, match="the text is 65 MiB"):
        run(client, "echo " + "x" * 65 * 2**20)
    assert run(client, "echo on")[0] == 0


def test_text_that_is_not_unicode(client: KernelClient) -> None:
    """Protects from changing a line's text on its way; what only shows is escaped instead."""
    with pytest.raises(UsageError, match="not UTF-8") as refusal:
        run(client, "echo caf\udce9")
    assert refusal.value.hint == "byte 0xe9 stands in it"
    code, events = run(client, "surrogate")
    assert code == 0
    assert events[1] == Note("caf\\udce9.csv")
    assert lines(events) == ("caf\\udce9.csv",)
    code, events = run(client, "surrogate fail")
    assert code == 1
    assert finished(events).error is not None


def test_the_first_cancel_lets_a_step_finish(client: KernelClient) -> None:
    """Protects level 1: the token is set, the command ends by itself."""
    events: list[SessionEvent] = []

    def watch(event: SessionEvent) -> None:
        events.append(event)
        if isinstance(event, Progress) and event.done == 2:
            client.cancel(1)

    assert client.run(RunRequest("steps 1000"), watch) == 130
    error = finished(events).error
    assert isinstance(error, Interrupted)
    assert error.message.startswith("stopped after step")


def test_the_second_cancel_aborts(client: KernelClient) -> None:
    """Protects level 2: a command that does not look at its token is ended."""
    events: list[SessionEvent] = []

    def watch(event: SessionEvent) -> None:
        events.append(event)
        if isinstance(event, Progress):
            client.cancel(1)
            client.cancel(2)

    assert client.run(RunRequest("stubborn"), watch) == 130
    assert str(finished(events).error) == "aborted"
    assert run(client, "echo on")[0] == 0


def test_a_watch_that_raises_cancels_the_run(client: KernelClient, until: Until) -> None:
    """Protects from a training run that nobody watches any more (`hfshell … | head`)."""

    def watch(event: SessionEvent) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        client.run(RunRequest("steps 5000"), watch)
    assert not client.busy
    started = time.monotonic()
    assert run(client, "echo next")[0] == 0
    assert time.monotonic() - started < 2


def test_status_and_names_are_answered_while_a_command_runs(supervise: Supervise) -> None:
    """Protects toolbar and completion from waiting for a training run."""
    client = supervise().client()
    run(client, "name tickets")
    seen = []

    def watch(event: SessionEvent) -> None:
        if isinstance(event, Progress) and event.done == 5:
            seen.append((client.status(), client.names()))

    client.run(RunRequest("steps 20"), watch)
    ((status, names),) = seen
    assert status is not None
    assert (status.state, status.pid, status.device) == ("busy", client.welcome.pid, "cpu")
    assert names is not None
    assert [name.name for name in names] == ["tickets"]
    after = client.status()
    assert after is not None
    assert after.state == "idle"


def test_status_says_what_runs_and_for_how_long(supervise: Supervise) -> None:
    """Protects the toolbar: what another client runs is seen, what waits is counted, secrets are masked."""
    supervisor = supervise()
    owner = supervisor.client()
    assert supervisor.socket is not None
    guest = connect(supervisor.socket)
    seen = []
    waiting = threading.Thread(target=lambda: run(guest, "echo next"))

    def watch(event: SessionEvent) -> None:
        if isinstance(event, Progress) and event.done == 5:
            waiting.start()
        if isinstance(event, Progress) and event.done == 19:
            seen.append(guest.status())

    owner.run(RunRequest("steps 20 --token=abc"), watch)
    waiting.join()
    (status,) = seen
    assert status is not None
    assert status.running == "steps 20 --token=***"
    assert 0 < status.running_seconds < 60
    assert status.waiting == 1
    after = guest.status()
    guest.close()
    assert after is not None
    assert (after.running, after.waiting) == ("", 0)


def test_an_answer_that_does_not_come_is_not_waited_for(client: KernelClient) -> None:
    """Protects the prompt from a kernel whose interpreter is held by an import."""
    kernel = psutil.Process(client.welcome.pid)
    kernel.suspend()  # nothing in it can answer
    try:
        while kernel.status() != psutil.STATUS_STOPPED:
            time.sleep(0.01)
        started = time.monotonic()
        assert client.status() is None
        assert client.names() is None
        assert time.monotonic() - started < 0.6
    finally:
        kernel.resume()
    assert run(client, "echo late answers are dropped")[0] == 0


def test_a_client_that_does_not_read_holds_nobody_up(client: KernelClient) -> None:
    """Protects a command from a stopped shell: progress is left out, the rest arrives."""
    counted: list[SessionEvent] = []

    def watch(event: SessionEvent) -> None:
        if not counted:
            time.sleep(0.5)
        counted.append(event)

    assert client.run(RunRequest("flood 20000"), watch) == 0
    assert lines(counted) == ("flooded",)


def test_two_clients_at_once(supervise: Supervise) -> None:
    """Protects attached shells: one session, runs one after another, to each its own events."""
    supervisor = supervise()
    owner = supervisor.client()
    assert supervisor.socket is not None
    guest = connect(supervisor.socket)
    seen: dict[str, list[SessionEvent]] = {"owner": [], "guest": []}

    def work(name: str, client: KernelClient) -> None:
        for _ in range(5):
            client.run(RunRequest(f"echo {name}\nsteps 3"), seen[name].append)

    threads = [threading.Thread(target=work, args=pair) for pair in (("owner", owner), ("guest", guest))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, events in seen.items():
        texts = {event.text for event in events if isinstance(event, CommandStarted)}
        assert texts == {f"echo {name}", "steps 3"}
        assert sum(isinstance(event, CommandFinished) for event in events) == 10
    run(owner, "name shared")
    names = guest.names()
    assert names is not None
    assert names[0].name == "shared"
    guest.close()
    assert run(owner, "echo the owner stays")[0] == 0


def test_a_cancel_reaches_the_clients_own_run_only(supervise: Supervise, until: Until) -> None:
    """Protects one shell's training from another shell's Ctrl-C, and ends what waits at once."""
    supervisor = supervise()
    owner = supervisor.client()
    assert supervisor.socket is not None
    guest = connect(supervisor.socket)
    outcome: list[object] = []

    def wait_in_the_queue() -> None:
        try:
            guest.run(RunRequest("echo never"), outcome.append)
        except Interrupted as error:
            outcome.append(error)

    def watch(event: SessionEvent) -> None:
        if isinstance(event, Progress) and event.done == 5:
            thread.start()
            assert until(lambda: guest.busy)
            time.sleep(0.05)
            guest.cancel(1)
            thread.join()

    thread = threading.Thread(target=wait_in_the_queue)
    events: list[SessionEvent] = []
    assert owner.run(RunRequest("steps 30"), lambda event: (events.append(event), watch(event))[0]) == 0  # type: ignore[func-returns-value]
    assert lines(events) == ("all steps",)
    assert isinstance(outcome.pop(), Interrupted)
    assert not outcome
    guest.close()


def test_a_guest_that_leaves_takes_its_run_along(supervise: Supervise) -> None:
    """Protects the owner from waiting for the run of a process that is gone."""
    supervisor = supervise()
    owner = supervisor.client()
    code = (
        "import sys; from pathlib import Path; from hfshell.kernel.client import connect\n"
        "from hfshell.api.requests import RunRequest; import os\n"
        "connect(Path(sys.argv[1])).run(RunRequest('steps 6000'), lambda event: os._exit(9))"
    )
    assert subprocess.run([sys.executable, "-c", code, str(supervisor.socket)], check=False).returncode == 9
    started = time.monotonic()
    assert run(owner, "echo free")[0] == 0
    assert time.monotonic() - started < 2


def test_a_guest_is_told_when_the_kernel_goes(supervise: Supervise) -> None:
    """Protects an attached shell from waiting for ever."""
    supervisor = supervise()
    supervisor.client()
    assert supervisor.socket is not None
    guest = connect(supervisor.socket)
    threading.Timer(0.1, supervisor.stop).start()
    with pytest.raises((KernelDied, Interrupted)):
        run(guest, "wedge")
    with pytest.raises(KernelDied, match="went away during `echo x`"):
        run(guest, "echo x")
    assert guest.status() is None
    guest.close()


def test_nobody_listens(folder: Path) -> None:
    """Protects `attach` from a socket that is not there."""
    with pytest.raises(OSError):
        connect(folder / "kernel.sock")
