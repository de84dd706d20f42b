"""One request on its way: events are drawn in order, Ctrl-C climbs, whatever is raised comes out."""

from __future__ import annotations

import io
import json
import signal
import threading
import time
from collections.abc import Callable

import pytest

from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import Message
from hfshell.api.view import Bar, Bars
from hfshell.errors import HfshellError, Interrupted, KernelDied
from hfshell.kernel.events import read_result
from hfshell.render.console import Consoles, make_console
from hfshell.shell.json_screen import JsonScreen
from hfshell.shell.running import run
from hfshell.shell.screen import Screen, explained
from tests.shell.fake_supervisor import FakeSupervisor

Watch = Callable[[SessionEvent], None]
STARTED = CommandStarted("finetune", "router", "router = finetune base d", "<prompt>", 1)


class Page:
    """A screen whose two streams can be read afterwards."""

    def __init__(self, *, debug: bool = False, echo: bool = False) -> None:
        self.stdout, self.stderr = io.StringIO(), io.StringIO()
        consoles = Consoles(make_console(self.stdout, width=80), make_console(self.stderr, width=80))
        self.screen = Screen(consoles, debug=debug, echo=echo)

    def run(self, supervisor: FakeSupervisor, text: str = "models") -> int:
        return run(RunRequest(text, "<prompt>"), supervisor, self.screen)  # type: ignore[arg-type]


def test_results_go_to_stdout_and_the_rest_to_stderr() -> None:
    """A pipe gets results alone."""

    def action(_: RunRequest, watch: Watch) -> int:
        watch(STARTED)
        watch(Progress("finetune", 1, 2))
        watch(Note("worth reading", "warn"))
        watch(CommandFinished(STARTED, 1.0, Message(lines=("done",))))
        return 0

    page = Page(echo=True)
    assert page.run(FakeSupervisor(action)) == 0
    assert page.stdout.getvalue() == "done\n"
    assert "router = finetune base d" in page.stderr.getvalue()
    assert "worth reading" in page.stderr.getvalue()


VIEW = Bars((Bar("billing", 0.94),))


def test_what_is_worth_saying_once_is_said_once() -> None:
    """A notice that the shell and the kernel both have reaches people once; a warning comes each time."""
    page = Page()
    for shown in (page.screen, page.screen.showing(page.screen.consoles)):
        shown.event(Note("a plugin failed", "warn", once=True))
        shown.event(Note("rows were cut", "warn"))
    assert page.stderr.getvalue().count("a plugin failed") == 1
    assert page.stderr.getvalue().count("rows were cut") == 2


def test_a_view_is_what_the_screen_shows() -> None:
    """How a plugin wants its result to look reaches the prompt."""
    page = Page()
    page.screen.event(CommandFinished(STARTED, 1.0, Message(lines=("usual",)), view=VIEW))
    assert page.stdout.getvalue() == "  billing 0.94\n"


