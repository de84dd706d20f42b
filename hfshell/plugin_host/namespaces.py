"""The functions of Python and of hfshell, so that whoever replaces one while a plugin runs is undone."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from functools import cache
from types import BuiltinFunctionType, FunctionType
from typing import Any

_OURS = "hfshell"
_CODE = (FunctionType, BuiltinFunctionType, classmethod, staticmethod, property, type)
_MISSING = object()
_BUILTINS = vars(builtins)


class Namespaces:
    """Remembers what stands in Python's and hfshell's modules, and in the classes of the latter.

    Patches of other libraries are not seen: what they are for cannot be told from what they break.
    """

    def __init__(self) -> None:
        self._before: dict[str, dict[str, Any]] = {}

    def remember(self) -> None:
        """Remember how things are. Only what differs from the last time is copied: comparing is quicker."""
        for name, owner in _owners():
            now = vars(owner)
            if not _are_same(now, self._before.get(name)):
                self._before[name] = now.copy()

    def put_back(self) -> list[str]:
        """Put functions and classes back that were replaced or removed, and name them."""
        changed = self._repair_builtins()
        changed += [name for name, owner in _owners() for name in self._restore(name, owner)]
        if changed:
            self.remember()
        return changed

    def _repair_builtins(self) -> list[str]:
        """Put Python's own back first, and call none of them for it: the rest needs them."""
        changed = []
        for name, value in self._before["builtins"].items():
            if _BUILTINS.get(name, _MISSING) is not value and name != "_":  # `_`: Python's prompt sets it
                _BUILTINS[name] = value
                changed.append(f"builtins.{name}")
        return changed

    def _restore(self, name: str, owner: Any) -> Iterator[str]:
        now, before = vars(owner), self._before.get(name, {})
        if _are_same(now, before):
            return
        for attribute, value in before.items():
            if isinstance(value, _CODE) and now.get(attribute, _MISSING) is not value:
                setattr(owner, attribute, value)
                yield f"{name}.{attribute}"


def _owners() -> Iterator[tuple[str, Any]]:
    yield "builtins", builtins
    for name in list(sys.modules):
        if name != _OURS and not name.startswith("hfshell."):
            continue
        module = sys.modules[name]
        yield name, module
        for kind in _classes(name, len(vars(module))):
            yield f"{name}.{kind.__qualname__}", kind


@cache
def _classes(module: str, _size: int) -> tuple[type, ...]:
    """Return the classes that a module defines; looked for again when it has grown."""
    items = list(vars(sys.modules[module]).values())
    return tuple(item for item in items if isinstance(item, type) and item.__module__ == module)


def _are_same(now: Any, before: dict[str, Any] | None) -> bool:
    try:
        return bool(now == before)
    except Exception:  # noqa: BLE001 - a value that cannot be compared is another one
        return False
