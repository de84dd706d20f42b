"""What Tab offers behind a slash; in what is said it offers nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, PathCompleter
from prompt_toolkit.document import Document

from hfshell.render.safe_text import safe_text
from hfshell.shell.sub_prompt.typed import SLASH

if TYPE_CHECKING:
    from hfshell.shell.sub_prompt.options import LineOptions

_SWITCH = ("on", "off")


class SlashCompleter(Completer):
    """Completes commands behind a slash, the options that `/set` sets, and files.

    Args:
        commands: by name, with what follows and what it does.
        options: that may be set.
    """

    def __init__(self, commands: Mapping[str, tuple[str, str]], options: LineOptions) -> None:
        self._commands = commands
        self._options = options

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield what may stand at the cursor."""
        before = document.text_before_cursor
        if not before.startswith(SLASH) or before.startswith(SLASH * 2) or "\n" in before:
            return
        words = before.split(" ")
        name, last = words[0][1:], words[-1]
        if len(words) == 1:
            yield from _matching(last, ((f"/{item}", about) for item, (_, about) in self._commands.items()))
        elif name == "set" and len(words) == 2:
            fields = self._options.fields()
            yield from _matching(last, ((field.flag[2:], field.info.help) for field in fields))
        elif name == "set" and len(words) == 3:
            yield from _matching(last, ((value, "") for value in self._values(words[1])))
        elif name == "save":
            path = Document(before.partition(" ")[2])
            yield from PathCompleter(expanduser=True).get_completions(path, complete_event)

    def _values(self, name: str) -> Iterable[str]:
        found = next((field for field in self._options.fields() if field.flag.strip("-") == name), None)
        if found is None:
            return ()
        if found.type is bool:
            return _SWITCH
        return found.info.choices or (
            (str(found.default),) if isinstance(found.default, (int, float)) else ()
        )


def _matching(typed: str, offered: Iterable[tuple[str, str]]) -> Iterator[Completion]:
    for text, about in offered:
        if text.startswith(typed):
            yield Completion(text, start_position=-len(typed), display_meta=safe_text(about))
