"""What a checker is told of the commands, and what it finds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hfshell.errors import HfshellError, Place

if TYPE_CHECKING:
    from hfshell.language.tree import CommandLine


@dataclass(frozen=True)
class Problem:
    """A finding.

    Attributes:
        message: what is wrong, one line, no final full stop.
        place: where.
        hint: what to do about it.
    """

    message: str
    place: Place
    hint: str | None = None

    @classmethod
    def of(cls, error: HfshellError, fallback: Place) -> Problem:
        """Turn an error into a finding; `fallback` is its place when it knows none."""
        return cls(error.message, error.place or fallback, error.hint)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f" ({self.hint})" if self.hint else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as JSON types."""
        return {"schema": 1, "kind": "problem", **asdict(self)}


@dataclass(frozen=True)
class WordProblem:
    """What a command's declaration finds wrong with a line.

    Attributes:
        message: what is wrong, one line, no final full stop.
        index: which of the line's words; None for the command itself.
        hint: what to do about it.
    """

    message: str
    index: int | None = None
    hint: str | None = None


@dataclass(frozen=True)
class WordUse:
    """What a word stands for, as a command's declaration has it.

    Attributes:
        index: which of the line's words.
        text: the name or path in it: the word itself, or what stands behind `--option=`.
        kind: `name` a bound name or a field of one (`router`, `tickets.test`), nothing else will do ·
            `source` a bound name, or something that only the run can find (a model, a data set) ·
            `file` a file or folder that must be there · `output` one that the command writes.
    """

    index: int
    text: str
    kind: Literal["name", "source", "file", "output"]


@dataclass(frozen=True)
class Reading:
    """A line's words as its command's declaration reads them.

    Attributes:
        problems: what is wrong with them.
        uses: what they stand for.
        package_missing: the line asks for a package that is not here: commands, tasks and options that
            nobody knows may be that package's.
    """

    problems: Sequence[WordProblem] = ()
    uses: Sequence[WordUse] = ()
    package_missing: bool = False


class Vocabulary(Protocol):
    """The commands there are."""

    def names(self) -> Collection[str]:
        """Return the names of all commands, script words included."""

    def read(self, line: CommandLine) -> Reading:
        """Read the words of a line whose command exists.

        A word with a reference (`word.plain` is None) may be any one word: nothing is wrong with it.
        """
