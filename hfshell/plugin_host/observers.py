"""Plugins that listen: imported when there is something to hear, called one at a time."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from hfshell.errors import HfshellError
from hfshell.plugin_host.containment import Containment
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.hooks import Hooks


class Observers:
    """Calls observing hooks.

    A plugin that fails to hear something is said once, and hears the next thing all the same; one that ended
    the process is not called again.

    Args:
        containment: where its code runs.
        notice: told what people should know.
    """

    def __init__(self, containment: Containment, notice: Callable[[str], None]) -> None:
        self._containment = containment
        self._notice = notice
        self._hooks = Hooks()
        self._registered: set[str] = set()
        self._muted: set[str] = set()

    def register(self, plugin: object, listed: Discovered) -> None:
        """Use a plugin that is imported already."""
        self._hooks.register(plugin, _key(listed))
        self._registered.add(_key(listed))

    def mute(self, label: str) -> None:
        """Call a plugin no more in this process."""
        self._muted.add(label)

    def tell(self, plugin: Discovered, hook: str, arguments: Mapping[str, Any]) -> None:
        """Call a plugin's implementations of a hook."""
        if plugin.label in self._muted:
            return
        try:
            with self._containment.running(plugin, hook):
                self._load(plugin)
                self._hooks.call(hook, _key(plugin), **arguments)
        except HfshellError as error:
            self._notice(
                error.message if plugin.name in error.message else f"plugin {plugin.label}: {error.message}"
            )

    def _load(self, plugin: Discovered) -> None:
        if _key(plugin) in self._registered:
            return
        self._hooks.register(importlib.import_module(plugin.module), _key(plugin))
        self._registered.add(_key(plugin))


def _key(plugin: Discovered) -> str:
    return f"{plugin.group}:{plugin.name}@{plugin.distribution}"
