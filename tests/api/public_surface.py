"""The public surface as text: every name, field, default and signature that a plugin may rely on.

`python -m tests.api.public_surface` writes `public_surface.txt` anew.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hfshell.api
import hfshell.testing
from hfshell.api.hooks import DECLARING, OBSERVING, HookSpecs
from hfshell.testing import CHECKS, fixtures
from tests.docs.made_of_api import _default, signature_of
from tests.docs.made_of_testing import fixture_names

FILE = Path(__file__).with_suffix(".txt")


def surface() -> str:
    """Return the surface, a line for each thing; what belongs to a class has its name before it."""
    lines = [
        *(line for name in hfshell.api.__all__ for line in _lines("api", name, getattr(hfshell.api, name))),
        *(f"hook {signature_of(HookSpecs, name)}" for name in (*DECLARING, *OBSERVING)),
        *(
            line
            for name in hfshell.testing.__all__
            for line in _lines("testing", name, getattr(hfshell.testing, name))
        ),
        *(f"fixture {_fixture(name)}" for name in fixture_names()),
        *(f"check {check.name}" for check in CHECKS),
    ]
    return "\n".join(lines) + "\n"


def _lines(module: str, name: str, value: Any) -> Iterator[str]:
    whole = f"{module}.{name}"
    if isinstance(value, type):
        yield f"{whole} ({_kind(value)})"
        yield from (f"{whole}.{line}" for line in _members(value))
    elif inspect.isfunction(value):
        yield f"{module}.{signature_of(getattr(hfshell, module), name)}"
    elif isinstance(value, int):
        yield f"{whole} = {value}"
    else:
        yield f"{whole}: {type(value).__name__}{_alias(value)}"


def _kind(value: type) -> str:
    if dataclasses.is_dataclass(value):
        frozen = value.__dataclass_params__.frozen  # type: ignore[attr-defined] # every dataclass has it
        return "frozen dataclass" if frozen else "dataclass"
    if getattr(value, "_is_protocol", False):
        return "protocol"
    return "error" if issubclass(value, Exception) else "class"


def _members(value: type) -> Iterator[str]:
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            default = _default(item).strip("`")
            only = ", by keyword" if item.kw_only else ""
            yield f"{item.name}: {_type(item.type)}{f' = {default}' if default else ''}{only}"
    elif "__init__" in vars(value) and not getattr(value, "_is_protocol", False):
        yield signature_of(value, "__init__")
    for base in value.__mro__:
        if not base.__module__.startswith("hfshell"):
            continue
        fields = {item.name for item in dataclasses.fields(value)} if dataclasses.is_dataclass(value) else ()
        names = [name for name in vars(base) if name not in fields]
        yield from (line for name in names for line in _member(value, base, name))
        promised = [
            name for name in vars(base).get("__annotations__", ()) if name not in (*fields, *vars(base))
        ]
        yield from (f"{name}: {_type(base.__annotations__[name])}" for name in promised if name[0] != "_")


def _member(value: type, base: type, name: str) -> Iterator[str]:
    member = vars(base)[name]
    if name.startswith("_") or next(kind for kind in value.__mro__ if name in vars(kind)) is not base:
        return
    if isinstance(member, (property, classmethod, staticmethod)) or inspect.isfunction(member):
        yield signature_of(base, name)
    else:
        yield f"{name} = {member!r}"


def _type(hint: Any) -> str:
    return hint if isinstance(hint, str) else inspect.formatannotation(hint)


def _alias(value: Any) -> str:
    return "" if type(value).__module__ == "pluggy._hooks" or not hasattr(value, "__args__") else f" {value}"


def _fixture(name: str) -> str:
    return signature_of(fixtures, name, getattr(fixtures, name)._get_wrapped_function())


if __name__ == "__main__":
    FILE.write_text(surface(), encoding="utf-8")
