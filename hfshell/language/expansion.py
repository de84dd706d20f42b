"""Expansion: one word in, one text out; never split again, never globbed, and nothing undefined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hfshell.errors import HfshellError, UsageError
from hfshell.language.suggest import did_you_mean
from hfshell.language.tokens import Text

if TYPE_CHECKING:
    from collections.abc import Collection

    from hfshell.language.source import Source
    from hfshell.language.tokens import Reference, Word


class Lookup(Protocol):
    """What references stand for."""

    def value(self, name: str, field: str | None) -> str:
        """Return the text of a plain value, or of a result's field.

        Raises:
            KeyError: the name is not bound, or has no such field (or without one, no text of its own).
            HfshellError: there is more to say; it gets the reference's place.
        """

    def environment(self, name: str) -> str:
        """Return a variable of the environment.

        Raises:
            KeyError: it is not set.
        """

    def names(self) -> Collection[str]:
        """Return the names that are bound."""

    def fields(self, name: str) -> Collection[str]:
        """Return the fields of a bound name; none for a plain value."""


def expand(word: Word, lookup: Lookup, source: Source) -> str:
    """Return what a word means, its references replaced by what they stand for.

    Args:
        word: a word, or the body of a heredoc.
        lookup: what references stand for.
        source: the text that the word stands in, for the place of an error.

    Raises:
        UsageError: a reference stands for nothing; carries its place, and near names as the hint.
    """
    texts = [
        part.text if isinstance(part, Text) else _expand_reference(part, lookup, source)
        for part in word.parts
    ]
    return "".join(texts)


def unbound(name: str, names: Collection[str]) -> tuple[str, str]:
    """Return message and hint for a name that nothing is bound to."""
    return f"nothing is called {name}", did_you_mean(name, names) or f"bind it first: {name} = …"


def without_field(reference: Reference, fields: Collection[str]) -> tuple[str, str]:
    """Return message and hint for a bound name that cannot be read as the reference wants."""
    name, field = reference.name, reference.field
    if field is None:
        some = next(iter(fields), "FIELD")
        known = f"; it has {', '.join(fields)}" if fields else ""
        return f"{name} is no plain value", f"take one of its fields, ${{{name}.{some}}}{known}"
    near = did_you_mean(field, fields)
    if near:
        return f"{name} has no field {field}", near
    if fields:
        return f"{name} has no field {field}", f"it has {', '.join(sorted(fields))}"
    return f"{name} has no fields", f"to put text behind it write ${{{name}}}.{field}"


def _expand_reference(reference: Reference, lookup: Lookup, source: Source) -> str:
    try:
        if reference.environment:
            return lookup.environment(reference.name)
        return lookup.value(reference.name, reference.field)
    except HfshellError as error:
        raise error.at(source.place(reference)) from None
    except KeyError:
        message, hint = _undefined(reference, lookup)
    raise UsageError(message, place=source.place(reference), hint=hint)


def _undefined(reference: Reference, lookup: Lookup) -> tuple[str, str]:
    name = reference.name
    if reference.environment:
        return f"the environment has no variable {name}", "set it before hfshell starts"
    if name not in lookup.names():
        return unbound(name, lookup.names())
    return without_field(reference, lookup.fields(name))
