"""What the user chose about plugins, in `config.toml`: which are off, and which of two that give the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hfshell.errors import Place, UsageError
from hfshell.settings.config_file import FILE, change_table, read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Choices:
    """The table `[plugins]`.

    Attributes:
        disabled: names of plugins, or of distributions, that are not used.
        prefer: the distribution that is meant where several give the same name.
    """

    disabled: frozenset[str] = frozenset()
    prefer: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_choices(folder: Path) -> Choices:
    """Read the user's choices; there are none without a file.

    Raises:
        UsageError: the file cannot be read as what it should be.
    """
    path = folder / FILE
    _, document = read_document(folder)
    table = document.get("plugins", {})
    if not isinstance(table, dict):
        raise UsageError("plugins is a table: [plugins]", place=Place(str(path)))
    disabled, prefer = table.get("disabled", []), table.get("prefer", {})
    if not isinstance(disabled, list) or not all(isinstance(name, str) for name in disabled):
        raise UsageError("plugins.disabled is a list of names", place=Place(str(path)))
    if not isinstance(prefer, dict) or not all(isinstance(name, str) for name in prefer.values()):
        raise UsageError("plugins.prefer maps names to distributions", place=Place(str(path)))
    return Choices(frozenset(disabled), MappingProxyType(prefer))


def changed(folder: Path) -> int:
    """Return when the file was last changed, in nanoseconds; 0 without a file."""
    try:
        return (folder / FILE).stat().st_mtime_ns
    except OSError:
        return 0


def disable(folder: Path, name: str) -> None:
    """Write down that a plugin is not used.

    Raises:
        StorageError: the disk refused.
    """
    _change(folder, lambda table: _disable(table, name))


def enable(folder: Path, name: str) -> None:
    """Take back that a plugin is not used.

    Raises:
        StorageError: the disk refused.
    """
    _change(folder, lambda table: _enable(table, name))


def prefer(folder: Path, name: str, distribution: str) -> None:
    """Write down which distribution is meant by a name that several give.

    Raises:
        StorageError: the disk refused.
    """
    _change(folder, lambda table: table.setdefault("prefer", {}).update({name: distribution}))


def _disable(table: Any, name: str) -> None:
    names = table.setdefault("disabled", [])
    if name not in names:
        names.append(name)


def _enable(table: Any, name: str) -> None:
    names = table.get("disabled", [])
    if name in names:
        names.remove(name)


def _change(folder: Path, change: Callable[[Any], None]) -> None:
    """Change the table and keep all else in the file, comments too."""
    read_choices(folder)  # a table that is no such table is left to its owner
    change_table(folder, "plugins", change)
