"""What the user gave: files, folders and Hub ids, each for a split or for all of them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from hfshell.data.files import InputFile
from hfshell.data.folder import SPLITS, read_folder, split_named
from hfshell.data.formats import ending, read_file
from hfshell.data.hub import HubId, read_hub
from hfshell.data.naming import nearest
from hfshell.data.reading import FileRead, Reading
from hfshell.errors import DataError, Place, UsageError

_ASSIGNED = re.compile(r"(?P<split>\w+)=(?P<source>.+)", re.DOTALL)


@dataclass(frozen=True)
class Source:
    """A word of the user's.

    Attributes:
        split: the split it is for; None when it says so itself, or is to be split.
        text: a path or a Hub id, as written.
    """

    split: str | None
    text: str


def parse_sources(words: Sequence[str], folder: Path) -> tuple[Source, ...]:
    """Read `FILE`, `train=FILE`, `dev=FILE`, `org/name`.

    Raises:
        UsageError: no word, an unknown split, or a split beside a source that is to be split.
    """
    if not words or not all(words):
        raise UsageError("data wants a source", hint="a file, a folder, a Hub id, or train=FILE test=FILE")
    return tuple(_parse(word, folder) for word in words)


def read_source(source: Source, folder: Path, reading: Reading) -> dict[str | None, FileRead]:
    """Read a source: its parts by split, or all of it under None.

    Args:
        source: what to read.
        folder: where relative paths start.
        reading: options and surroundings.

    Raises:
        DataError: it is not there, or cannot be read exactly.
        Interrupted: the user asked to stop.
    """
    file = InputFile(_path(source.text, folder), source.text)
    parts: dict[str | None, FileRead]
    if not _holds(file.path.exists):
        dataset = _hub_id(source.text, file.path, reading.formats.by_ending)
        if dataset is None:
            raise _missing(file)
        parts = read_hub(dataset, reading)
    elif file.path.is_dir():
        parts = read_folder(file, reading)
    else:
        parts = {None: read_file(file, reading)}
    return parts if source.split is None else {source.split: _one(parts, source)}


def _parse(word: str, folder: Path) -> Source:
    found = _ASSIGNED.fullmatch(word)
    if found is None or _holds(_path(word, folder).exists):
        return Source(None, word)
    split = split_named(found["split"])
    if split is None:
        raise UsageError(
            f"there is no split {found['split']}",
            hint=f"splits are {', '.join(SPLITS)}: train=FILE validation=FILE",
        )
    return Source(split, found["source"])


def _path(text: str, folder: Path) -> Path:
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:  # `~name`, and nobody is called so
        return folder / text


def _holds(question: Callable[[], bool]) -> bool:
    """Ask the disk; no, when no file can have the name or nobody may look."""
    try:
        return question()
    except OSError:
        return False


def _hub_id(text: str, path: Path, formats: Collection[str]) -> HubId | None:
    """Return the Hub id that a missing path may be; none with a file's ending, or in a folder here."""
    if text.startswith("hub:"):
        return HubId.parse(text)
    return None if ending(path, formats) or _holds(path.parent.is_dir) else HubId.parse(text)


def _missing(file: InputFile) -> DataError:
    parent = file.path.parent
    if not _holds(parent.is_dir):
        return DataError(f"there is no folder {Path(file.shown).parent}", place=file.place())
    if _holds(file.path.is_symlink):
        return DataError(f"the link {file.shown} leads nowhere", place=file.place())
    near = nearest(file.path.name, _names_in(parent))
    if near is None:
        hint = f"{parent} is where it was looked for"
    else:
        hint = f"did you mean {shlex.quote(str(Path(file.shown).with_name(near)))}?"
    return DataError(f"there is no file {file.shown}", place=Place(file.shown), hint=hint)


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []


def _one(parts: dict[str | None, FileRead], source: Source) -> FileRead:
    """Return the part that a source given for a split has for it."""
    if source.split in parts:
        return parts[source.split]
    if len(parts) == 1:
        return next(iter(parts.values()))
    raise DataError(f"it has no {source.split} split", place=Place(source.text))
