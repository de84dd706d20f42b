"""Options as declarations: one frozen dataclass drives parsing, help, completion, `check` and JSON.

Example::

    @dataclass(frozen=True)
    class PredictOptions:
        top_k: int = option(3, "How many labels to show", minimum=1)

A field's type says how its word is read: `str`, `int`, `float`, `bool` (a flag with a `--no-` twin), or
one of these `| None`, or `tuple[str, ...]` for an option that may be given more than once.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import MISSING, dataclass
from typing import Any, Literal

Completion = Literal[
    "alias", "architecture", "bound-model", "command", "data", "device", "file", "folder", "guard",
    "label", "label-map", "model", "name", "plugin", "role-map", "run", "session", "setting", "setting-value",
    "split", "subject", "task", "text",
]  # fmt: skip
"""What a word stands for, so that the prompt can offer candidates.

Most say themselves what they are. `bound-model`: a name or `_`, where `model` may also be a source. `name`:
any bound name, its splits and fields. `text`: a text of the user's, or bound data. `label`: labels between
commas. `label-map`: A=B between commas, a label of the data and what the model calls it. `role-map`:
ROLE=COLUMN.
"""

_METADATA_KEY = "hfshell"


@dataclass(frozen=True)
class OptionInfo:
    """What an option's declaration says beyond its name, type and default."""

    help: str
    positional: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    complete: Completion | None = None
    metavar: str | None = None
    optional_value: str | None = None


@dataclass(frozen=True)
class OptionField:
    """One option or argument of a declaration, resolved: what a parser, a completer and help need.

    Attributes:
        name: the dataclass field's name, `learning_rate`.
        flag: as typed, `--learning-rate`; for an argument its metavar, `MODEL`.
        type: the word's type: str, int, float or bool.
        many: whether it takes several words.
        optional: whether None is a value.
        default: the default, `dataclasses.MISSING` when it must be given.
        info: the declaration.
    """

    name: str
    flag: str
    type: type
    many: bool
    optional: bool
    default: Any
    info: OptionInfo

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is MISSING


def option(
    default: Any,
    help: str,  # noqa: A002 - the word that authors expect
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    complete: Completion | None = None,
    metavar: str | None = None,
    optional_value: str | None = None,
) -> Any:
    """Declare an option, `--name VALUE`.

    Example::

        limit: int | None = option(None, "Only so many rows", minimum=1)
        style: str = option("short", "How much to say", choices=("short", "long"))

    Args:
        default: its value when it is not given.
        help: one line, no final full stop.
        minimum: smallest number allowed.
        maximum: largest number allowed.
        choices: the only words allowed.
        complete: what its value stands for.
        metavar: the value's name in help.
        optional_value: value when the option is given bare, `--resume` for `--resume=last`.
    """
    info = OptionInfo(help, False, minimum, maximum, choices, complete, metavar, optional_value)
    return option_field(info, default)


def argument(
    help: str,  # noqa: A002 - the word that authors expect
    *,
    default: Any = MISSING,
    complete: Completion | None = None,
    metavar: str | None = None,
    choices: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
) -> Any:
    """Declare a positional argument; without a default it must be given.

    Example::

        model: str = argument("A bound model", complete="model", metavar="MODEL")
        texts: tuple[str, ...] = argument("Texts", default=(), metavar="TEXT")

    Args:
        help: one line, no final full stop.
        default: its value when it is not given.
        complete: what the word stands for.
        metavar: its name in help.
        choices: the only words allowed.
        minimum: smallest number allowed.
        maximum: largest number allowed.
    """
    info = OptionInfo(help, True, minimum, maximum, choices, complete, metavar)
    return option_field(info, default)


def option_field(info: OptionInfo, default: Any = MISSING) -> Any:
    """Return a dataclass field that carries a declaration already made."""
    return dataclasses.field(default=default, metadata={_METADATA_KEY: info})


def option_fields(declaration: type) -> tuple[OptionField, ...]:
    """Resolve the options of a dataclass, in the order of their declaration.

    Raises:
        TypeError: a field has no `option()`/`argument()`, or a type that no word can be read as.
    """
    hints = typing.get_type_hints(declaration)
    return tuple(_resolve(field, hints[field.name], declaration) for field in dataclasses.fields(declaration))


def _resolve(field: dataclasses.Field[Any], hint: Any, declaration: type) -> OptionField:
    info = field.metadata.get(_METADATA_KEY)
    if not isinstance(info, OptionInfo):
        raise TypeError(
            f"{declaration.__qualname__}.{field.name} is not declared with option() or argument()"
        )
    optional, hint = _without_none(hint)
    many = typing.get_origin(hint) is tuple
    if many:
        hint, *others = typing.get_args(hint)
        if others != [...]:
            raise TypeError(
                f"{declaration.__qualname__}.{field.name}: a tuple is of any length, tuple[str, ...]"
            )
    if hint not in (str, int, float, bool):
        raise TypeError(f"{declaration.__qualname__}.{field.name}: no word can be read as {hint!r}")
    dashed = field.name.rstrip("_").replace("_", "-")
    flag = (info.metavar or dashed.upper()) if info.positional else f"--{dashed}"
    return OptionField(field.name, flag, hint, many, optional, field.default, info)


def _without_none(hint: Any) -> tuple[bool, Any]:
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return False, hint
    members = [member for member in typing.get_args(hint) if member is not type(None)]
    if len(members) != 1:
        return False, hint
    return True, members[0]
