"""How a plugin wants a result to look: found by kind and task, and never at the price of the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hfshell import Session
from hfshell.api import RendererSpec, hookimpl
from hfshell.api.events import CommandFinished, Note, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import Message, PredictionResult, Result
from hfshell.api.view import Bar, Bars, Line, View
from hfshell.errors import PluginError

VIEW = Bars((Bar("billing", 0.94),))
PREDICTIONS = PredictionResult(model="m", task="stars", rows=(), inputs=(), seconds=0.1)


class Renderers:
    """A plugin that gives renderers."""

    def __init__(self, *specs: RendererSpec) -> None:
        self._specs = specs

    @hookimpl
    def hfshell_renderers(self) -> list[RendererSpec]:
        """Give them."""
        return list(self._specs)


Show = Callable[[Any], Any]
Given = Callable[..., Session]


@pytest.fixture
def session_with(monkeypatch: pytest.MonkeyPatch) -> Iterator[Given]:
    """Makes a session with a plugin whose renderers are the functions given, by kind and task."""
    sessions: list[Session] = []

    def made(functions: dict[tuple[str, str | None], Show]) -> Session:
        module = ModuleType("views_of_a_stranger")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        specs = []
        for number, ((kind, task), function) in enumerate(functions.items()):
            setattr(module, f"show{number}", function)
            specs.append(RendererSpec(kind=kind, target=f"{module.__name__}:show{number}", task=task))
        session = Session()
        session.plugins.use(Renderers(*specs), "views")
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

    def lines(message: Message) -> View:
        return Line(message.lines)

    session = session_with({("message", None): lines})
    finished, warnings = run(session, "echo hello\nlet a = 1")
    assert [event.view for event in finished] == [Line(("hello",)), None]
    assert finished[0].result == Message(lines=("hello",))
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
    assert session.view_of(Message(lines=())) is None


def test_a_renderer_may_want_the_usual_way(session_with: Given) -> None:
    """None is no failure."""
    finished, warnings = run(session_with({("message", None): lambda _: None}), "echo hello")
    assert (finished[0].view, warnings) == (None, [])


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
    session = session_with({("message", None): function})
    finished, warnings = run(session, "a = echo hello")
    assert finished[0].result == Message(lines=("hello",))
    assert finished[0].error is None
    assert finished[0].view is None
    assert "a" in session.names
    (warning,) = warnings
    assert "message" in warning
    assert said in warning
    assert "\n" not in warning


def test_a_renderer_that_is_not_there_is_an_error_that_names_it(session_with: Given) -> None:
    """A target that cannot be imported is told like any other failure."""
    session = session_with({})
    session.plugins.use(Renderers(RendererSpec(kind="message", target="views_of_a_stranger:gone")), "more")
    with pytest.raises(PluginError, match=r"message.*gone"):
        session.view_of(Message(lines=()))


def test_views_carry_python_s_own_types_alone(session_with: Given) -> None:
    """What goes out was made anew: no object of the plugin's is kept."""

    class Sly(Line):
        """A line with something behind it."""

    session = session_with({("message", None): lambda _: Sly(["a"])})
    view = session.view_of(Message(lines=()))
    assert view is not None
    assert type(view) is Line
    assert view.spans == ("a",)


def test_redirects_show_the_view_in_formats_for_people(session_with: Given, tmp_path: Path) -> None:
    """`> file.md` has the view, `> file.json` the result, for which no renderer is asked."""
    asked: list[Result] = []

    def bars(result: Result) -> View:
        asked.append(result)
        return VIEW

    session = session_with({("message", None): bars})
    run(session, f"echo hello > {tmp_path / 'a.md'}\necho hello > {tmp_path / 'a.json'}")
    assert "| billing | 0.94 |" in (tmp_path / "a.md").read_text()
    assert "hello" not in (tmp_path / "a.md").read_text()
    assert "hello" in (tmp_path / "a.json").read_text()
    assert len(asked) == 1
