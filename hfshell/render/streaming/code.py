"""Code blocks, coloured line after line as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pygments.token import Token  # type: ignore[import-untyped] # pygments is not typed
from rich.syntax import ANSISyntaxTheme, Syntax
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console

_MOST = 100
_LEAST = 50
"""Lines before the new ones that are read again for their colours: enough for what spans lines."""


_STYLES = {
    Token.Comment: "dim",
    Token.Keyword: "code.word",
    Token.Operator.Word: "code.word",
    Token.Name.Tag: "code.word",
    Token.Name.Builtin: "command",
    Token.Name.Attribute: "command",
    Token.Name.Function: "name",
    Token.Name.Class: "name",
    Token.Name.Decorator: "code.number",
    Token.Literal.String: "code.text",
    Token.Literal.Number: "code.number",
    Token.Generic.Heading: "heading",
    Token.Generic.Deleted: "bad",
    Token.Generic.Inserted: "good",
}


class ColouredCode:
    """Colours the lines of one code block. Each call costs what its lines and a few before them cost.

    Args:
        language: what stands behind the fence; text in an unknown one, or none, stays as it is.
        console: of the screen, for the colours of its theme.
    """

    def __init__(self, language: str, console: Console) -> None:
        name = language.strip().partition(" ")[0] or "text"
        styles = {kind: console.get_style(style) for kind, style in _STYLES.items()}
        self._syntax = Syntax("", name, theme=ANSISyntaxTheme(styles))
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
