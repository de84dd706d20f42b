"""What a text says once it is parsed. Two trees are equal when they mean the same, wherever they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hfshell.language.source import Source, Span
from hfshell.language.tokens import Word

if TYPE_CHECKING:
    from hfshell.errors import Place

_NOWHERE = Source("")


@dataclass(frozen=True, slots=True)
class Name(Span):
    """A name that is bound, or a command's name."""

    text: str


@dataclass(frozen=True, slots=True)
class Redirect(Span):
    """`> FILE`, or `>> FILE` to append."""

    target: Word
    append: bool = False


@dataclass(frozen=True, slots=True)
class Heredoc(Span):
    """Text that follows its line: `<<END` … `END`.

    Attributes:
        body: its lines joined by newlines, with none after the last; references in it expand.
        literal: written `<<'END'`: nothing in it expands.
        tag: what ends it.
    """

    body: Word
    literal: bool = False
    tag: str = field(default="END", compare=False)


@dataclass(frozen=True, slots=True)
class CommandLine(Span):
    """One command with its words.

    Attributes:
        command: its name, `finetune`.
        words: what follows, in order. `let NAME = VALUE` has the one word VALUE; `expect LEFT OP RIGHT` has
            these three.
        binding: the name that gets the result; for `let`, the value.
        ignore_error: it began with `-`: a script goes on when it fails.
        redirect: where its output goes.
        heredoc: the text that it is fed.
        source: the text that it stands in.
    """

    command: Name
    words: tuple[Word, ...] = ()
    binding: Name | None = None
    ignore_error: bool = False
    redirect: Redirect | None = None
    heredoc: Heredoc | None = None
    source: Source = field(default=_NOWHERE, compare=False, repr=False)

    @property
    def line(self) -> int:
        """Number of its first line in its file."""
        return self.source.line_number(self.start)

    @property
    def text(self) -> str:
        """The line as written, heredoc included."""
        return self.source.text[self.start : self.end]

    def place(self, span: Span | None = None) -> Place:
        """Return the place of one of its words, or of the whole line."""
        return self.source.place(span or self)


@dataclass(frozen=True, slots=True)
class Parameter(Span):
    """`param NAME [= DEFAULT]`: a value that whoever runs the script gives.

    Attributes:
        name: its name; `$NAME` stands for its value.
        default: its value when none is given; None when one must be.
        source: the text that it stands in.
    """

    name: Name
    default: Word | None = None
    source: Source = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Script:
    """A text: its header and its command lines."""

    parameters: tuple[Parameter, ...] = ()
    lines: tuple[CommandLine, ...] = ()
    source: Source = field(default=_NOWHERE, compare=False, repr=False)
