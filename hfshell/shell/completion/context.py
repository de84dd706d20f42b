"""Where the cursor stands: the text around it → what could stand there. Pure; pgcli's way."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hfshell.api.options import OptionField
from hfshell.language import Cursor, Word, cursor_at
from hfshell.render.export import FORMATS
from hfshell.shell.completion.line import LineWords
from hfshell.shell.completion.suggestions import (
    Command,
    Comparable,
    Completing,
    Declared,
    File,
    Operator,
    OptionName,
    OptionValue,
    Reference,
    ScriptParameter,
    Suggestion,
)

Find = Callable[[str, Sequence[Word]], Declared | None]
"""Finds a command by its name; the words on its line say which task's options it may have."""

_KEYED = re.compile(r"[^\W\d]\w*=")
_RIGHT = 2


def completing(text: str, position: int, find: Find) -> Completing | None:
    """Say what could stand at the cursor.

    Args:
        text: all of it.
        position: where the cursor is.
        find: finds a command by its name.

    Returns:
        The unfinished word and what it could become; None where nothing can be offered.
    """
    cursor = cursor_at(text, position)
    before = text[:position]
    match cursor.kind:
        case "command":
            return _wanting(cursor, Command(cursor.binds))
        case "redirect":
            return _wanting(cursor, File(FORMATS))
        case "reference":
            closing = "}" if before[cursor.start - 1] == "{" else ""
            command = cursor.command or ""
            return Completing(cursor.start, cursor.typed, (Reference(),), closing=closing, command=command)
        case "word":
            return _argument(before, cursor, find)
        case _:
            return None


def _wanting(cursor: Cursor, *wanted: Suggestion, behind: int = 0) -> Completing:
    """Build the answer; `behind` characters of the word are not replaced."""
    start, typed = cursor.start + behind, cursor.typed[behind:]
    return Completing(start, typed, wanted, cursor.quote, command=cursor.command or "")


def _argument(before: str, cursor: Cursor, find: Find) -> Completing | None:
    words = (*cursor.words, *cursor.behind)
    declared = find(cursor.command, words) if cursor.command else None
    if declared is None:
        return None
    if declared.spec.raw:
        return _raw(cursor, declared, find)
    line = LineWords.read(declared.fields, cursor.words, cursor.behind)
    if before.startswith("-", cursor.start):
        return _option(cursor, declared, line)
    if line.pending is not None:
        return _value(cursor, declared, line.pending, line)
    return _positional(before, cursor, declared, line)


def _raw(cursor: Cursor, declared: Declared, find: Find) -> Completing | None:
    """Words of `expect` compare, those of `help` name something; those of other raw commands are free."""
    place = len(cursor.words)
    if declared.spec.name == "expect":
        left = cursor.words[0].raw if cursor.words else ""
        wanted: tuple[Suggestion, ...] = (Comparable(), Operator(), Comparable(left))
        return _wanting(cursor, wanted[place]) if place <= _RIGHT else None
    field = next(iter(declared.fields), None)
    if field is None or field.info.complete is None:
        return None
    if place == 0:
        return _wanting(cursor, OptionValue(field, declared.spec))
    named = find(cursor.words[0].plain or "", ())
    options = tuple(item for item in named.fields if not item.info.positional) if named else ()
    return _wanting(cursor, OptionName(options)) if options else None


def _option(cursor: Cursor, declared: Declared, line: LineWords) -> Completing | None:
    flag, equals, _ = cursor.typed.partition("=")
    if not equals:
        return _wanting(cursor, OptionName(line.options_left()))
    found = line.option(flag)
    return _wanting(cursor, _of(found, declared, line), behind=len(flag) + 1) if found else None


def _of(field: OptionField, declared: Declared, line: LineWords) -> OptionValue:
    return OptionValue(field, declared.spec, line.beside)


def _value(cursor: Cursor, declared: Declared, pending: OptionField, line: LineWords) -> Completing:
    if pending.info.optional_value is None or cursor.typed:
        return _wanting(cursor, _of(pending, declared, line))
    return _wanting(cursor, _of(pending, declared, line), OptionName(line.options_left()))


def _positional(before: str, cursor: Cursor, declared: Declared, line: LineWords) -> Completing:
    argument = line.next_argument()
    options = OptionName(line.options_left())
    if argument is None:
        return _wanting(cursor, options)
    if argument.name == "parameters":
        return _wanting(cursor, ScriptParameter(next(iter(line.beside.get("file", ())), "")))
    keyed = _KEYED.match(before, cursor.start) if argument.many else None
    if keyed and argument.info.complete == "data":
        return _wanting(cursor, _of(argument, declared, line), behind=len(keyed[0]))
    if cursor.typed or not options.fields or (argument.required and not line.arguments):
        return _wanting(cursor, _of(argument, declared, line))
    return _wanting(cursor, _of(argument, declared, line), options)
