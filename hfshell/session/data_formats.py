"""Formats of data files that plugins give, each imported when a file of it is read."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.specs import DataFormatSpec
from hfshell.data import ForeignFormat, Formats

if TYPE_CHECKING:
    from hfshell.plugin_host import PluginHost

_SECONDS = 0.1
"""How long a reader runs before it is asked whether the user wants it to stop."""

_NO_MORE = object()


def plugin_formats(plugins: PluginHost) -> Formats:
    """Return what plugins read, by the ends of files' names; of two that read one the first stands."""
    by_ending: dict[str, ForeignFormat] = {}
    for spec in plugins.data_formats():
        for ending in spec.endings:
            by_ending.setdefault(ending.lower(), _format(spec, plugins))
    return Formats(by_ending, lambda ending: plugins.giver_hint(DataFormatSpec, ending.lower()))


def _format(spec: DataFormatSpec, plugins: PluginHost) -> ForeignFormat:
    provider = plugins.provider(spec)
    given = f" ({provider.distribution} {provider.version})" if provider else ""

    def read(path: Path) -> Iterator[Any]:
        function = plugins.resolve(spec.target, owner=spec.name)
        what = f"reading {path.name}"
        each = plugins.run(spec, what, lambda: iter(function(path)))
        while rows := plugins.run(spec, what, _some, each):
            yield from rows

    return ForeignFormat(f"format {spec.name}{given}", read)


def _some(each: Iterator[Any]) -> list[Any]:
    """Take rows for a moment: containing a plugin's code takes longer than most rows do."""
    until = time.monotonic() + _SECONDS
    rows = list(islice(each, 1))
    while rows and time.monotonic() < until and (row := next(each, _NO_MORE)) is not _NO_MORE:
        rows.append(row)
    return rows
