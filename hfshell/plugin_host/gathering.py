"""Imports a plugin's light module and asks its hooks what it gives. With `hooks`, all that knows pluggy."""

from __future__ import annotations

import importlib

from hfshell.api.hooks import DECLARING, OBSERVING
from hfshell.api.specs import Spec
from hfshell.errors import Place, PluginError
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
    try:
        plugin = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise PluginError(
            f"its entry point names {module}, and there is no module {error.name}",
            hint="was a file or the entry point renamed? `pip install -e .` again takes it up",
        ) from None
    return gather_from(plugin, name)


def gather_from(plugin: object, name: str) -> Declarations:
    """Return what a module, or any object with hooks, gives.

    Raises:
        PluginError, Exception: as `gather` does.
    """
    hooks = Hooks()
    hooks.register(plugin, name)
    found = hooks.implemented(name)
    if not found:
        raise _without_hooks(plugin, name)
    specs: list[Spec] = []
    for hook in [hook for hook in DECLARING if hook in found]:
        for returned, place in zip(hooks.call(hook, name), hooks.places(hook, name), strict=True):
            try:
                specs += checked(hook, returned)
            except PluginError as error:
                raise error.at(place) if place else error from None
    return Declarations(tuple(specs), tuple(hook for hook in found if hook not in DECLARING))


def _without_hooks(plugin: object, name: str) -> PluginError:
    unmarked = next(
        (hook for hook in (*DECLARING, *OBSERVING) if callable(getattr(plugin, hook, None))), None
    )
    file = getattr(plugin, "__file__", None)
    return PluginError(
        f"{getattr(plugin, '__name__', name)} has no hook",
        place=Place(file) if isinstance(file, str) else None,
        hint=f"mark {unmarked or 'a function such as hfshell_tasks'} with @hookimpl",
    )
