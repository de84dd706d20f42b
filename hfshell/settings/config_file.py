"""`config.toml`: read with what is wrong in it, line by line, and changed without losing a comment."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hfshell.errors import HfshellError, Place, UsageError
from hfshell.settings.declarations import DECLARATIONS, find_declaration, read_value

FILE = "config.toml"
SETTINGS, ALIASES = "settings", "aliases"
TABLES = (SETTINGS, ALIASES, "plugins")

_TOML_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)\Z")
_HEADER = re.compile(r"\s*\[\s*([^\]]*?)\s*\]\s*(?:#.*)?\Z")


@dataclass(frozen=True)
class ConfigFile:
    """What the file says.

    Attributes:
        settings: of its table `[settings]`, as text that can be read.
        aliases: of its table `[aliases]`.
        problems: what is wrong with it; the rest is used.
    """

    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    aliases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[UsageError, ...] = ()


def read_config(folder: Path) -> ConfigFile:
    """Read the file as far as it can be read. Nothing is raised: a mistake in it costs its line alone."""
    try:
        text, document = read_document(folder)
    except UsageError as error:
        return ConfigFile(problems=(error,))
    reading = _Reading(folder / FILE, text)
    for name in document:
        reading.check_table(name, document[name])
    settings = {key: reading.setting(key, value) for key, value in _table(document, SETTINGS).items()}
    aliases = {key: reading.alias(key, value) for key, value in _table(document, ALIASES).items()}
    return ConfigFile(
        {key: value for key, value in settings.items() if value is not None},
        {key: value for key, value in aliases.items() if value is not None},
        tuple(reading.problems),
    )


def read_document(folder: Path) -> tuple[str, dict[str, Any]]:
    """Read the file as TOML; return its text, and its tables. There is nothing in a file that is not there.

    Raises:
        UsageError: it cannot be read, or is no TOML.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return "", {}
    except OSError as error:
        raise UsageError(f"{FILE} cannot be read: {error.strerror}", place=Place(str(path))) from None
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        place = Place(str(path), data.count(b"\n", 0, error.start) + 1)
        raise UsageError(f"{FILE} cannot be read: it is not UTF-8", place=place) from None
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(str(error), path, text) from None


def change_table(folder: Path, table: str, change: Callable[[Any], None]) -> None:
    """Change a table of the file, made when it is not there; all else stays as it is, comments too.

    Raises:
        UsageError: the file is no TOML: it is left to its owner.
        StorageError: the disk refused; the file is as it was.
    """
    import tomlkit

    from hfshell.storage import disk_errors, remove_leftovers, write_file_atomically

    path = folder / FILE
    with disk_errors(path):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder):
            remove_leftovers(folder)
            text, _ = read_document(folder)
            document = tomlkit.parse(text)
            change(document.setdefault(table, tomlkit.table()))
            write_file_atomically(path, tomlkit.dumps(document))


def save_setting(folder: Path, name: str, text: str | None) -> None:
    """Write a setting into the file; None takes it out.

    Raises:
        UsageError: no such setting, a value that it cannot have, or the file is no TOML.
        StorageError: the disk refused; the file is as it was.
    """
    value = None if text is None else _as_toml(name, text)
    find_declaration(name)
    _save(folder, SETTINGS, name, value)


def save_alias(folder: Path, name: str, text: str | None) -> None:
    """Write an alias into the file; None takes it out.

    Raises:
        UsageError: the file is no TOML.
        StorageError: the disk refused; the file is as it was.
    """
    _save(folder, ALIASES, name, text)


class _Reading:
    """Holds what the file says against what it may say."""

    def __init__(self, path: Path, text: str) -> None:
        self.problems: list[UsageError] = []
        self._path = path
        self._lines = text.splitlines()

    def check_table(self, name: str, value: Any) -> None:
        if name not in TABLES:
            inside = SETTINGS if name in DECLARATIONS else None
            hint = f"move it below [{inside}]" if inside else _nearest(name, TABLES)
            what = f"{name} stands outside of any table" if inside else f"there is no table [{name}]"
            self._say(what, self._line("", name) or self._line(name, None), hint)
        elif not isinstance(value, dict):
            self._say(f"{name} is a table: [{name}]", self._line("", name), None)

    def setting(self, name: str, value: Any) -> str | None:
        line = self._line(SETTINGS, name)
        text = _as_text(value)
        try:
            find_declaration(name)
            if text is None:
                raise UsageError(
                    f"{name} is one value, not several", hint=f"{name} is {DECLARATIONS[name].wanted}"
                )
            return DECLARATIONS[name].show(read_value(name, text))
        except HfshellError as error:
            self._say(error.message, line, error.hint)
            return None

    def alias(self, name: str, value: Any) -> str | None:
        from hfshell.settings.aliases import check_alias

        line = self._line(ALIASES, name)
        try:
            if not isinstance(value, str):
                raise UsageError(f"{name} is not a text", hint='ev = "eval router"')
            check_alias(name, value)
        except HfshellError as error:
            self._say(error.message, line, error.hint)
            return None
        return value

    def _say(self, message: str, line: int | None, hint: str | None) -> None:
        text = self._lines[line - 1] if line else None
        self.problems.append(UsageError(message, place=Place(str(self._path), line, text=text), hint=hint))

    def _line(self, table: str, key: str | None) -> int | None:
        """Find the line of a key in a table, of the table's header without a key; None when it hides."""
        here = ""
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                here = header[1].strip("\"'")
                if key is None and here == table:
                    return number
            elif key is not None and _is_key(line, here, table, key):
                return number
        return None


def _is_key(line: str, here: str, table: str, key: str) -> bool:
    name, equals, _ = line.partition("=")
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    return bool(equals) and ".".join(filter(None, [here, *parts])) == ".".join(filter(None, [table, key]))


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    return table if isinstance(table, dict) else {}


def _as_text(value: Any) -> str | None:
    """Return a value of TOML as `set` would be given it; None for one that no word can stand for."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if isinstance(value, (str, int, float)) else None


def _as_toml(name: str, text: str) -> Any:
    """Return what stands in the file for a setting: a number or a truth where the value shows as one."""
    value = read_value(name, text)
    shown = DECLARATIONS[name].show(value)
    if isinstance(value, bool) or (isinstance(value, int) and shown == str(value)):
        return value
    if isinstance(value, float) and shown == f"{value:g}":
        return int(value) if value.is_integer() else value
    return shown


def _nearest(name: str, known: tuple[str, ...]) -> str:
    from hfshell.language.suggest import did_you_mean

    return did_you_mean(name, known) or f"there are {', '.join(f'[{table}]' for table in known)}"


def _no_toml(message: str, path: Path, text: str) -> UsageError:
    found = _TOML_PLACE.search(message)
    place = Place(str(path))
    if found:
        line, column = int(found[1]), int(found[2])
        shown = text.splitlines()[line - 1 : line]
        place = Place(str(path), line, column, text=shown[0] if shown else None)
    said = _TOML_PLACE.sub("", message)
    return UsageError(f"{FILE} cannot be read: {said[:1].lower()}{said[1:]}", place=place)


def _save(folder: Path, table: str, name: str, value: Any) -> None:
    def change(entries: Any) -> None:
        if value is not None:
            entries[name] = value
        elif name in entries:
            del entries[name]

    change_table(folder, table, change)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change the file; the folder is what is locked, for the file is replaced."""
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: the last one wins, as everywhere
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
