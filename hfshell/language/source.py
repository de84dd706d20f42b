"""The text that is read, and places in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from hfshell.errors import Place, SyntaxFault

_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


_EXCERPT = 40
"""Characters of a user's text that a message repeats; the caret shows the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Something that stands in a text.

    Attributes:
        start, end: offsets in characters into `Source.text`, `end` behind the last one. They never count
            when two things are compared.
    """

    start: int = field(default=0, compare=False, repr=False)
    end: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A text in the language, and where it comes from.

    Attributes:
        text: the text; lines end with a newline, with or without a carriage return before it.
        file: path as the user wrote it, or `<prompt>`, `<-c>`, `<stdin>`, `<session>`.
        line: number of its first line in that file.
    """

    text: str
    file: str = "<session>"
    line: int = 1

    def line_number(self, offset: int) -> int:
        """Return the number of the line that holds the character at `offset`."""
        return self.line + self.text.count("\n", 0, offset)

    def place(self, span: Span) -> Place:
        """Return where `span` stands; the caret stops at the end of its first line.

        What is no text (a lone surrogate) is replaced in the line, so that the place can always be encoded.
        """
        text, start = self.text, span.start
        line_start = text.rfind("\n", 0, start) + 1
        line_end = text.find("\n", start)
        line_end = len(text) if line_end < 0 else line_end
        return Place(
            self.file,
            self.line_number(start),
            start - line_start + 1,
            max(1, min(span.end, line_end) - start),
            text[line_start:line_end].removesuffix("\r").translate(_SURROGATES),
        )

    def fault(self, message: str, span: Span, hint: str | None = None) -> SyntaxFault:
        """Return a syntax error that points at `span`."""
        return SyntaxFault(message, place=self.place(span), hint=hint)


def excerpt(text: str) -> str:
    """Return as much of a text as fits into a message of one line."""
    first = text.split("\n", 1)[0].rstrip("\\\r")
    return first if len(first) <= _EXCERPT else f"{first[:_EXCERPT]}…"
