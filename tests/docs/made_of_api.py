"""Parts of the documentation that are made from `hfshell.api`: fields, methods, roles, signatures."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap
import typing
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import hfshell.api
import hfshell.testing
from hfshell.api import results, roles
from hfshell.api.options import Completion
from tests.docs.attributes import attributes, summary


def fields(name: str) -> str:
    """A table of a dataclass: name, type, default and meaning of each field."""
    kind = _found(name)
    meanings = attributes(kind)
    rows = [
        (f"`{item.name}`", f"`{_type(item.type)}`", _default(item), meanings.get(item.name, ""))
        for item in dataclasses.fields(kind)
    ]
    if not any(row[3] for row in rows):
        return table(("field", "type", "default"), [row[:3] for row in rows])
    return table(("field", "type", "default", "meaning"), rows)


def attribute_table(name: str) -> str:
    """A table of the attributes of a class that is no dataclass: name and meaning."""
    return table(
        ("attribute", "meaning"), [(f"`{name}`", text) for name, text in attributes(_found(name)).items()]
    )


def methods(name: str) -> str:
    """A list of the methods and properties of a class, each with its signature and what it does."""
    kind = _found(name)
    lines = [f"- `{signature_of(kind, member)}`: {_first(getattr(kind, member))}" for member in members(kind)]
    return "\n".join(_wrapped(line) for line in lines)


def role_kinds() -> str:
    """A table of the roles that can be made by name, with the columns that are taken for them."""
    rows = []
    makers = [name for name, member in vars(roles.Role).items() if isinstance(member, classmethod)]
    for maker in makers:
        role = getattr(roles.Role, maker)()
        names = ", ".join(f"`{name}`" for name in role.synonyms)
        rows.append((f"`Role.{maker}()`", f"`{role.name}`", f"`{role.kind}`", names))
    return table(("made by", "name", "kind", "columns that are taken for it, the best first"), rows)


def completions() -> str:
    """The words that `complete=` takes."""
    words = ", ".join(f"`{word}`" for word in typing.get_args(Completion))
    return textwrap.fill(words, 110, break_on_hyphens=False)


def styles() -> str:
    """The styles of a `Span`."""
    return ", ".join(f"`{word}`" for word in typing.get_args(hfshell.api.Style))


def signature(name: str) -> str:
    """A function's signature, as a block of code."""
    lines = textwrap.wrap(signature_of(hfshell.api, name), 100, subsequent_indent="       ")
    return "\n".join(("```text", *lines, "```"))


def members(kind: type) -> list[str]:
    """Return the public methods and properties that a class itself defines, in its order."""
    return [
        name
        for name, value in vars(kind).items()
        if not name.startswith("_") and (callable(value) or isinstance(value, (property, classmethod)))
    ]


def signature_of(owner: Any, name: str, function: Any = None) -> str:
    """Return how something is called: `name(a: int, b: str = "x") -> None`; a property has no brackets.

    Args:
        owner: the class or module that has it.
        name: its name there.
        function: what to look at instead, when it hides behind something.
    """
    member = function or inspect.getattr_static(owner, name)
    if isinstance(member, property):
        return f"{name}: {member.fget.__annotations__['return']}"
    function = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
    found = inspect.signature(function)
    bound = isinstance(owner, type) and not isinstance(member, staticmethod)
    parameters = [_readable(item) for item in list(found.parameters.values())[int(bound) :]]
    gives = found.return_annotation
    return name + str(found.replace(parameters=parameters, return_annotation=_without_quotes(gives)))


class _AsWritten(str):
    """A text whose `repr` has no quotes: an annotation is a text in the sources, and none for readers."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _without_quotes(annotation: Any) -> Any:
    return _AsWritten(annotation) if isinstance(annotation, str) else annotation


def _readable(parameter: inspect.Parameter) -> inspect.Parameter:
    """Show a default that stands for none as `...`."""
    default = _AsWritten("...") if parameter.default is dataclasses.MISSING else parameter.default
    return parameter.replace(annotation=_without_quotes(parameter.annotation), default=default)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table; a bar in a cell is escaped."""
    ruler = "|---" * len(head) + "|"
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in (head, *rows)]
    return "\n".join((lines[0], ruler, *lines[1:]))


def _found(name: str) -> Any:
    home = next(home for home in (hfshell.api, results, hfshell.testing) if hasattr(home, name))
    return getattr(home, name)


def _type(hint: Any) -> str:
    return hint if isinstance(hint, str) else inspect.formatannotation(hint)


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"`{_shown(field.default_factory())}`"
    return "" if field.default is dataclasses.MISSING else f"`{_shown(field.default)}`"


def _shown(value: Any) -> str:
    if isinstance(value, frozenset) and value:
        return f"{{{', '.join(repr(item) for item in sorted(value))}}}"
    if isinstance(value, (Mapping, MappingProxyType)):
        return repr(dict(value))
    return repr(value)


def _wrapped(line: str) -> str:
    return textwrap.fill(line, 110, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _first(member: Any) -> str:
    """Return the first paragraph of what a docstring says."""
    text = summary(member.fget if isinstance(member, property) else member)
    first = text.partition("\n\n")[0]
    return first[:1].lower() + first[1:]


MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "fields": fields,
        "attributes": attribute_table,
        "methods": methods,
        "signature": signature,
        "role-kinds": role_kinds,
        "completions": completions,
        "styles": styles,
    }
)
