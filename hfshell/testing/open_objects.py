"""Objects that declarations can name: a target is words, and what a test has is objects."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

OPEN = SimpleNamespace()
"""The objects in use, each under a name of its own."""

_COUNT = itertools.count(1)


def open_object(thing: object) -> str:
    """Give an object a name, and return the beginning of targets in it: `…:OPEN.object1`."""
    name = f"object{next(_COUNT)}"
    setattr(OPEN, name, thing)
    return f"{__name__}:OPEN.{name}"


def close_object(target: str) -> None:
    """Forget an object that was opened."""
    delattr(OPEN, target.rpartition(".")[2])
