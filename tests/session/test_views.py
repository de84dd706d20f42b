"""How a plugin wants a result to look: found by kind and task, and never at the price of the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from hfshell import Session
from hfshell.api import CommandSpec, RendererSpec, TaskSpec, hookimpl
from hfshell.api.events import CommandFinished, Note, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import Message, PredictionResult, Result
from hfshell.api.view import Bar, Bars, Line, View
from hfshell.errors import PluginError

VIEW = Bars((Bar("billing", 0.94),))
MODULE = "views_of_a_stranger"
HELLO = ("hello",)
PREDICTIONS = PredictionResult(model="m", task="stars", rows=(), inputs=(), seconds=0.1)


@dataclass(frozen=True, kw_only=True)
class Greeting(Result):
    """A result of a plugin's own."""

    kind: ClassVar[str] = "greeting"
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class NoOptions:
    """A command without options."""


class Renderers:
    """A plugin that gives renderers."""

    def __init__(self, *specs: RendererSpec) -> None:
        self._specs = specs

    @hookimpl
    def hfshell_renderers(self) -> list[RendererSpec]:
        """Give them."""
        return list(self._specs)


class Stranger(Renderers):
    """A plugin that gives tasks and a command besides."""

    @hookimpl
    def hfshell_tasks(self) -> list[TaskSpec]:
        """Give two, which nobody uses here."""
        return [TaskSpec(name=name, summary="Any", target=f"{MODULE}:Task") for name in ("stars", "third")]

    @hookimpl
    def hfshell_commands(self) -> list[CommandSpec]:
        """Give one that says hello."""
        return [CommandSpec(name="greet", summary="Say hello", options=NoOptions, target=f"{MODULE}:greet")]


Show = Callable[[Any], Any]
Given = Callable[..., Session]


@pytest.fixture
def session_with(monkeypatch: pytest.MonkeyPatch) -> Iterator[Given]:
    """Makes a session with a plugin whose renderers are the functions given, by kind and task."""
    sessions: list[Session] = []

    def made(functions: dict[tuple[str, str | None], Show]) -> Session:
        module = ModuleType(MODULE)
        module.greet = lambda _context, _options: Greeting(lines=HELLO)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
        specs = []
        for number, ((kind, task), function) in enumerate(functions.items()):
            setattr(module, f"show{number}", function)
            specs.append(RendererSpec(kind=kind, target=f"{module.__name__}:show{number}", task=task))
        session = Session()
        session.plugins.use(Stranger(*specs), "views")
        sessions.append(session)
        return session

    yield made
    for session in sessions:
        session.close()


def run(session: Session, text: str) -> tuple[list[CommandFinished], list[str]]:
    """Run a script; return what ended, and the warnings on the way."""
    events: list[SessionEvent] = []
    session.execute(RunRequest(text), events.append)
    finished = [event for event in events if isinstance(event, CommandFinished)]
    return finished, [event.text for event in events if isinstance(event, Note) and event.severity == "warn"]


def test_a_result_comes_with_its_view(session_with: Given) -> None:
    """The renderer gets the result, and its view goes out beside it; other kinds go without."""

    def lines(greeting: Greeting) -> View:
        return Line(greeting.lines)

    session = session_with({("greeting", None): lines})
    finished, warnings = run(session, "greet\nlet a = 1")
    assert [event.view for event in finished] == [Line(("hello",)), None]
    assert finished[0].result == Greeting(lines=HELLO)
    assert warnings == []


def test_the_renderer_of_the_task_comes_first(session_with: Given) -> None:
    """A task's own renderer beats one of all tasks, whichever was declared first; others' are not asked."""
    session = session_with(
        {
            ("predictions", None): lambda _: Line(("any",)),
            ("predictions", "stars"): lambda _: Line(("stars",)),
            ("predictions", "other"): lambda _: Line(("other",)),
        }
    )
    assert session.view_of(PREDICTIONS) == Line(("stars",))
    assert session.view_of(replace(PREDICTIONS, task="third")) == Line(("any",))
    assert session.view_of(Greeting()) is None


def test_a_renderer_may_want_the_usual_way(session_with: Given) -> None:
    """None is no failure."""
    finished, warnings = run(session_with({("greeting", None): lambda _: None}), "greet")
    assert (finished[0].view, warnings) == (None, [])


@pytest.mark.parametrize(
    "result", [Message(lines=HELLO), replace(PREDICTIONS, task="text-classification"), PREDICTIONS]
)
def test_how_the_results_of_others_look_is_not_a_plugins_to_say(session_with: Given, result: Result) -> None:
    """A renderer of all tasks shows those of its own package; hfshell's results stay as they are."""
    session = session_with({(result.kind, None): lambda _: VIEW})
    own = getattr(result, "task", None) == "stars"
    assert session.view_of(result) == (VIEW if own else None)


def boom(_: Result) -> View:
    """A renderer with a bug."""
    raise ZeroDivisionError("division\nby zero")


def leave(_: Result) -> View:
    """A renderer that ends the program."""
    sys.exit(3)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (boom, "ZeroDivisionError"),
        (leave, "SystemExit"),
        (lambda _: "text", "a view is a Line"),
        (lambda _: Line("text"), "spans"),
        (lambda _: Line(("",) * 30_000), "20,000"),
        ("no function", "not callable"),
    ],
)
def test_a_failing_renderer_costs_a_note(session_with: Given, function: Show, said: str) -> None:
    """The result is there, the command has succeeded, and one line names the renderer and its fault."""
    session = session_with({("greeting", None): function})
    finished, warnings = run(session, "a = greet")
    assert finished[0].result == Greeting(lines=HELLO)
    assert finished[0].error is None
    assert finished[0].view is None
    assert "a" in session.names
    (warning,) = warnings
    assert "greeting" in warning
    assert said in warning
    assert "\n" not in warning


def test_a_renderer_that_is_not_there_is_an_error_that_names_it(session_with: Given) -> None:
    """A target that cannot be imported is told like any other failure."""
    session = session_with({})
    session.plugins.use(Renderers(RendererSpec(kind="greeting", target=f"{MODULE}:gone")), "more")
    with pytest.raises(PluginError, match=r"greeting.*gone"):
        session.view_of(Greeting())


def test_views_carry_python_s_own_types_alone(session_with: Given) -> None:
    """What goes out was made anew: no object of the plugin's is kept."""

    class Sly(Line):
        """A line with something behind it."""

    session = session_with({("greeting", None): lambda _: Sly(["a"])})
    view = session.view_of(Greeting())
    assert view is not None
    assert type(view) is Line
    assert view.spans == ("a",)


def test_redirects_show_the_view_in_formats_for_people(session_with: Given, tmp_path: Path) -> None:
    """`> file.md` has the view, `> file.json` the result, for which no renderer is asked."""
    asked: list[Result] = []

    def bars(result: Result) -> View:
        asked.append(result)
        return VIEW

    session = session_with({("greeting", None): bars})
    run(session, f"greet > {tmp_path / 'a.md'}\ngreet > {tmp_path / 'a.json'}")
    assert "| billing | 0.94 |" in (tmp_path / "a.md").read_text()
    assert "hello" not in (tmp_path / "a.md").read_text()
    assert "hello" in (tmp_path / "a.json").read_text()
    assert len(asked) == 1
