"""Results about settings and aliases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from hfshell.api.results.base import Result, register_result

Origin = Literal["default", "config.toml", "environment", "set"]
"""Who chose a setting's value."""


@dataclass(frozen=True)
class SettingRow:
    """A setting in the table.

    Attributes:
        name: as typed.
        value: in force, as it would be typed.
        default: when nobody chose one.
        origin: who chose the value.
        help: one line on what it does.
    """

    name: str
    value: str
    default: str
    origin: Origin
    help: str


@register_result
@dataclass(frozen=True, kw_only=True)
class SettingTable(Result):
    """All settings."""

    kind: ClassVar[str] = "settings"
    settings: tuple[SettingRow, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class SettingShown(Result):
    """One setting: shown, or as it was just changed.

    Attributes:
        name: as typed.
        value: in force, as it would be typed.
        default: when nobody chose one.
        origin: who chose the value.
        help: one line on what it does.
        wanted: what it may be, in words.
        changed: whether it was just changed, or given back what it was without `set`.
        saved: the file that it was written into; empty when that was not asked for.
    """

    kind: ClassVar[str] = "setting"
    name: str
    value: str
    default: str
    origin: Origin
    help: str
    wanted: str
    changed: bool = False
    saved: str = ""


@dataclass(frozen=True)
class AliasRow:
    """An alias, and the beginning of a line that it stands for."""

    name: str
    line: str


@register_result
@dataclass(frozen=True, kw_only=True)
class AliasTable(Result):
    """Aliases of the prompt.

    Attributes:
        aliases: a row each.
        removed: whether they are gone now.
        saved: the file that was changed with them; empty when that was not asked for.
    """

    kind: ClassVar[str] = "aliases"
    aliases: tuple[AliasRow, ...]
    removed: bool = False
    saved: str = ""
