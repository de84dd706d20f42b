"""Who gives what nobody gives: a plugin that is off, one that was here before, or one that we know of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from hfshell.api.specs import DataFormatSpec, ModelSourceSpec, Spec, TaskSpec
from hfshell.plugin_host.cache import Remembered
from hfshell.plugin_host.discovery import Discovered

KNOWN: Mapping[tuple[type, str], str] = MappingProxyType({(TaskSpec, "stars"): "hfshell-plugin-stars"})
"""Distribution by kind and name, of packages whose makers told us."""


def giver_hint(
    kind: type[Spec], name: str, remembered: Sequence[Remembered], listed: Sequence[Discovered]
) -> str | None:
    """Say who gives what no plugin in use gives, and how to get it; None where that is not known.

    Args:
        kind: the type of its declaration.
        name: the name; of a format, an ending; of a model source its scheme, which a task may make too.
        remembered: what was found here before.
        listed: the plugins that are here.
    """
    giving = [found for found in remembered if _gives(found, kind, name)]
    for found in giving:
        off = [plugin for plugin in listed if plugin.disabled and plugin.distribution == found.distribution]
        if off:
            return f"plugin {off[0].label} gives it and is off: {off[0].disabled}"
    here = {plugin.distribution for plugin in listed}
    for found in giving:
        if found.distribution not in here:
            return _install(found.distribution, f"'{found.distribution}>={found.version}'")
    known = KNOWN.get((kind, name))
    return _install(known, known) if known and known not in here else None


def _install(distribution: str, wanted: str) -> str:
    return f"{distribution} gives it: pip install {wanted}"


def _gives(found: Remembered, kind: type[Spec], name: str) -> bool:
    return any(name in _names(spec, kind) for spec in found.manifest.declarations.specs)


def _names(spec: Spec, kind: type[Spec]) -> tuple[str, ...]:
    """Return the names under which a declaration is looked for as one of a kind."""
    if kind is ModelSourceSpec and isinstance(spec, TaskSpec):
        return spec.schemes
    if not isinstance(spec, kind):
        return ()
    return tuple(end.lower() for end in spec.endings) if isinstance(spec, DataFormatSpec) else (spec.name,)
