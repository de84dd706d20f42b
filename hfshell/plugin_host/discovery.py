"""Which plugins are installed: names and distributions only, nothing imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path

TASKS = "hfshell.tasks"
PLUGINS = "hfshell.plugins"
ALLOW_VARIABLE = "HFSHELL_PLUGINS"
UNKNOWN = "unknown"
DENY_VARIABLE = "HFSHELL_DISABLE_PLUGINS"
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
    """

    name: str
    group: str
    module: str
    distribution: str
    version: str
    disabled: str | None = None

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


def discover(*, third_party: bool = True, disabled: Collection[str] = ()) -> tuple[Discovered, ...]:
    """List installed plugins, filtered before any of them is imported.

    Args:
        third_party: False for `--no-plugins`: only what hfshell ships stays enabled.
        disabled: names of plugins or distributions that the user switched off.

    The environment filters too: `HFSHELL_PLUGINS=a,b` allows only those names (and the built-in ones),
    `HFSHELL_DISABLE_PLUGINS=x,y` blocks names.
    """
    found = {
        (point.group, point.name, point.value): point
        for group in (TASKS, PLUGINS)
        for point in metadata.entry_points(group=group)
    }
    plugins = (_describe(point) for point in found.values())
    allowed, denied = _names(ALLOW_VARIABLE), _names(DENY_VARIABLE)
    return tuple(
        replace(plugin, disabled=_why_not(plugin, third_party, allowed, denied, disabled))
        for plugin in sorted(plugins, key=lambda plugin: (not plugin.built_in, plugin.group, plugin.name))
    )


def installed() -> tuple[int, ...]:
    """Return when each folder of the path last changed: it does when a package is installed or removed."""
    changed = []
    for folder in sys.path:
        try:
            changed.append(Path(folder).stat().st_mtime_ns)
        except OSError:
            changed.append(0)
    return tuple(changed)


def _describe(point: metadata.EntryPoint) -> Discovered:
    if point.dist is None:
        return Discovered(point.name, point.group, point.module, UNKNOWN, UNKNOWN)
    about = point.dist.metadata  # once: each reading parses a file
    return Discovered(point.name, point.group, point.module, about["Name"], about["Version"])


def _why_not(
    plugin: Discovered,
    third_party: bool,
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
    if not third_party:
        return "--no-plugins"
    if allowed is not None and not plugin.is_called(allowed):
        return f"{ALLOW_VARIABLE} does not name it"
    return None


def _names(variable: str) -> frozenset[str] | None:
    value = os.environ.get(variable)
    if value is None:
        return None
    return frozenset(name.strip() for name in value.split(",") if name.strip())
