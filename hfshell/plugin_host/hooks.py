"""A typed face of pluggy: plugins are registered whole or not at all, and called one at a time."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pluggy

from hfshell.api.hooks import DECLARING, OBSERVING, PROJECT, HookSpecs
from hfshell.errors import Place, PluginError
from hfshell.language.suggest import did_you_mean

_KNOWN = (*DECLARING, *OBSERVING)


class Hooks:
    """Registered plugins and their hooks."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(HookSpecs)

    def register(self, plugin: object, name: str) -> None:
        """Register a module, or any object with marked functions.

        Raises:
            PluginError: a hook is not known, or asks for arguments that it is not given.
        """
        try:
            self._manager.register(plugin, name=name)
            self._refuse_unknown_hooks(name)
        except pluggy.PluginValidationError as error:
            self.unregister(name)
            raise PluginError(_first_line(error)) from None
        except PluginError:
            self.unregister(name)
            raise

    def unregister(self, name: str) -> None:
        """Forget a plugin, also one that was registered only half (pluggy before 1.7)."""
        if self._manager.has_plugin(name):
            self._manager.unregister(name=name)

    def implemented(self, name: str) -> tuple[str, ...]:
        """Names of the hooks that a plugin implements."""
        return tuple(hook for hook in _KNOWN if self._functions(hook, name))

    def call(self, hook: str, name: str, **arguments: Any) -> list[Any]:
        """Call a plugin's implementations of a hook, with the arguments that they ask for.

        Raises:
            Exception: whatever they raise.
        """
        return [
            function(*(arguments[wanted] for wanted in names))
            for function, names in self._functions(hook, name)
        ]

    def places(self, hook: str, name: str) -> list[Place | None]:
        """Return where a plugin's implementations of a hook stand, in the order of `call`."""
        return [_place(function) for function, _ in self._functions(hook, name)]

    def _functions(self, hook: str, name: str) -> list[tuple[Callable[..., Any], tuple[str, ...]]]:
        caller = getattr(self._manager.hook, hook)
        return [
            (found.function, tuple(found.argnames))
            for found in caller.get_hookimpls()
            if found.plugin_name == name
        ]

    def _refuse_unknown_hooks(self, name: str) -> None:
        plugin = self._manager.get_plugin(name)
        for caller in self._manager.get_hookcallers(plugin) or ():
            if caller.name not in _KNOWN and not all(
                found.optionalhook for found in caller.get_hookimpls() if found.plugin_name == name
            ):
                hint = (
                    did_you_mean(caller.name, _KNOWN) or "a newer hfshell may have it: pip install -U hfshell"
                )
                error = PluginError(f"there is no hook {caller.name}", hint=hint)
                error.place = _place(caller.get_hookimpls()[0].function)
                raise error


def _place(function: Callable[..., Any]) -> Place | None:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return Place(code.co_filename, code.co_firstlineno) if code else None


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " · ".join(lines[:4])