def test_objects_hold_no_view(capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` is for programs: it has the result itself, whatever a renderer makes of it."""
    result = Message(lines=("usual",))
    JsonScreen(Page().screen.consoles).event(CommandFinished(STARTED, 1.0, result, view=VIEW))
    said = capsys.readouterr().out
    assert json.loads(said)["result"] == result.to_dict()
    assert "billing" not in said


def test_a_result_of_a_strangers_shows_names_and_values() -> None:
    """What a plugin's command returns is readable in a shell that does not know its type."""
    data = {"schema": 1, "kind": "clusters", "groups": [{"name": "north", "terms": ["snow", "ice"]}]}
    page = Page()
    page.screen.event(CommandFinished(STARTED, 1.0, read_result(data)))
    shown = page.stdout.getvalue()
    assert "snow, ice" in shown
    assert "{" not in shown


def test_the_exit_code_and_the_error_of_a_command() -> None:
    """A failing command is shown, and its code comes back."""

    def action(_: RunRequest, watch: Watch) -> int:
        watch(STARTED)
        watch(CommandFinished(STARTED, 1.0, error=HfshellError("it broke")))
        return 1

    page = Page()
    assert page.run(FakeSupervisor(action)) == 1
    assert "it broke" in page.stderr.getvalue()
    assert page.stdout.getvalue() == ""


def test_tracebacks_are_shown_when_asked_for() -> None:
    """`--debug` shows what an error carries; without it nobody sees a traceback."""
    error = HfshellError("it broke")
    error.detail = "Traceback (most recent call last): …"
    for debug in (True, False):
        page = Page(debug=debug)
        page.screen.error(error)
        assert ("Traceback" in page.stderr.getvalue()) is debug


@pytest.mark.parametrize("debug", [True, False])
def test_objects_hold_tracebacks_only_when_asked_for(capsys: pytest.CaptureFixture[str], debug: bool) -> None:
    """A traceback names folders of this machine; a program's log is no place for it unasked."""
    error = HfshellError("it broke")
    error.detail = "Traceback (most recent call last): …"
    JsonScreen(Page().screen.consoles, debug=debug).event(CommandFinished(STARTED, 1.0, error=error))
    found = json.loads(capsys.readouterr().out)
    assert found["error"]["message"] == "it broke"
    assert bool(found["error"]["detail"]) is debug


@pytest.mark.parametrize(
    ("presses", "levels", "killed"), [(1, [1], False), (2, [1, 2], False), (3, [1, 2], True)]
)
def test_ctrl_c_climbs(presses: int, levels: list[int], killed: bool) -> None:
    """The first asks, the second aborts, the third kills; each says what it did."""
    supervisor = FakeSupervisor()
    pressed = threading.Event()

    def action(_: RunRequest, watch: Watch) -> int:
        watch(STARTED)
        pressed.wait(5)
        return 130

    supervisor.action = action
    page = Page()

    def press() -> None:
        time.sleep(0.1)
        main = threading.main_thread().ident
        assert main is not None
        for count in range(1, presses + 1):
            signal.pthread_kill(main, signal.SIGINT)
            deadline = time.monotonic() + 5
            while len(supervisor.cancelled) + supervisor.killed < count and time.monotonic() < deadline:
                time.sleep(0.01)
        pressed.set()

    thread = threading.Thread(target=press)
    thread.start()
    assert page.run(supervisor) == 130
    thread.join()
    assert supervisor.cancelled == levels
    assert supervisor.killed is killed
    assert len(page.stderr.getvalue().splitlines()) >= presses


def test_ctrl_c_before_the_kernel_answers() -> None:
    """A run that was interrupted while the kernel was starting never begins."""
    supervisor = FakeSupervisor()
    main = threading.main_thread().ident
    assert main is not None

    class Slow(FakeSupervisor):
        def client(self) -> FakeSupervisor:
            signal.pthread_kill(main, signal.SIGINT)
            deadline = time.monotonic() + 5
            while not self.cancelled and time.monotonic() < deadline:
                time.sleep(0.01)
            return self

    supervisor = Slow()
    with pytest.raises(Interrupted):
        Page().run(supervisor)
    assert supervisor.requests == []


def test_ctrl_c_is_pythons_again_afterwards() -> None:
    """The handler of before comes back."""
    before = signal.getsignal(signal.SIGINT)
    Page().run(FakeSupervisor())
    assert signal.getsignal(signal.SIGINT) is before


def test_a_dead_kernel_comes_out_as_an_error() -> None:
    """What the waiting thread meets is raised where the prompt can show it."""

    def action(_: RunRequest, __: Watch) -> int:
        raise KernelDied("the kernel was killed (SIGKILL)")

    with pytest.raises(KernelDied):
        Page().run(FakeSupervisor(action))


def test_a_fault_while_drawing_stops_the_run() -> None:
    """When a result cannot be drawn, the kernel is not left working for nobody."""
    supervisor = FakeSupervisor()

    class Broken(Screen):
        def event(self, _: SessionEvent) -> None:
            raise TypeError("no renderer")

    page = Page()
    with pytest.raises(TypeError):
        run(RunRequest("models"), supervisor, Broken(page.screen.consoles))  # type: ignore[arg-type]
    assert supervisor.cancelled == [1]


def test_what_was_raised_is_explained() -> None:
    """Our errors stay; the system's name the file; all others are our fault, and carry their traceback."""
    ours = HfshellError("x")
    assert explained(ours) is ours
    missing = explained(FileNotFoundError(2, "No such file or directory", "a.csv"))
    assert missing.message == "No such file or directory: a.csv"
    fault = explained(TypeError("no\nway"))
    assert fault.message == "TypeError: no"
    assert "TypeError" in (fault.detail or "")
