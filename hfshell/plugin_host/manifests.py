"""Asks plugins what they give: hfshell's own here, those of others by their manifests."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import TYPE_CHECKING

import hfshell
from hfshell.plugin_host.cache import ManifestCache
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.gathering import gather
from hfshell.plugin_host.isolation import Failure, contain
from hfshell.plugin_host.manifest import Manifest
from hfshell.plugin_host.records import Record

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_LOCK_SECONDS = 120.0


class Manifests:
    """What plugins give.

    Args:
        cache: manifests of earlier starts.
    """

    def __init__(self, cache: ManifestCache) -> None:
        self.cache = cache

    def ask(self, listed: Iterable[Record]) -> tuple[Record, ...]:
        """Return the records with what each plugin gives; a plugin of others is not imported here."""
        records = list(listed)
        strangers = [
            record.plugin for record in records if not record.plugin.built_in and not record.plugin.disabled
        ]
        found = self._manifests(strangers)
        return tuple(_asked(record, found) for record in records)

    def _manifests(self, plugins: list[Discovered]) -> dict[Discovered, Manifest]:
        found = self._cached(plugins)
        if len(found) == len(plugins):
            return found
        with self.cache.lock(_LOCK_SECONDS):  # another process may be asking the same plugins
            self.cache.reload()
            found = self._cached(plugins)
            new = self._probed([plugin for plugin in plugins if plugin not in found])
            if new:
                self.cache.keep(new)
        return {**found, **new}

    def _cached(self, plugins: list[Discovered]) -> dict[Discovered, Manifest]:
        manifests = ((plugin, self.cache.find(plugin)) for plugin in plugins)
        return {plugin: manifest for plugin, manifest in manifests if manifest is not None}

    def _probed(self, plugins: list[Discovered]) -> dict[Discovered, Manifest]:
        from hfshell.plugin_host.probing import probe_plugins

        found = {plugin: manifest for plugin in plugins if (manifest := _unfit(plugin))}
        fit = [plugin for plugin in plugins if plugin not in found]
        return {**found, **dict(zip(fit, probe_plugins(fit), strict=True))} if fit else found


def _unfit(plugin: Discovered) -> Manifest | None:
    """Say what keeps a plugin from being imported: how it is listed, or that it wants another hfshell."""
    if plugin.fault is not None:
        return Manifest("failed", failure=Failure(plugin.fault, "", "tell its author"))
    for wanted in _wanted(plugin):
        if wanted.name == "hfshell" and not wanted.specifier.contains(hfshell.__version__, prereleases=True):
            summary = f"it wants hfshell {wanted.specifier}, and this is {hfshell.__version__}"
            hint = f"pip install 'hfshell{wanted.specifier}'"
            return Manifest("incompatible", failure=Failure(summary, "", hint))
    return None


def _wanted(plugin: Discovered) -> Iterator[Requirement]:
    """Yield what a plugin's distribution requires here, as far as its metadata can be read."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        texts = metadata.requires(plugin.distribution) or ()
    except (metadata.PackageNotFoundError, ValueError):
        return
    for text in texts:
        with contextlib.suppress(InvalidRequirement):
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                yield wanted


def _asked(record: Record, manifests: dict[Discovered, Manifest]) -> Record:
    plugin = record.plugin
    if plugin.disabled:
        return record
    if plugin.built_in:
        return _imported(record)
    manifest = manifests[plugin]
    return Record(
        plugin,
        manifest.state,
        manifest.declarations,
        manifest.seconds,
        manifest.failure,
        (*manifest.remarks, *manifest.advice),
        manifest.stamps,
    )


def _imported(record: Record) -> Record:
    began = time.perf_counter()
    outcome = contain(lambda: gather(record.plugin.module, record.plugin.name))
    seconds = time.perf_counter() - began
    if outcome.value is None:
        return Record(record.plugin, "failed", seconds=seconds, failure=outcome.failure)
    return Record(record.plugin, "ready", outcome.value, seconds)
