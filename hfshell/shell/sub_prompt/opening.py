"""Makes the prompt that a line opened: like the one it was typed at, with a history of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.render.safe_text import one_line
from hfshell.shell.history import PromptHistory
from hfshell.shell.plain_prompt import PlainPrompt
from hfshell.shell.sub_prompt.completer import SlashCompleter
from hfshell.shell.sub_prompt.highlighting import SlashLexer
from hfshell.shell.sub_prompt.loop import SubPromptLoop, commands_of
from hfshell.shell.sub_prompt.options import LineOptions

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from hfshell.api.results import SubPrompt
    from hfshell.home import Home
    from hfshell.settings.preferences import Preferences
    from hfshell.shell.application import TerminalPrompt
    from hfshell.shell.dispatch import Dispatcher

_LONGEST_NAME = 30


@dataclass(frozen=True)
class SubPrompts:
    """What all of them share.

    Attributes:
        dispatcher: runs lines.
        home: where histories live.
        preferences: the settings in force.
        toolbar: the line under the prompt, for a width in cells.
        notify: told why texts are not remembered.
    """

    dispatcher: Dispatcher
    home: Home
    preferences: Preferences
    toolbar: Callable[[int], StyleAndTextTuples]
    notify: Callable[[str], None]

    def open(
        self, opened: SubPrompt, outer: TerminalPrompt | PlainPrompt, before_each: Callable[[], None]
    ) -> tuple[SubPromptLoop, TerminalPrompt | PlainPrompt]:
        """Return the loop for what a line opened, and the prompt that it reads at.

        Args:
            opened: what the line opened.
            outer: the prompt that it was typed at.
            before_each: called before each text is read.
        """
        dispatcher, given = self.dispatcher, list(opened.options)
        options = LineOptions(opened.command, opened.task, dispatcher.commands, dispatcher.plugins, given)
        history = PromptHistory(self.home.texts_to_models(opened.command), self.notify)
        completer = SlashCompleter(commands_of(opened.command), options)
        plain = isinstance(outer, PlainPrompt)
        name = one_line(short_name(opened.model), _LONGEST_NAME, plain=plain)
        prompt = self._prompt(outer, name, opened, history, completer)
        ask = self._asking(outer, prompt)
        return SubPromptLoop(opened, self.dispatcher, options, prompt.read, ask, before_each), prompt

    def _prompt(
        self,
        outer: TerminalPrompt | PlainPrompt,
        name: str,
        opened: SubPrompt,
        history: PromptHistory,
        completer: SlashCompleter,
    ) -> TerminalPrompt | PlainPrompt:
        if isinstance(outer, PlainPrompt):
            return PlainPrompt(history, lambda: completer, sign=f"{name}> ", is_open=_never)
        return outer.opened(
            name=name,
            history=history,
            completer=lambda: completer,
            past=lambda: history.past,
            lexer=SlashLexer(commands_of(opened.command)),
            toolbar=self.toolbar,
            explain=lambda _: self.dispatcher.consoles.progress.print(_help_line(opened)),
        )

    def _asking(
        self, outer: TerminalPrompt | PlainPrompt, prompt: TerminalPrompt | PlainPrompt
    ) -> Callable[[str], str]:
        if isinstance(prompt, PlainPrompt):
            return lambda name: prompt.read(f"{name}> ")
        if isinstance(outer, PlainPrompt):
            raise TypeError("a plain prompt opens none that is drawn")
        return lambda name: outer.opened(name=name).read()


def short_name(model: str) -> str:
    """Return what is told of a model in front of a line: its name, or the last part of its source."""
    return model.rstrip("/").rpartition("/")[2] or model


def _never(_: str) -> bool:
    return False


def _help_line(opened: SubPrompt) -> str:
    names = " ".join(f"/{name}" for name in commands_of(opened.command))
    return f"  what is typed goes to {opened.model} · {names}"
