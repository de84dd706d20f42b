"""What is wrong with a declared option: a default that it would not take itself, help that is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING
from typing import Any, get_args

from hfshell.api.options import Completion, OptionField

_COMPLETIONS: tuple[str, ...] = get_args(Completion)


def option_faults(field: OptionField) -> Iterator[str]:
    """Say what is wrong with an option or argument, one thing after another; nothing where it is sound."""
    if field.name.startswith("_"):
        yield "its name begins with _"
    wrong = [*_word_faults(field), *_bound_faults(field)]
    yield from wrong or _default_faults(field)


def _word_faults(field: OptionField) -> Iterator[str]:
    info = field.info
    if not isinstance(info.help, str) or "\n" in info.help:
        yield "help is one line of text"
    if not isinstance(info.choices, (tuple, list)) or not all(isinstance(word, str) for word in info.choices):
        yield "choices is a tuple of text"
    elif info.choices and field.type is not str:
        yield "choices are for text; an int or a float has minimum and maximum"
    if info.complete is not None and info.complete not in _COMPLETIONS:
        yield f"complete: there is no {info.complete!r}; there is {', '.join(_COMPLETIONS)}"
    for what in ("metavar", "optional_value"):
        if not isinstance(getattr(info, what), str | None):
            yield f"{what} is text"


def _bound_faults(field: OptionField) -> Iterator[str]:
    low, high = field.info.minimum, field.info.maximum
    if not all(bound is None or type(bound) in (int, float) for bound in (low, high)):
        yield "minimum and maximum are numbers"
    elif low is not None and high is not None and low > high:
        yield f"its minimum {low} is above its maximum {high}"


def _default_faults(field: OptionField) -> Iterator[str]:
    default = field.default
    if default is MISSING or (default is None and (field.optional or field.many)):
        return
    if field.many and type(default) is not tuple:
        yield f"its default {default!r} is no tuple"
        return
    for value in default if field.many else (default,):
        yield from _value_faults(field, value)


def _value_faults(field: OptionField, value: Any) -> Iterator[str]:
    """Exact types: what is kept in a file comes back as the plain type, and not as one derived from it."""
    if type(value) is not field.type and not (field.type is float and type(value) is int):
        yield f"its default {value!r} is no {field.type.__name__}"
    elif field.info.choices and value not in field.info.choices:
        yield f"its default {value!r} is none of its choices"
    elif field.type in (int, float) and not _is_within(field, value):
        yield f"its default {value} is outside its range"


def _is_within(field: OptionField, value: Any) -> bool:
    low, high = field.info.minimum, field.info.maximum
    return (low is None or value >= low) and (high is None or value <= high)
