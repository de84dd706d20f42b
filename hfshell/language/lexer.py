"""One tokeniser for the parser, the completer, the highlighter and the carets in errors."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from hfshell.language import patterns
from hfshell.language.source import Source, Span, excerpt
from hfshell.language.tokens import Lexed, Part, Quote, Reference, Text, Token, Word

if TYPE_CHECKING:
    import re

    from hfshell.errors import SyntaxFault
    from hfshell.language.patterns import Mode
    from hfshell.language.tokens import Incomplete, TokenKind

_ESCAPES: dict[Quote, re.Pattern[str]] = {
    "": patterns.BARE_ESCAPE,
    '"': patterns.DOUBLE_ESCAPE,
    "<<": patterns.BODY_ESCAPE,
}
_FORMS = "a reference is $NAME, ${NAME}, ${NAME.field} or ${env:NAME}; a dollar sign is \\$"


@lru_cache(maxsize=8)
def lex(text: str, file: str = "<session>", line: int = 1) -> Lexed:
    """Cut a text into tokens; never fails, whatever the text, finished or not.

    The last few answers are kept: at each key the same text is asked about for its colours, for completion
    and for whether Enter would run it.

    Args:
        text: the text; offsets count its characters.
        file: where it comes from, for the place of the fault.
        line: number of its first line there.
    """
    return _Lexer(Source(text, file, line)).run()


def lex_source(source: Source) -> Lexed:
    """Cut a source into tokens, as `lex` does."""
    return _Lexer(source).run()


def is_incomplete(text: str) -> bool:
    """Whether more lines could finish the text: an open quote, an open heredoc, a backslash at the end."""
    return lex(text).incomplete is not None


class _Lexer:
    """A position that moves through the text once, and what it met."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._end = len(source.text)
        self._position = 0
        self._tokens: list[Token] = []
        self._heredocs: list[re.Match[str]] = []
        self._first: tuple[int, SyntaxFault, Incomplete | None] | None = None
        self._errors = 0

    def run(self) -> Lexed:
        """Read the whole text."""
        if found := patterns.NO_TEXT.search(self._text):
            self._blame(found.start(), found.end(), f"{_named(found[0])} is no text", "take it out")
        statements = [self._statement()]
        while self._match(patterns.LINE_END):
            statements.append(self._statement())
        _, fault, incomplete = self._first or (0, None, None)
        return Lexed(tuple(statements), fault, incomplete)

    def _statement(self) -> tuple[Token, ...]:
        """Read one logical line with the bodies of its heredocs, up to its line end."""
        self._tokens = []
        self._blank()
        mode = self._head()
        while not self._at_line_end():
            self._argument(mode)
            self._blank()
        for mark in self._heredocs:
            self._body(mark)
        self._heredocs = []
        return tuple(self._tokens)

    def _head(self) -> Mode:
        """Read `-`, `NAME =` and the command; say how the words behind it are cut."""
        if self._text.startswith("-", self._position):
            self._add("operator", self._position, self._position + 1)
            self._blank()
        if match := self._match(patterns.BINDING):
            self._add("name", match.start("name"), match.end("name"))
            self._add("operator", match.start("sign"), match.end("sign"))
            self._blank()
        word = self._tokens[-1].word if self._word("usual", "command") else None
        command = word.plain if word else None
        self._blank()
        if command in ("let", "param"):
            self._declaration()
        return "expect" if command == "expect" else "require" if command == "require" else "usual"

    def _declaration(self) -> None:
        """Read the `NAME =` of `let` and `param`, as far as it is there."""
        if not (match := self._match(patterns.DECLARED)):
            return
        self._add("name", match.start(), match.end())
        self._blank()
        if match := self._match(patterns.EQUALS):
            self._add("operator", match.start(), match.end())
            self._blank()

    def _argument(self, mode: Mode) -> None:
        """Read whatever stands behind the command."""
        character, start = self._text[self._position], self._position
        if character == "#":
            self._match(patterns.COMMENT)
            self._add("comment", start, self._position)
        elif character in "=!<>~" and mode == "expect" and (match := self._match(patterns.COMPARISON)):
            word = self._make_word([Text(match[0], start=start, end=match.end())], start)
            self._add("operator", start, match.end(), word)
        elif character == "<" and mode == "usual" and (match := self._match(patterns.HEREDOC)):
            self._heredocs.append(match)
            self._add("heredoc", start, match.end())
        elif character == ">" and mode == "usual" and (match := self._match(patterns.REDIRECT)):
            self._add("redirect", start, match.end())
        elif not self._word(mode, "word"):
            self._misplaced()

    def _misplaced(self) -> None:
        """Step over what is neither a word nor an operator, and say why it cannot stand here."""
        start = self._position
        if match := self._match(patterns.RESERVED):
            self._blame(start, match.end(), f"{_shown(match[0])} is reserved", _reserved_hint(match[0]))
        else:
            self._match(patterns.ODD_SPACES)
            message = f"{_named(self._text[start])} is not a plain space"
            self._blame(start, self._position, message, "type a plain space, or quote it")
        self._add("error", start, self._position)

    def _word(self, mode: Mode, kind: TokenKind) -> bool:
        """Add a word, if one begins here."""
        if self._text.startswith("#", self._position):
            return False
        start, errors = self._position, self._errors
        parts: list[Part] = []
        self._parts(patterns.BARE[mode], "", parts)
        if self._position == start:
            return False
        word = self._make_word(parts, start) if parts else None
        broken = word is None or self._errors > errors
        self._add("error" if broken else kind, start, self._position, word)
        return True

    def _parts(
        self, pattern: re.Pattern[str], quote: Quote, parts: list[Part], end: int | None = None
    ) -> bool:
        """Add the parts that the pattern finds from here on; return whether something closed them."""
        end = self._end if end is None else end
        while match := pattern.match(self._text, self._position, end):
            start, self._position = match.span()
            kind = match.lastgroup
            if kind == "text":
                if decoded := _decoded(match[0], quote):  # else a continuation, which writes nothing
                    parts.append(Text(decoded, quote, start=start, end=self._position))
            elif kind == "single":
                parts.append(Text(match["single"], "'", start=start, end=self._position))
            elif kind == "reference":
                parts.append(_reference(match, quote))
            elif kind == "double":
                self._double(parts, start)
            elif kind == "close":
                return True
            else:
                self._broken(kind, Span(start=start, end=self._position), quote, parts)
        return False

    def _double(self, parts: list[Part], start: int) -> None:
        """Read `"…"` behind its opening quote."""
        before = len(parts)
        if not self._parts(patterns.DOUBLE, '"', parts):
            self._position = self._end
            self._unclosed(start, '"')
        if len(parts) == before:
            parts.append(Text("", '"', start=start, end=self._position))

    def _broken(self, kind: str | None, span: Span, quote: Quote, parts: list[Part]) -> None:
        """Note what no part can be, and go on behind it."""
        raw = self._text[span.start : span.end]
        if kind == "unclosed":
            self._position = self._end
            parts.append(Text(self._text[span.end :], "'", start=span.start, end=self._end))
            self._unclosed(span.start, "'")
        elif kind == "stray" and span.end == self._end:
            message = "nothing follows the `\\`"
            self._blame(span.start, span.end, message, "end the line before it", "continuation")
        elif kind == "stray":
            self._position += 1
            message = "a carriage return must be quoted"
            self._blame(span.start, self._position, message, "take it out, or quote it")
        elif kind == "nested":
            self._blame(span.start, span.end, "`$(` is reserved", "\\$( means the characters themselves")
            parts.append(Text(raw, quote, start=span.start, end=span.end))
        else:
            self._blame(span.start, span.end, f"`{excerpt(raw)}` is no reference", _FORMS)
            parts.append(Text(raw, quote, start=span.start, end=span.end))

    def _unclosed(self, start: int, quote: str) -> None:
        hint = f"close it with {quote}, or write \\{quote} for the character itself"
        self._blame(start, start + 1, "this quote is never closed", hint, "quote")

    def _body(self, mark: re.Match[str]) -> None:
        """Read the body of a heredoc and its closing mark, which follow the line end."""
        tag = mark[mark.lastindex or 0]
        line_end = self._match(patterns.LINE_END)
        start = self._position
        closing = patterns.closing_mark(tag).search(self._text, start)
        if closing is None:
            message = f"no line `{tag}` ends this heredoc"
            self._blame(*mark.span(), message, f"end it with a line {tag}", "heredoc")
        end = closing.start() if closing else self._end
        returns = line_end is not None and line_end[0] == "\r\n"
        last = end - 1 if closing and end > start else end
        if returns and closing and self._text.startswith("\r", last - 1, last) and last > start:
            last -= 1
        word = self._body_word(start, last, literal=mark.lastgroup != "tag", returns=returns)
        self._add("body", start, last, word)
        self._position = end
        if closing:
            self._position = closing.end()
            self._add("heredoc", *closing.span())

    def _body_word(self, start: int, end: int, *, literal: bool, returns: bool) -> Word:
        """Read a body; `returns` says that carriage returns belong to its line ends, as to its mark's."""
        parts: list[Part] = []
        if not literal:
            self._parts(patterns.BODY, "<<", parts, end)
        elif end > start:
            parts.append(Text(self._text[start:end], "<<", start=start, end=end))
        self._position = end
        if returns:
            parts = [_without_returns(part) if isinstance(part, Text) else part for part in parts]
        return self._make_word(parts, start)

    def _make_word(self, parts: list[Part], start: int) -> Word:
        end = self._position
        return Word(tuple(parts), self._text[start:end], start=start, end=end)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Step over the pattern, if it stands here."""
        match = pattern.match(self._text, self._position)
        if match:
            self._position = match.end()
        return match

    def _blank(self) -> None:
        if self._position < self._end and self._text[self._position] in " \t\\":
            self._match(patterns.BLANK)

    def _at_line_end(self) -> bool:
        if self._position == self._end:
            return True
        character = self._text[self._position]
        return character == "\n" or (character == "\r" and self._text.startswith("\n", self._position + 1))

    def _add(self, kind: TokenKind, start: int, end: int, word: Word | None = None) -> None:
        self._tokens.append(Token(kind, word, start=start, end=end))
        self._position = end

    def _blame(
        self, start: int, end: int, message: str, hint: str, incomplete: Incomplete | None = None
    ) -> None:
        """Note a fault; the one that stands first in the text is kept."""
        self._errors += incomplete is None
        if self._first is None or start < self._first[0]:
            fault = self._source.fault(message, Span(start=start, end=end), hint)
            self._first = (start, fault, incomplete)


def _decoded(raw: str, quote: Quote) -> str:
    return _ESCAPES[quote].sub(r"\1", raw) if "\\" in raw else raw


def _without_returns(part: Text) -> Text:
    return replace(part, text=part.text.replace("\r\n", "\n"))


def _reference(match: re.Match[str], quote: Quote) -> Reference:
    name = match["name"] or match["braced"] or match["variable"]
    field = match["field"] or match["braced_field"]
    environment = match["variable"] is not None
    return Reference(name, field, environment, quote, match[0], start=match.start(), end=match.end())


def _named(character: str) -> str:
    return f"the character U+{ord(character):04X}"


def _shown(run: str) -> str:
    return "a backquote" if "`" in run else f"`{run}`"


def _reserved_hint(run: str) -> str:
    if run == "|":
        return "quote it to mean the character; a pipe to the system's shell works at the prompt alone"
    if run in (";", "&&", "||"):
        return "quote it to mean the characters; one command a line"
    if run[0] == "<":
        return "quote it to mean the characters; a heredoc is <<END"
    return f"quote it to mean the text itself: '{run}'"
