"""Plugins that listen: imported when there is something to hear, called one at a time."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from hfshell.errors import HfshellError
from hfshell.plugin_host.containment import Containment
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.hooks import Hooks
from hfshell.plugin_host.listening import Listening

SECONDS = 30.0
"""What a plugin may take to hear something: whoever waits for it has work of their own."""


class Observers:
    """Calls observing hooks.

    A plugin that fails to hear something is said once, and hears the next thing all the same; one that ended
    the process is not called again.

    Args:
        containment: where its code runs.
        listening: marks who is told something.
        notice: told what people should know.
    """

    def __init__(self, containment: Containment, listening: Listening, notice: Callable[[str], None]) -> None:
        self._containment = containment
        self._listening = listening
        self._notice = notice
        self._hooks = Hooks()
        self._registered: set[str] = set()

    def register(self, plugin: object, listed: Discovered) -> None:
        """Use a plugin that is imported already."""
        self._hooks.register(plugin, _key(listed))
        self._registered.add(_key(listed))

    def tell(self, plugin: Discovered, hook: str, arguments: Mapping[str, Any]) -> None:
        """Call a plugin's implementations of a hook."""
        if self._is_muted(plugin):
            return
        try:
            contained = self._containment.running(plugin, hook, patience=SECONDS)
            with self._listening.to(plugin, hook), contained:
                self._load(plugin)
                self._hooks.call(hook, _key(plugin), **arguments)
        except HfshellError as error:
            self._notice(
                error.message if plugin.name in error.message else f"plugin {plugin.label}: {error.message}"
            )

    def _is_muted(self, plugin: Discovered) -> bool:
        """Whether a plugin ended a process that told it something; said once."""
        hook = self._listening.ended_in(plugin)
        if hook is not None:
            again = f"`plugins enable {plugin.name}` has it told again"
            self._notice(f"plugin {plugin.label} ended its process in {hook}: it is told no more · {again}")
        return hook is not None

    def _load(self, plugin: Discovered) -> None:
        if _key(plugin) in self._registered:
            return
        self._hooks.register(importlib.import_module(plugin.module), _key(plugin))
        self._registered.add(_key(plugin))


def _key(plugin: Discovered) -> str:
    return f"{plugin.group}:{plugin.name}@{plugin.distribution}"
