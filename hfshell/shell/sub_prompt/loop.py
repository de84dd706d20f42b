"""Reads what is said to a model, line by line, until Ctrl-D. The kernel may die meanwhile; this goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.errors import HfshellError, UsageError
from hfshell.language import did_you_mean
from hfshell.render.layout import Block, columns
from hfshell.render.look import Look
from hfshell.render.reply import render_sub_prompt
from hfshell.shell.sub_prompt.lines import line
from hfshell.shell.sub_prompt.typed import CHAT_COMMANDS, PREDICT_COMMANDS, Asked, typed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hfshell.api.results import SubPrompt
    from hfshell.shell.dispatch import Dispatcher
    from hfshell.shell.sub_prompt.options import LineOptions


_HELP = (
    "",
    "What is typed goes to the model as it is. What begins with // is said, with one /.",
    "Alt-Enter begins another line. Ctrl-C stops a reply, and keeps what there is of it.",
)


class SubPromptLoop:
    """The prompt that a line opened.

    Args:
        opened: what it opened.
        dispatcher: runs the lines that are made of what is typed.
        options: of these lines.
        read: reads a text; it raises KeyboardInterrupt at Ctrl-C, and EOFError at Ctrl-D.
        ask: reads the value of a flag that all lines need, in the same way.
        before_each: called before each text is read, for what waits to be shown.
    """

    def __init__(
        self,
        opened: SubPrompt,
        dispatcher: Dispatcher,
        options: LineOptions,
        read: Callable[[], str],
        ask: Callable[[str], str],
        before_each: Callable[[], None] = lambda: None,
    ) -> None:
        self._opened = opened
        self._dispatcher = dispatcher
        self._options = options
        self._read = read
        self._ask = ask
        self._before_each = before_each
        self._commands: Mapping[str, Callable[[str], None]] = {
            "help": self._help,
            "set": self._set,
            "new": lambda _: self._do("--new", said="a new conversation"),
            "undo": lambda _: self._do("--undo"),
            "again": lambda _: self._again(),
            "system": self._system,
            "save": self._save,
        }

    @property
    def commands(self) -> Mapping[str, tuple[str, str]]:
        """The commands behind a slash, with what follows them and what they do."""
        return commands_of(self._opened.command)

    def run(self) -> None:
        """Read and run texts until the user leaves."""
        console = self._dispatcher.consoles.progress
        console.print(Block(render_sub_prompt(self._opened, Look(console.width, console.plain))))
        if not self._ask_for_all():
            return
        while True:
            self._before_each()
            try:
                text = self._read()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if text.strip() and not self._take(text.strip("\n")):
                return

    def _ask_for_all(self) -> bool:
        """Ask for what each line lacks; return False when the user leaves instead."""
        for flag in self._opened.wanted:
            while not any(given == flag for given, _ in self._options.given):
                try:
                    value = self._ask(flag.strip("-")).strip()
                except KeyboardInterrupt:
                    continue
                except EOFError:
                    return False
                if value:
                    self._set(f"{flag} {value}", quiet=True)
        return True

    def _take(self, text: str) -> bool:
        """Do what a text asks for; return False when that is to leave."""
        self._dispatcher.transcript.typed(text)
        found = typed(text)
        if not isinstance(found, Asked):
            self._dispatcher.run_line(
                line(self._opened.command, self._opened.model, found.text, self._options.given)
            )
            return True
        if found.name == "exit":
            return False
        try:
            self._command(found)
        except HfshellError as error:
            self._dispatcher.tell(error)
        return True

    def _command(self, asked: Asked) -> None:
        if asked.name not in self.commands:
            known = [f"/{name}" for name in self.commands]
            hint = did_you_mean(f"/{asked.name}", known) or f"there is {', '.join(known)}"
            said = "a line that begins with // is said, with one /"
            raise UsageError(f"there is no /{asked.name}", hint=f"{hint}\n{said}")
        self._commands[asked.name](asked.rest)

    def _do(self, *words: str, said: str = "") -> None:
        """Run a line without a text; where nothing else comes of it, say what was done."""
        opened = self._dispatcher.run_line(line(self._opened.command, self._opened.model, None, (), *words))
        if opened is not None and said:
            self._say(said)

    def _again(self) -> None:
        self._dispatcher.run_line(
            line(self._opened.command, self._opened.model, None, self._options.given, "--again")
        )

    def _system(self, text: str) -> None:
        made = line(self._opened.command, self._opened.model, None, [("--system", text)])
        if self._dispatcher.run_line(made) is not None:
            self._say("told before the conversation from now on" if text else "nothing is told before it now")

    def _save(self, file: str) -> None:
        if not file:
            raise UsageError("/save wants a file", hint="/save talk.jsonl, .json or .md")
        made = line(self._opened.command, self._opened.model, None, [("--save", file)])
        self._dispatcher.run_line(made)

    def _set(self, rest: str, *, quiet: bool = False) -> None:
        name, _, value = rest.partition(" ")
        if not name:
            shown = [" ".join(part for part in pair if part) for pair in self._options.given]
            self._say("\n".join(shown) or "all options have their defaults")
            return
        said = self._options.set(name, value.strip())
        if not quiet:
            self._say(said)

    def _help(self, _: str) -> None:
        console = self._dispatcher.consoles.progress
        table = columns(Look(console.width, console.plain), Column(no_wrap=True), Column(), header=False)
        for name, (what, about) in self.commands.items():
            table.add_row(Text(f"/{name} {what}".strip(), "command"), about)
        console.print(Block(Group(table, *(Text(text, "dim") for text in _HELP))))

    def _say(self, text: str) -> None:
        self._dispatcher.consoles.progress.print(Block(Text(text, "dim")))


def commands_of(command: str) -> Mapping[str, tuple[str, str]]:
    """Return the commands behind a slash of the prompt that a command opens."""
    return CHAT_COMMANDS if command == "chat" else PREDICT_COMMANDS
