"""Ghost text: how a line went on that began like this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document

    from hfshell.shell.past_lines import PastLines


class SuggestPastLine(AutoSuggest):
    """Suggests the rest of the newest line that begins like the one that is typed.

    Args:
        past: gives what was typed before, at each key.
        wanted: whether to suggest anything, asked at each key.
    """

    def __init__(self, past: Callable[[], PastLines], wanted: Callable[[], bool] = lambda: True) -> None:
        self._past = past
        self._wanted = wanted

    def get_suggestion(self, _: Buffer, document: Document) -> Suggestion | None:
        """Return the rest; None where no line began so."""
        line = document.text.rpartition("\n")[2]
        rest = self._past().rest_of(line) if line.strip() and self._wanted() else None
        return Suggestion(rest) if rest else None
