"""Where typed lines go."""

from __future__ import annotations

import pytest

from hfshell.commands.table import CommandTable
from hfshell.errors import SyntaxFault, UsageError
from hfshell.plugin_host import PluginHost
from hfshell.shell.questions import Question
from hfshell.shell.route import Kernel, Leave, Local, Nothing, Piped, Route, System, route


def routed(text: str, plugins: PluginHost) -> Route:
    """Route a text while only `ev` and `router` are bound."""
    return route(text, CommandTable(plugins), lambda name: name in {"ev", "router"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Nothing()),
        ("  # only this", Nothing()),
        ("!ls -l | wc", System("ls -l | wc")),
        ("!", Nothing()),
        ("exit", Leave(0)),
        ("exit 3", Leave(3)),
        ("models", Kernel("models", single=True)),
        ("x = history", Kernel("x = history", single=True)),
        ("history > lines.txt", Kernel("history > lines.txt", single=True)),
        ("help $name", Kernel("help $name", single=True)),
        ("- exit 1", Kernel("- exit 1", single=True)),
        ("models\nexit 1", Kernel("models\nexit 1")),
        ("ev", Kernel("show ev")),
        (" ev.accuracy ", Kernel("show ev.accuracy")),
        ("models | grep base", Piped("models ", "grep base")),
        ("predict router 'a | b' | head -1", Piped("predict router 'a | b' ", "head -1")),
    ],
)
def test_where_a_line_goes(plugins: PluginHost, text: str, expected: Route) -> None:
    """Each kind of line has one way."""
    assert routed(text, plugins) == expected


@pytest.mark.parametrize("text", ["help", "history --n 3", "plugins", "kernel", "check x.hfsh"])
def test_local_commands_stay_here(plugins: PluginHost, text: str) -> None:
    """What needs no model never goes to the kernel."""
    assert isinstance(routed(text, plugins), Local)


@pytest.mark.parametrize("text", ["finetune?", "?finetune", "finetune ?", "finetune m d --epochs ?", "?"])
def test_a_question_mark_asks_for_help(plugins: PluginHost, text: str) -> None:
    """A question never reaches the kernel, finished or not."""
    assert isinstance(routed(text, plugins), Question)


def test_a_question_in_a_text_is_no_question(plugins: PluginHost) -> None:
    """Texts may end with a question mark."""
    assert routed("predict router why?", plugins) == Kernel("predict router why?", single=True)


@pytest.mark.parametrize(
    ("text", "column", "hint"),
    [("fintune base", 1, "finetune"), ("x = lod y", 5, "load"), ("missing", 1, None)],
)
def test_an_unknown_command_is_said_at_once(
    plugins: PluginHost, text: str, column: int, hint: str | None
) -> None:
    """No kernel is needed to see a typo; the caret stands under it."""
    with pytest.raises(UsageError) as raised:
        routed(text, plugins)
    place = raised.value.place
    assert place is not None
    assert (place.file, place.line, place.column) == ("<prompt>", 1, column)
    assert hint is None or hint in (raised.value.hint or "")


@pytest.mark.parametrize("text", ["models ; help", "echo 'open", "models | | wc\nhelp | wc", "x ="])
def test_text_that_is_not_the_language(plugins: PluginHost, text: str) -> None:
    """Syntax is judged here, before anything runs."""
    with pytest.raises(SyntaxFault):
        routed(text, plugins)


@pytest.mark.parametrize("text", ["|", "| less", "models |", "models | "])
def test_a_pipe_has_two_ends(plugins: PluginHost, text: str) -> None:
    """A result that nobody would read is not computed and dropped without a word."""
    with pytest.raises(UsageError, match="nothing"):
        routed(text, plugins)


def test_wrong_use_of_exit(plugins: PluginHost) -> None:
    """`exit now` does not leave."""
    with pytest.raises(UsageError):
        routed("exit now", plugins)
