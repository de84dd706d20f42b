"""Tokens: words with their quoting and references kept, and what stands between them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from hfshell.errors import SyntaxFault
from hfshell.language.source import Span

NAME = r"[^\W\d]\w*+"
"""Pattern of a name: letters, digits and `_`, no digit first."""

COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "~")
"""What may stand between the two sides of `expect`."""

Quote = Literal["", "'", '"', "<<"]
"""How a part was written: bare, in `'…'`, in `"…"`, or in a heredoc."""

TokenKind = Literal["command", "word", "name", "operator", "redirect", "heredoc", "body", "comment", "error"]
"""What a token is, for the parser and for colours.

`command` the word that is run · `word` any other · `name` what is bound · `operator` a leading `-`, `=`, and
in `expect` what compares · `redirect` `>` or `>>` · `heredoc` its mark, opening and closing · `body` its
text · `comment` · `error` what cannot stand there.
"""

Incomplete = Literal["quote", "heredoc", "continuation"]
"""What a text ended in the middle of."""


@dataclass(frozen=True, slots=True)
class Text(Span):
    """A part of a word that means itself.

    Attributes:
        text: what it means, quotes and backslashes taken away.
        quote: how it was written; a bare part may hold characters escaped with a backslash.
    """

    text: str
    quote: Quote = ""


@dataclass(frozen=True, slots=True)
class Reference(Span):
    """A part of a word that stands for a value: `$NAME`, `${NAME.field}`, `${env:NAME}`.

    Attributes:
        name: the name, or the environment variable.
        field: the field asked for, or None.
        environment: whether it is a variable of the environment.
        quote: what it stands in; it expands all the same.
        raw: as written.
    """

    name: str
    field: str | None = None
    environment: bool = False
    quote: Quote = ""
    raw: str = dataclasses.field(default="", compare=False, repr=False)


Part = Text | Reference


@dataclass(frozen=True, slots=True)
class Word(Span):
    """One word: adjacent parts, quoted or not. It stays one word whatever its references stand for.

    Attributes:
        parts: in order; never empty, but for the body of an empty heredoc.
        raw: as written, quotes and all.
    """

    parts: tuple[Part, ...]
    raw: str = dataclasses.field(default="", compare=False, repr=False)

    @property
    def plain(self) -> str | None:
        """What the word means, or None when that hangs on a reference."""
        if self.references:
            return None
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def bare(self) -> str | None:
        """The word's text when no part of it is quoted and none is a reference, else None."""
        first = self.parts[0] if len(self.parts) == 1 else None
        return first.text if isinstance(first, Text) and not first.quote else None

    @property
    def references(self) -> tuple[Reference, ...]:
        """The word's references, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))


@dataclass(frozen=True, slots=True)
class Token(Span):
    """A stretch of text and what it is.

    Attributes:
        kind: what it is.
        word: what it means, for a command, a word, a heredoc's body, an operator that is a word of `expect`,
            and for an error that is a broken word.
    """

    kind: TokenKind
    word: Word | None = None


@dataclass(frozen=True)
class Lexed:
    """A text cut into tokens. Between tokens stand only blanks, line ends and continuations.

    Attributes:
        statements: the tokens of each logical line, heredoc included. A text that ends with a line end has an
            empty statement last: the one that would be typed next.
        fault: the first thing that is wrong, or None.
        incomplete: what `fault` is when more text could mend it, else None.
    """

    statements: tuple[tuple[Token, ...], ...]
    fault: SyntaxFault | None = None
    incomplete: Incomplete | None = None

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All tokens, in order."""
        return tuple(chain.from_iterable(self.statements))
