"""What could stand at the cursor, typed, before anybody looks up candidates."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from hfshell.api.options import OptionField
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class Declared:
    """A command that exists: its declaration, and its fields with those that tasks add."""

    spec: CommandSpec
    fields: tuple[OptionField, ...]


@dataclass(frozen=True)
class Command:
    """A command, or a bound name to be shown.

    Attributes:
        binding: only what gives something that a name can hold.
    """

    binding: bool = False


@dataclass(frozen=True)
class OptionName:
    """One of these options."""

    fields: tuple[OptionField, ...]


@dataclass(frozen=True)
class OptionValue:
    """The value of an option or argument.

    Attributes:
        field: which one.
        spec: the command.
        beside: what the line's other words are, before the cursor and behind it, by field; several words of
            one field in order.
    """

    field: OptionField
    spec: CommandSpec
    beside: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Reference:
    """What may follow `$`: a name, a field of it, `env:` with a variable."""


@dataclass(frozen=True)
class Comparable:
    """A side of `expect`: NAME.field, or on the right the value that the left has now.

    Attributes:
        left: the left side, when this is the right one.
    """

    left: str = ""


@dataclass(frozen=True)
class Operator:
    """What compares in `expect`."""


@dataclass(frozen=True)
class File:
    """A path.

    Attributes:
        endings: of the files that are meant; any without one.
    """

    endings: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScriptParameter:
    """NAME=VALUE for a script's parameters.

    Attributes:
        file: the script, as written.
    """

    file: str


Suggestion = Command | OptionName | OptionValue | Reference | Comparable | Operator | File | ScriptParameter


@dataclass(frozen=True)
class Completing:
    """The unfinished word at the cursor.

    Attributes:
        start: offset in the text where what is typed of it begins; an insertion replaces it from there.
        typed: what it means so far, quotes and backslashes taken away.
        wanted: what could stand there, the likeliest first.
        quote: the quote that is open at the cursor, or nothing.
        closing: what follows once the word is complete: a space, `}` behind `${`, nothing behind `$`.
        command: the line's command; empty while it is not typed yet.
    """

    start: int
    typed: str
    wanted: tuple[Suggestion, ...]
    quote: str = ""
    closing: str = " "
    command: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that may stand there.

    Attributes:
        text: what it means, unquoted.
        meta: a few words on it.
        shown: as it stands in the menu, when that is not the text.
        final: whether the word is complete with it, so that what closes it may follow.
        written: whether the text is put in as it is, not quoted to mean itself: an operator.
        late: whether it comes behind all others that fit as well, for now it is of no use.
    """

    text: str
    meta: str = ""
    shown: str = ""
    final: bool = True
    written: bool = False
    late: bool = False
