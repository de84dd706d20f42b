"""Imports a plugin's light module and asks its hooks what it gives. With `hooks`, all that knows pluggy."""

from __future__ import annotations

import importlib

from hfshell.api.hooks import DECLARING
from hfshell.errors import PluginError
from hfshell.plugin_host.declarations import Declarations, checked
from hfshell.plugin_host.hooks import Hooks


def gather(module: str, name: str) -> Declarations:
    """Return what a plugin gives.

    Args:
        module: its light module, imported here.
        name: what errors call it.

    Raises:
        PluginError: a hook returned something that is not in the contract.
        Exception: whatever its code raises, `SystemExit` included.
    """
    return gather_from(importlib.import_module(module), name)


def gather_from(plugin: object, name: str) -> Declarations:
    """Return what a module, or any object with hooks, gives.

    Raises:
        PluginError, Exception: as `gather` does.
    """
    hooks = Hooks()
    hooks.register(plugin, name)
    found = hooks.implemented(name)
    if not found:
        raise PluginError(
            f"{getattr(plugin, '__name__', name)} has no hook",
            hint="mark a function such as hfshell_tasks with @hookimpl",
        )
    specs = [
        spec
        for hook in DECLARING
        if hook in found
        for returned in hooks.call(hook, name)
        for spec in checked(hook, returned)
    ]
    return Declarations(tuple(specs), tuple(hook for hook in found if hook not in DECLARING))
