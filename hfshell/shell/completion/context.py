"""Where the cursor stands: the text before it → what could stand there. Pure; pgcli's way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from hfshell.api.options import OptionField
from hfshell.language import Cursor, Word, cursor_at_end
from hfshell.shell.completion.suggestions import (
    Command,
    Comparable,
    Completing,
    Declared,
    File,
    OptionName,
    OptionValue,
    Reference,
    ScriptParameter,
    Suggestion,
)

Find = Callable[[str], Declared | None]
"""Finds a command by its name."""

_KEYED = re.compile(r"[^\W\d]\w*=")


def completing(before: str, find: Find) -> Completing | None:
    """Say what could stand at the cursor.

    Args:
        before: all text before it.
        find: finds a command by its name.

    Returns:
        The unfinished word and what it could become; None where nothing can be offered.
    """
    cursor = cursor_at_end(before)
    match cursor.kind:
        case "command":
            return _wanting(cursor, Command())
        case "redirect":
            return _wanting(cursor, File())
        case "reference":
            closing = "}" if before[cursor.start - 1] == "{" else ""
            return Completing(cursor.start, cursor.typed, (Reference(),), closing=closing)
        case "word":
            return _argument(before, cursor, find)
        case _:
            return None


def _wanting(cursor: Cursor, *wanted: Suggestion, behind: int = 0) -> Completing:
    """Build the answer; `behind` characters of the word are not replaced."""
    return Completing(cursor.start + behind, cursor.typed[behind:], wanted, cursor.quote)


def _argument(before: str, cursor: Cursor, find: Find) -> Completing | None:
    declared = find(cursor.command) if cursor.command else None
    if declared is None:
        return None
    if declared.spec.raw:
        return _wanting(cursor, Comparable()) if declared.spec.name == "expect" else None
    so_far = _SoFar(declared.fields).read(cursor.words)
    if before.startswith("-", cursor.start):
        return _option(cursor, so_far)
    if so_far.pending is not None:
        return _value(cursor, so_far.pending, so_far)
    return _positional(before, cursor, so_far)


def _option(cursor: Cursor, so_far: _SoFar) -> Completing | None:
    flag, equals, _ = cursor.typed.partition("=")
    if not equals:
        return _wanting(cursor, OptionName(so_far.options_left()))
    found = so_far.option(flag)
    return _wanting(cursor, OptionValue(found), behind=len(flag) + 1) if found else None


def _value(cursor: Cursor, pending: OptionField, so_far: _SoFar) -> Completing:
    if pending.info.optional_value is None or cursor.typed:
        return _wanting(cursor, OptionValue(pending))
    return _wanting(cursor, OptionValue(pending), OptionName(so_far.options_left()))


def _positional(before: str, cursor: Cursor, so_far: _SoFar) -> Completing:
    argument = so_far.next_argument()
    options = OptionName(so_far.options_left())
    if argument is None:
        return _wanting(cursor, options)
    if argument.name == "parameters":
        return _wanting(cursor, ScriptParameter(so_far.first))
    keyed = _KEYED.match(before, cursor.start) if argument.many else None
    if keyed and argument.info.complete == "data":
        return _wanting(cursor, File(), behind=len(keyed[0]))
    if cursor.typed or not options.fields or (argument.required and not so_far.arguments):
        return _wanting(cursor, OptionValue(argument))
    return _wanting(cursor, OptionValue(argument), options)


@dataclass
class _SoFar:
    """What the words between command and cursor say already."""

    fields: Sequence[OptionField]
    arguments: int = 0
    first: str = ""
    given: set[str] = field(default_factory=set)
    pending: OptionField | None = None

    def read(self, words: Iterable[Word]) -> _SoFar:
        for word in words:
            if word.raw.startswith("-"):
                self._read_option(word.raw)
            elif self.pending is not None:
                self.pending = None
            else:
                self.arguments += 1
                self.first = self.first or word.plain or ""
        return self

    def _read_option(self, raw: str) -> None:
        flag, equals, _ = raw.partition("=")
        found = self.option(flag)
        wants_value = found is not None and found.type is not bool and not equals
        self.pending = found if wants_value else None
        if found is not None:
            self.given.add(found.name)

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
