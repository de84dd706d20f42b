"""Code blocks, coloured line after line as they are written."""

from __future__ import annotations

from collections.abc import Sequence

from rich.syntax import Syntax
from rich.text import Text

_MOST = 100
_LEAST = 50
"""Lines before the new ones that are read again for their colours: enough for what spans lines."""


class ColouredCode:
    """Colours the lines of one code block. Each call costs what its lines and a few before them cost.

    Args:
        language: what stands behind the fence; text in an unknown one, or none, stays as it is.
    """

    def __init__(self, language: str) -> None:
        self._syntax = Syntax("", language.strip().partition(" ")[0] or "text", theme="ansi_dark")
        self._before: list[str] = []

    def add(self, lines: Sequence[str]) -> list[Text]:
        """Return the next lines with their colours."""
        coloured = self.peek(lines)
        self._before += lines
        if len(self._before) > _MOST:
            del self._before[: self._start()]
        return coloured

    def peek(self, lines: Sequence[str]) -> list[Text]:
        """Return lines as they would look if they were the next."""
        if not lines:
            return []
        whole = "\n".join((*self._before, *lines))
        found = self._syntax.highlight(whole).split("\n", allow_blank=True)
        first = len(self._before)
        return [_alone(line) for line in found[first : first + len(lines)]]

    def _start(self) -> int:
        """Return how many lines to forget: up to one at the margin, which most likely begins a statement."""
        last = len(self._before) - _LEAST
        starts = (place for place in range(last, 0, -1) if self._before[place][:1].strip(" \t)]}"))
        return next(starts, last)


def _alone(line: Text) -> Text:
    """Return a line without the manner of the block it was cut out of."""
    return Text(line.plain, spans=list(line.spans))
