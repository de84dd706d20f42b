"""Which plugins are installed: names and distributions only, nothing imported."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

TASKS = "hfshell.tasks"
PLUGINS = "hfshell.plugins"
ALLOW_VARIABLE = "HFSHELL_PLUGINS"
UNKNOWN = "unknown"
DENY_VARIABLE = "HFSHELL_DISABLE_PLUGINS"
_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
USED_HERE = "used-here"
"""Stands for the distribution of a plugin that no package ships: a test or a notebook uses it as it is."""


@dataclass(frozen=True)
class Discovered:
    """An entry point: a plugin's name, and the module that is imported on its first mention.

    Attributes:
        name: entry-point name; for a task, the task's name.
        group: `hfshell.tasks` or `hfshell.plugins`.
        module: `package.module`.
        distribution, version: of the package that ships it.
        disabled: why it must not be imported, or None.
        fault: what is wrong with how its distribution lists it, or None.
    """

    name: str
    group: str
    module: str
    distribution: str
    version: str
    disabled: str | None = None
    fault: str | None = None

    @property
    def built_in(self) -> bool:
        """Whether hfshell's own package ships it."""
        return self.distribution == "hfshell"

    @property
    def label(self) -> str:
        """Name, distribution and version, as errors give them."""
        return f"{self.name} ({self.distribution} {self.version})"

    def is_called(self, names: Collection[str]) -> bool:
        """Whether names hold the plugin's, or its distribution's."""
        return self.name in names or self.distribution in names


def discover(*, none_because: str | None = None, disabled: Collection[str] = ()) -> tuple[Discovered, ...]:
    """List installed plugins, filtered before any of them is imported.

    Args:
        none_because: why only what hfshell ships is used, `--no-plugins` say; None to use all.
        disabled: names of plugins or distributions that the user switched off.

    The environment filters too: `HFSHELL_PLUGINS=a,b` allows only those names (and the built-in ones),
    `HFSHELL_DISABLE_PLUGINS=x,y` blocks names.
    """
    found = {(point.group, point.name, point.value): point for point in _entry_points()}
    plugins = _describe(list(found.values()))
    allowed, denied = _names(ALLOW_VARIABLE), _names(DENY_VARIABLE)
    return tuple(
        replace(plugin, disabled=_why_not(plugin, none_because, allowed, denied, disabled))
        for plugin in sorted(plugins, key=lambda plugin: (not plugin.built_in, plugin.group, plugin.name))
    )


def _entry_points() -> Iterator[metadata.EntryPoint]:
    """Yield the entry points of both groups; a distribution whose list cannot be read has none."""
    try:
        listed = metadata.entry_points()
        yield from [point for group in (TASKS, PLUGINS) for point in listed.select(group=group)]
    except Exception:  # noqa: BLE001 - one package's broken file; found by looking at each alone
        for distribution in metadata.distributions():
            with contextlib.suppress(Exception):
                yield from (point for point in distribution.entry_points if point.group in (TASKS, PLUGINS))


def installed() -> tuple[str, ...]:
    """Return what changes when a package is installed or removed: each folder of packages, and its time.

    Only folders that hold packages count, so that shell and kernel, which begin with other paths, agree.
    """
    folders = dict.fromkeys(os.path.realpath(folder) for folder in sys.path if folder)
    return tuple(f"{folder}@{changed}" for folder in sorted(folders) if (changed := _changed(folder)))


def _changed(folder: str) -> int:
    try:
        names = (path.name for path in Path(folder).iterdir())
        holds_packages = any(name.endswith((".dist-info", ".egg-info")) for name in names)
        return Path(folder).stat().st_mtime_ns if holds_packages else 0
    except OSError:
        return 0


def _describe(points: Sequence[metadata.EntryPoint]) -> Iterator[Discovered]:
    """Describe entry points, whatever their distributions wrote: one bad package must not hide the others."""
    known: dict[int, tuple[str, str]] = {}  # by distribution, for each look into one parses a file
    for point in points:
        if id(point.dist) not in known:
            known[id(point.dist)] = _distribution(point.dist)
        name, version = known[id(point.dist)]
        module = point.value.partition("[")[0].partition(":")[0].strip()
        fault = None if _MODULE.fullmatch(module) else f"its entry point names no module: {point.value}"
        yield Discovered(point.name, point.group, module, name, version, fault=fault)


def _distribution(found: metadata.Distribution | None) -> tuple[str, str]:
    if found is None:
        return UNKNOWN, UNKNOWN
    about = found.metadata
    return about["Name"] or UNKNOWN, about["Version"] or UNKNOWN


def _why_not(
    plugin: Discovered,
    none_because: str | None,
    allowed: frozenset[str] | None,
    denied: frozenset[str] | None,
    disabled: Collection[str],
) -> str | None:
    if plugin.is_called(denied or ()):
        return f"{DENY_VARIABLE} names it"
    if plugin.is_called(disabled):
        return f"it was switched off; `plugins enable {plugin.name}` switches it on"
    if plugin.built_in:
        return None
    if none_because is not None:
        return none_because
    if allowed is not None and not plugin.is_called(allowed):
        return f"{ALLOW_VARIABLE} does not name it"
    return None


def _names(variable: str) -> frozenset[str] | None:
    value = os.environ.get(variable)
    if value is None:
        return None
    return frozenset(name.strip() for name in value.split(",") if name.strip())
