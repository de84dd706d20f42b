"""Folders as data sets: split files, split folders, or a folder for each label."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hfshell.api.results import Finding
from hfshell.data.files import InputFile
from hfshell.data.fingerprint import combined
from hfshell.data.formats import ending, read_file, stem
from hfshell.data.named_folders import named_in, read_named_folders
from hfshell.data.plaintext import read_label_folders, texts_in
from hfshell.data.reading import FileRead, Reading
from hfshell.data.table import concatenate
from hfshell.data.wording import names_of
from hfshell.errors import DataError

SPLITS = ("train", "validation", "test")
_ALIASES = {
    "train": "train", "training": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "development": "validation", "eval": "validation",
    "test": "test", "testing": "test",
}  # fmt: skip
_NO_DATA = frozenset({"dataset_dict.json", "dataset_info.json", "dataset_infos.json", "state.json"})
"""What `datasets` writes beside the data."""
_SHARD = re.compile(r"[-_.]\d+(-of-\d+)?$")


FolderReader = Callable[[Sequence[InputFile], Reading], FileRead]


@dataclass(frozen=True)
class FolderContent:
    """What a folder holds.

    Attributes:
        splits: files (or label folders) by split; under None those that are of no split.
        read: what reads those of a split.
        unread: names of files that could be read and are of no split.
    """

    splits: dict[str | None, tuple[InputFile, ...]]
    read: FolderReader
    unread: tuple[str, ...] = ()


def split_named(name: str) -> str | None:
    """Return the split that a name means, `validation` for `dev`; None when it means none."""
    return _ALIASES.get(name.lower())


def read_folder(folder: InputFile, reading: Reading) -> dict[str | None, FileRead]:
    """Read a folder: its parts by split, or all of it under None.

    It holds split files (`train.csv`, `dev.jsonl`, shards `train-00000-of-00002.parquet`), folders named
    after splits, one data file, or a folder for each label, of `.txt` files or of pictures or sounds.

    Raises:
        DataError: it holds none of these, or it cannot be told which; or a file cannot be read exactly.
    """
    split_folders = _by_split(_folders(folder))
    if "train" in split_folders or "test" in split_folders:
        return {
            split: _only(_read(_look(one, reading), reading), one) for split, one in split_folders.items()
        }
    content = _look(folder, reading)
    parts = _read(content, reading)
    if content.unread:
        first = next(iter(parts))
        message = f"not read in {folder.shown}: {names_of(content.unread)}"
        parts[first] = parts[first].with_finding(Finding("not-read", "info", message))
    return parts


def _read(content: FolderContent, reading: Reading) -> dict[str | None, FileRead]:
    return {split: content.read(files, reading) for split, files in content.splits.items()}


def _read_files(files: Sequence[InputFile], reading: Reading) -> FileRead:
    return joined([read_file(file, reading) for file in files])


def _only(parts: dict[str | None, FileRead], folder: InputFile) -> FileRead:
    if len(parts) > 1:
        raise DataError("a folder named after a split holds files of several splits", place=folder.place())
    return next(iter(parts.values()))


def _entries(folder: InputFile) -> list[InputFile]:
    """Return what a folder holds, by name; hidden entries are none of a data set."""
    try:
        paths = sorted(folder.path.iterdir())
    except OSError as error:
        raise DataError(f"cannot read this folder: {error.strerror}", place=folder.place()) from None
    shown = folder.shown.rstrip("/")
    return [
        InputFile(path, f"{shown}/{path.name}")
        for path in paths
        if path.name[0] not in "._" and path.name not in _NO_DATA
    ]


def _folders(folder: InputFile) -> list[InputFile]:
    return [entry for entry in _entries(folder) if entry.path.is_dir()]


def _by_split(folders: Sequence[InputFile]) -> dict[str, InputFile]:
    found: dict[str, InputFile] = {}
    for folder in folders:
        split = split_named(folder.path.name)
        if split is not None:
            found.setdefault(split, folder)
    return found


def _look(folder: InputFile, reading: Reading, *, nested: bool = True) -> FolderContent:
    formats = reading.formats.by_ending
    files = [entry for entry in _entries(folder) if entry.path.is_file() and ending(entry.path, formats)]
    splits = _split_files(folder, files, formats)
    if splits:
        used = {file for chosen in splits.values() for file in chosen}
        return FolderContent(splits, _read_files, _names(file for file in files if file not in used))
    tables = [file for file in files if file.path.suffix.lower() != ".txt"]
    for labels, read in () if tables else _label_folders(folder, reading):
        if len(labels) > 1:
            return FolderContent({None: labels}, read, _names(files))
    if tables or files:
        chosen = _one_table(folder, tables or files, formats)
        unread = _names(file for file in files if file not in chosen)
        return FolderContent({None: chosen}, _read_files, unread)
    inner = folder.path / "data"
    if nested and inner.is_dir():
        return _look(InputFile(inner, f"{folder.shown}/data"), reading, nested=False)
    there = names_of(_names(_entries(folder)), shown=5)
    message = f"this folder holds no data that hfshell reads: {there}" if there else "this folder is empty"
    hint = "it may hold train.csv and test.csv, or a folder of files for each label"
    raise DataError(message, place=folder.place(), hint=hint)


def _label_folders(
    folder: InputFile, reading: Reading
) -> Iterator[tuple[tuple[InputFile, ...], FolderReader]]:
    """Yield the folders that may be named after labels, of texts before those of other files."""
    folders = _folders(folder)
    yield tuple(one for one in folders if texts_in(one.path)), read_label_folders
    yield tuple(one for one in folders if any(named_in(one.path, reading.named))), read_named_folders


def _one_table(
    folder: InputFile, files: Sequence[InputFile], formats: Collection[str]
) -> tuple[InputFile, ...]:
    """Return the only file, or the shards of one."""
    stems = [stem(file.path, formats) for file in files]
    if len(files) == 1 or (
        all(map(_SHARD.search, stems)) and len({_SHARD.sub("", name) for name in stems}) == 1
    ):
        return tuple(files)
    raise DataError(
        f"this folder holds several data files: {names_of(_names(files))}",
        place=folder.place(),
        hint=f"say which: `data {shlex.quote(files[0].shown)}`, or name them train.*, test.*",
    )


def _names(files: Iterable[InputFile]) -> tuple[str, ...]:
    return tuple(file.path.name for file in files)


def _split_files(
    folder: InputFile, files: Sequence[InputFile], formats: Collection[str]
) -> dict[str | None, tuple[InputFile, ...]]:
    """Return files by split: one named exactly so, or all its shards."""
    stems = {file: stem(file.path, formats) for file in files}
    splits: dict[str | None, tuple[InputFile, ...]] = {}
    for split in SPLITS:
        exact = [file for file in files if split_named(stems[file]) == split]
        if len(exact) > 1:
            raise DataError(
                f"several files of this folder are named {split}: {names_of(_names(exact))}",
                place=folder.place(),
                hint=f"say which: `data {split}={shlex.quote(exact[0].shown)} …`",
            )
        shards = [file for file in files if split_named(_SHARD.sub("", stems[file])) == split]
        if exact or shards:
            splits[split] = tuple(exact or shards)
    return splits


def joined(reads: Sequence[FileRead]) -> FileRead:
    """Put files that were read one below the other.

    Raises:
        DataError: they do not have the same columns.
    """
    if len(reads) == 1:
        return reads[0]
    first = reads[0].table
    for read in reads[1:]:
        if set(read.table.columns) != set(first.columns):
            raise DataError(
                f"its columns are {names_of(read.table.columns)}, those of {first.place(0).file} are "
                f"{names_of(first.columns)}",
                place=replace(read.table.place(0), line=None),
            )
    findings = tuple(finding for read in reads for finding in read.findings)
    return FileRead(
        concatenate([read.table for read in reads]), combined(read.digest for read in reads), findings
    )
