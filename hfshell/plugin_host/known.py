"""Which package gives what is not installed: one that was here before, or one that we know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hfshell.api.specs import CommandSpec, DataFormatSpec, TaskSpec
from hfshell.plugin_host.cache import Remembered

KNOWN: Mapping[tuple[type, str], str] = MappingProxyType({(TaskSpec, "stars"): "hfshell-plugin-stars"})
"""Distribution by kind and name, of packages whose makers told us."""


def package_for(
    kind: type, name: str, remembered: Sequence[Remembered], installed: Sequence[str]
) -> str | None:
    """Name the package to install for a task, a command or a format that nobody gives.

    Args:
        kind: `TaskSpec`, `CommandSpec` or `DataFormatSpec`.
        name: the name, or the ending.
        remembered: what was installed here before.
        installed: distributions that are here, and so are not the answer.
    """
    for found in remembered:
        if found.distribution in installed:
            continue
        for spec in found.manifest.declarations.specs:
            if isinstance(spec, kind) and name in _names(spec):
                return f"{found.distribution}>={found.version}"
    return KNOWN.get((kind, name))


def install_hint(package: str) -> str:
    """Say how to install a package."""
    return f"pip install '{package}'" if ">" in package else f"pip install {package}"


def _names(spec: object) -> tuple[str, ...]:
    if isinstance(spec, DataFormatSpec):
        return spec.endings
    return (spec.name,) if isinstance(spec, (TaskSpec, CommandSpec)) else ()
