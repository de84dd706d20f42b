"""Keys pressed at a prompt that is on no terminal: what Tab offers, and what Enter would run."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.output import DummyOutput

from hfshell.shell.application import Surroundings, make_prompt
from hfshell.shell.completion.candidates import Candidates
from hfshell.shell.completion.completer import PromptCompleter
from hfshell.shell.prompt_lexer import Known

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.document import Document

    from hfshell.session.session import Session

_SETTLED, _SETTLED_KEY = "f24", "\x1b[24;2~"
"""A key that no keyboard has: pressed behind each Tab, and at the end."""


@dataclass(frozen=True)
class Typed:
    r"""What came of keys.

    Example::

        assert "--threshold" in type_keys("predict m --thr\t").line
        assert type_keys("load m --task tox\t").completions == ("toxicity",)
        assert type_keys("predict m hello\r").entered == ("predict m hello",)

    Attributes:
        line: what stands at the prompt at the end.
        completions: what the last Tab offered, the likeliest first.
        meanings: what is said of each of them.
        entered: the texts that were complete at Enter, and would have been run.
    """

    line: str = ""
    completions: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    entered: tuple[str, ...] = ()


def type_keys(keys: str, session: Session) -> Typed:
    r"""Press keys at the prompt: letters, `\t`, `\r`, and what else a terminal sends.

    Args:
        keys: what is pressed.
        session: whose plugins, names and runs are completed. Nothing is run in it.
    """
    completer = _Recorded(
        PromptCompleter(Candidates(session.commands, session.plugins, session.known_names, session.home))
    )
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        prompt = _prompt(completer, session, pipe)
        typist = _Typist(pipe, re.findall(r"[^\t]*\t|[^\t]+", keys))
        prompt.key_bindings = merge_key_bindings([prompt.key_bindings or KeyBindings(), typist.bindings()])
        entered = typist.work(prompt)
    return Typed(
        typist.line,
        tuple(completion.display_text for completion in completer.offered),
        tuple(completion.display_meta_text for completion in completer.offered),
        entered,
    )


class _Recorded(Completer):
    """A completer, and what it offered last."""

    def __init__(self, completer: Completer) -> None:
        self._completer = completer
        self.offered: list[Completion] = []

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Offer what the completer offers."""
        self.offered = list(self._completer.get_completions(document, complete_event))
        yield from self.offered


@dataclass
class _Typist:
    """Presses keys piece by piece: what stands behind a Tab, when its completion is over."""

    pipe: PipeInput
    pieces: list[str]
    line: str = ""
    finished: bool = field(default=False)

    def bindings(self) -> KeyBindings:
        """What the key does that is pressed behind each piece."""
        keys = KeyBindings()

        @keys.add(_SETTLED)
        async def _(event: KeyPressEvent) -> None:
            await asyncio.sleep(0)  # a completion that Tab began was queued before this, and runs in one go
            if self.pieces:
                self._press_next()
                return
            self.line, self.finished = event.current_buffer.text, True
            event.app.exit(exception=EOFError)

        return keys

    def work(self, prompt: PromptSession[str]) -> tuple[str, ...]:
        """Press everything; return what was entered."""
        entered = []
        self._press_next()
        while not self.finished:
            try:
                entered.append(prompt.prompt())
            except KeyboardInterrupt:
                continue
            except EOFError:
                break
        return tuple(entered)

    def _press_next(self) -> None:
        self.pipe.send_text((self.pieces.pop(0) if self.pieces else "") + _SETTLED_KEY)


def _prompt(completer: Completer, session: Session, pipe: PipeInput) -> PromptSession[str]:
    around = Surroundings(
        history=InMemoryHistory(),
        completer=lambda: completer,
        known=lambda: Known(session.commands.names()),
        toolbar=lambda _: [],
        explain=lambda _: None,
    )
    prompt = make_prompt(around, terminal=pipe, output=DummyOutput())
    prompt.complete_in_thread = False
    return prompt
