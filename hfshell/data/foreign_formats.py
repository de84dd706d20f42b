"""The formats of data files that plugins read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ForeignFormat:
    """A format of a plugin.

    Attributes:
        who: the format and the plugin that gives it, for errors.
        read: called with a file's path; yields rows.
    """

    who: str
    read: Callable[[Path], Iterable[Any]]


@dataclass(frozen=True)
class Formats:
    """What plugins read.

    Attributes:
        by_ending: their formats, by the end of a file's name, in small letters.
        giver_hint: says who reads an ending that no plugin in use reads, if it is known.
    """

    by_ending: Mapping[str, ForeignFormat] = field(default_factory=dict)
    giver_hint: Callable[[str], str | None] = lambda _ending: None


NO_FORMATS = Formats()
