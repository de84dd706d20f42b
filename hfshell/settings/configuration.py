"""The settings in force, and who chose each: nobody, the file, the environment, or `set`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from hfshell.settings.declarations import DECLARATIONS, Settings, find_declaration, read_value

if TYPE_CHECKING:
    from hfshell.api.results.settings import Origin

_NONE: Mapping[str, str] = MappingProxyType({})
_YES = frozenset({"1", "ON", "YES", "TRUE"})


@dataclass(frozen=True)
class Configuration:
    """What was chosen, by whom; what is said later counts more.

    The values are texts that can be read: whoever makes one has seen to that.

    Attributes:
        file: what `config.toml` says, by setting.
        environment: what variables say.
        said: what `set` said.
    """

    file: Mapping[str, str] = field(default_factory=lambda: _NONE)
    environment: Mapping[str, str] = field(default_factory=lambda: _NONE)
    said: Mapping[str, str] = field(default_factory=lambda: _NONE)

    @cached_property
    def settings(self) -> Settings:
        """The values in force."""
        chosen = {**self.file, **self.environment, **self.said}
        return Settings(**{name: read_value(name, text) for name, text in chosen.items()})

    def origin(self, name: str) -> Origin:
        """Say who chose the value of a setting."""
        if name in self.said:
            return "set"
        if name in self.environment:
            return "environment"
        return "config.toml" if name in self.file else "default"

    def changed(self, name: str, text: str) -> Configuration:
        """Return what `set NAME VALUE` makes of it.

        Raises:
            UsageError: no such setting, or a value that it cannot have.
        """
        value = read_value(name, text)
        return replace(self, said={**self.said, name: DECLARATIONS[name].show(value)})

    def reset(self, name: str) -> Configuration:
        """Return what `set NAME default` makes of it: as if `set` had never been said.

        Raises:
            UsageError: no such setting.
        """
        find_declaration(name)
        return replace(self, said={key: text for key, text in self.said.items() if key != name})


def environment_settings(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what variables of the environment say of settings; all that have one are switches."""
    return {
        declared.name: "on" if environ[declared.variable].upper() in _YES else "off"
        for declared in DECLARATIONS.values()
        if declared.variable is not None and environ.get(declared.variable)
    }
