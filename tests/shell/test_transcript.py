"""What of a session becomes a script."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hfshell.api.events import CommandFinished, CommandStarted
from hfshell.api.results import HistoryTable
from hfshell.commands.history import COMMAND, HistoryOptions, show_history
from hfshell.commands.parsing import Argument, parse
from hfshell.commands.table import CommandTable
from hfshell.errors import Place, UsageError
from hfshell.shell.transcript import Transcript

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext
    from hfshell.plugin_host import PluginHost

TYPED = ("models", "let lr = 2e-5", "echo $lr", "Echo", "echo $lr", "history")


@dataclass
class Context:
    """The surroundings of `history`."""

    plugins: PluginHost
    transcript: Transcript = field(default_factory=lambda: Transcript("<prompt>"))

    @property
    def commands(self) -> CommandTable:
        return CommandTable(self.plugins)

    def history(self) -> tuple[str, ...]:
        return TYPED

    def worked(self) -> Transcript:
        return self.transcript


@pytest.fixture
def context(plugins: PluginHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalContext:
    """A session in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Context(plugins)  # type: ignore[return-value] # `history` needs no more


def finished(text: str, *, file: str = "<prompt>", error: UsageError | None = None) -> CommandFinished:
    """A line that ended."""
    return CommandFinished(CommandStarted(text.partition(" ")[0], None, text, file, 1), 0.1, error=error)


def options(*words: str) -> HistoryOptions:
    """Read the words of a `history` line."""
    arguments = [Argument(word, word.startswith("-"), Place("<prompt>")) for word in words]
    made = parse(COMMAND, arguments, Place("<prompt>")).options
    assert isinstance(made, HistoryOptions)
    return made


def found(context: LocalContext, *words: str) -> HistoryTable:
    """What `history WORDS` shows."""
    table = show_history(context, options(*words))
    assert isinstance(table, HistoryTable)
    return table


@pytest.mark.parametrize("words", [("-n", "2"), ("-n2",), ("--n", "2"), ("--n=2",), ("2",)])
def test_the_newest_lines(context: LocalContext, words: tuple[str, ...]) -> None:
    """`history -n 2` has as many names as other shells have for it."""
    table = found(context, *words)
    assert (table.first, table.lines) == (5, ("echo $lr", "history"))


def test_all_lines_are_fewer_than_twenty(context: LocalContext) -> None:
    """Numbers count from the first line there is."""
    assert found(context).first == 1
    assert found(context).lines == TYPED


@pytest.mark.parametrize(
    ("words", "numbers", "lines"),
    [
        (("echo",), (4, 5), ("Echo", "echo $lr")),
        (("echo", "$lr"), (5,), ("echo $lr",)),
        (("echo", "-n", "1"), (5,), ("echo $lr",)),
        (("nothing",), (), ()),
    ],
)
def test_lines_that_hold_a_text(
    context: LocalContext, words: tuple[str, ...], numbers: tuple[int, ...], lines: tuple[str, ...]
) -> None:
    """Whatever its case; a line that was typed often is shown once, as the newest."""
    table = found(context, *words)
    assert (table.numbers, table.lines) == (numbers, lines)


def test_a_script_saves_no_session(context: LocalContext) -> None:
    """The session is there already: to save it once more would be refused. What binds names is kept."""
    transcript = context.worked()
    assert isinstance(transcript, Transcript)
    for line in ("session save mine", "session list", "session load mine"):
        transcript.hear(finished(line))
    assert (transcript.lines, transcript.hidden) == (["session load mine"], 0)


def test_lines_that_worked_become_a_script(context: LocalContext) -> None:
    """Failed lines, sourced ones and hidden ones are left out; what is left runs, and is executable."""
    transcript = context.worked()
    assert isinstance(transcript, Transcript)
    transcript.hear(finished("let lr = 2e-5"))
    transcript.hear(finished("echo $nothing", error=UsageError("not bound")))
    transcript.hear(finished("echo inner", file="inner.hfsh"))
    transcript.hear(finished("let password = hunter2"))
    transcript.typed(" echo hidden")
    transcript.hear(finished("echo hidden"))
    transcript.typed("echo")
    transcript.hear(finished("echo 'two\nlines'"))
    transcript.hear(finished("echo rate $lr"))
    message = show_history(context, options("save", "first.hfsh"))
    assert Path("first.hfsh").read_text() == (
        "#!/usr/bin/env hfshell\nlet lr = 2e-5\necho 'two\nlines'\necho rate $lr\n"
    )
    assert os.access("first.hfsh", os.X_OK)
    assert message.lines == (  # type: ignore[attr-defined] # a message
        "3 lines in first.hfsh: `hfshell first.hfsh` runs them",
        "2 left out: they hold a secret, or began with a space",
    )
    check = subprocess.run(
        [sys.executable, "-m", "hfshell", "check", "first.hfsh"], check=False, capture_output=True
    )
    assert check.returncode == 0


def test_what_stands_in_the_way_of_the_script_is_said(context: LocalContext) -> None:
    """Names of an earlier session are not bound in a new one."""
    context.worked().lines.append("echo $earlier")
    message = show_history(context, options("save", "later.hfsh"))
    assert any("earlier" in line and line.startswith("line 2: ") for line in message.lines[1:])  # type: ignore[attr-defined]


def test_what_cannot_be_saved(context: LocalContext) -> None:
    """Nothing is written over unasked; a session without a line is no script."""
    with pytest.raises(UsageError, match="no line of this session"):
        show_history(context, options("save", "x.hfsh"))
    context.worked().lines.append("models")
    Path("x.hfsh").write_text("precious")
    with pytest.raises(UsageError, match="there already"):
        show_history(context, options("save", "x.hfsh"))
    with pytest.raises(UsageError, match="wants one file"):
        show_history(context, options("save"))
    with pytest.raises(UsageError, match="no folder"):
        show_history(context, options("save", "missing/x.hfsh"))
    with pytest.raises(UsageError, match="--overwrite goes with"):
        show_history(context, options("--overwrite"))
    assert Path("x.hfsh").read_text() == "precious"
    show_history(context, options("save", "x.hfsh", "--overwrite"))
    assert "models" in Path("x.hfsh").read_text()
