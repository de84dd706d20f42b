"""The words of a command's line, as its declaration reads them: which option or argument each one is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hfshell.api.options import OptionField
from hfshell.language import Word


@dataclass
class LineWords:
    """What the words between a command and the cursor say already, and those behind it.

    Attributes:
        fields: the options and arguments that the line may have.
        arguments: how many words before the cursor are arguments.
        given: options that stand on the line.
        pending: the option whose value comes next.
        beside: the plain words by field.
    """

    fields: Sequence[OptionField]
    arguments: int = 0
    given: set[str] = field(default_factory=set)
    pending: OptionField | None = None
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, fields: Sequence[OptionField], before: Iterable[Word], behind: Iterable[Word]) -> LineWords:
        """Read the words of a line.

        Args:
            fields: the options and arguments that it may have.
            before: between the command and the cursor.
            behind: behind the cursor; an argument among them stands one place further on, for the word at the
                cursor is one too, unless it is an option.
        """
        line = cls(fields)
        for word in before:
            line._take(word)
        rest = cls(fields, arguments=line.arguments + (line.pending is None))
        for word in behind:
            rest._take(word)
        line.given |= rest.given
        for name, words in rest.beside.items():
            line.beside[name] = (*line.beside.get(name, ()), *words)
        return line

    def option(self, flag: str) -> OptionField | None:
        """The option that a flag names, also by its `--no-` twin."""
        flags = (flag, flag.replace("--no-", "--", 1))
        return next((item for item in self.fields if item.flag in flags and not item.info.positional), None)

    def next_argument(self) -> OptionField | None:
        """The argument that the next word would be."""
        arguments = [item for item in self.fields if item.info.positional]
        if self.arguments < len(arguments):
            return arguments[self.arguments]
        return arguments[-1] if arguments and arguments[-1].many else None

    def options_left(self) -> tuple[OptionField, ...]:
        """The options that may still be given."""
        options = [item for item in self.fields if not item.info.positional]
        return tuple(item for item in options if item.many or item.name not in self.given)

    def _take(self, word: Word) -> None:
        if word.raw.startswith("-"):
            self._take_option(word.raw)
        elif self.pending is not None:
            self._note(self.pending, word)
            self.pending = None
        else:
            if argument := self.next_argument():
                self._note(argument, word)
            self.arguments += 1

    def _take_option(self, raw: str) -> None:
        flag, equals, value = raw.partition("=")
        found = self.option(flag)
        wants_value = found is not None and found.type is not bool and not equals
        self.pending = found if wants_value else None
        if found is not None:
            self.given.add(found.name)
            if equals:
                self.beside[found.name] = (*self.beside.get(found.name, ()), value)

    def _note(self, found: OptionField, word: Word) -> None:
        if word.plain:
            self.beside[found.name] = (*self.beside.get(found.name, ()), word.plain)
