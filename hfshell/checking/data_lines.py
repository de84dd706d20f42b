"""Lines of `data`: sources that are there, splits, roles and columns; and what is known of the data set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.checking.data_files import FileFacts, ending, is_encoding, is_text_file, look_at
from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.disk import path_of
from hfshell.checking.scene import SPLITS, Scene, is_path, is_split, split_named
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from hfshell.checking.reading import Given, ReadLine
    from hfshell.errors import Place

_ASSIGNED = re.compile(r"(?P<split>\w+)=(?P<source>.+)", re.DOTALL)
MADE_COLUMNS = frozenset(
    {"answers", "choices", "premise+question", "messages", "prompt", "completion", "tokens", "tags"}
)
"""Columns that `hfshell.data.shapes` may make of others; those with a dot in their names beside."""


def check_data(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check what a `data` line reads."""
    if read.spec.name != "data":
        return
    for given in read.of("sources"):
        if given.text is not None:
            yield from _source(given, given.text, scene)
    yield from _shares(read)
    yield from _encoding(read, scene)
    roles = {role.name for spec in scene.plugins.tasks() for role in spec.roles}
    columns = first_columns(read, scene)
    for given in read.of("map"):
        if given.text is not None:
            yield from _mapped(given.text, given.place, roles, columns, scene)


def data_files(
    read: ReadLine, scene: Scene, *, count: bool = False
) -> tuple[tuple[str | None, FileFacts], ...] | None:
    """Return the files that a `data` line reads, by split; None when not all of them are known.

    Args:
        read: the line.
        scene: what is known at it.
        count: count their rows.
    """
    found: list[tuple[str | None, FileFacts]] = []
    for given in read.of("sources"):
        if given.text is None:
            return None
        split, path = _parted(given.text, scene)
        facts = None if scene.disk.is_written(path) else _facts(read, path, count=count)
        if facts is None:
            return None
        found.append((split, facts))
    return tuple(found) or None


def splits_of(read: ReadLine, scene: Scene) -> frozenset[str] | None:
    """Return the only splits that may have rows; None when what is read may bring splits of its own.

    A file that is given for no split, alone, is split in three; beside one that is, it is train. Given splits
    are taken as they are, and validation is carved out of train.
    """
    given: set[str] = set()
    whole = True
    for source in read.of("sources"):
        if source.text is None:
            return None
        split, path = _parted(source.text, scene)
        if not scene.is_file_name(path) or path_of(path).is_dir():
            return None
        given.add("train" if split is None else split_named(split) or split)
        whole = whole and split is None
    carved = {"validation"} if _may_have_share(read, "validation", usual=True) else set()
    carved |= {"test"} if _may_have_share(read, "test", usual=whole) else set()
    return frozenset(given | carved if "train" in given else given) or None


def _may_have_share(read: ReadLine, split: str, *, usual: bool) -> bool:
    """Whether rows may be carved out of train for a split; `usual` says it where the line does not."""
    return read.value(split) != 0.0 if read.of(split) else usual


def first_columns(read: ReadLine, scene: Scene) -> FileFacts | None:
    """Return the first file of a `data` line, whose columns `--map` speaks of."""
    given = read.of("sources")
    if not given or given[0].text is None:
        return None
    _, path = _parted(given[0].text, scene)
    return None if scene.disk.is_written(path) else _facts(read, path)


def _facts(read: ReadLine, path: str, *, count: bool = False) -> FileFacts | None:
    names, encoding = read.of("columns"), read.of("encoding")
    if any(given.text is None for given in (*names, *encoding)):
        return None
    columns = tuple(str(names[-1].text).split(",")) if names else None
    return look_at(path, names=columns, encoding=encoding[-1].text if encoding else None, count=count)


def _parted(text: str, scene: Scene) -> tuple[str | None, str]:
    """Return the split and the source of `split=SOURCE`; a file that has the whole name goes first."""
    found = _ASSIGNED.fullmatch(text)
    if found is None or scene.disk.exists(text):
        return None, text
    return found["split"], found["source"]


def _source(given: Given, text: str, scene: Scene) -> Iterator[Diagnostic]:
    split, path = _parted(text, scene)
    if split is not None and not is_split(split):
        hint = did_you_mean(split, SPLITS) or f"splits are {', '.join(SPLITS)}: train=FILE validation=FILE"
        yield Diagnostic("unknown-split", f"there is no split {split}", given.place, hint)
    if scene.disk.is_there(path):
        yield from _unreadable(path, given.place, scene)
    elif not _may_be_of_the_hub(path, scene):
        yield scene.missing_file(path, given.place)


def _shares(read: ReadLine) -> Iterator[Diagnostic]:
    """Report shares that leave nothing to train on."""
    shares = [read.value(name) or 0.0 for name in ("validation", "test")]
    if sum(shares) >= 1:
        message = "--validation and --test together leave nothing to train on"
        yield Diagnostic("usage", message, read.of("test")[-1].place, "take less than 1 of the rows for both")


def _encoding(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Report an encoding that there is not, where a text is read."""
    read_as_text = any(
        is_text_file(_parted(given.text, scene)[1]) for given in read.of("sources") if given.text is not None
    )
    for given in read.of("encoding")[-1:]:
        if read_as_text and given.text is not None and not is_encoding(given.text):
            hint = "latin-1, cp1252, utf-16, shift_jis, …"
            yield Diagnostic("usage", f"there is no text encoding {given.text}", given.place, hint)


def _may_be_of_the_hub(text: str, scene: Scene) -> bool:
    """Whether a missing path may be a data set of the Hub: none with a file's ending, or in a folder here."""
    if text.startswith("hub:"):
        return True
    parent = text.rpartition("/")[0]
    return bool(parent) and not (is_path(text) or scene.is_file_name(text) or scene.disk.is_there(parent))


def _unreadable(path: str, place: Place, scene: Scene) -> Iterator[Diagnostic]:
    """Report a file that nobody reads, by its ending."""
    if scene.disk.is_written(path) or not path_of(path).is_file() or scene.any_command:
        return
    formats = [end for spec in scene.plugins.data_formats() for end in spec.endings]
    if ending(path, formats) is None:
        suffix = Path(path).suffix
        kind = f"{suffix} files" if suffix else "files whose name has no ending"
        hint = "it reads csv, tsv, json, jsonl, conll, txt (each also .gz), parquet and arrow"
        yield Diagnostic("usage", f"hfshell does not read {kind}", place, hint)


def _mapped(
    text: str, place: Place, roles: set[str], first: FileFacts | None, scene: Scene
) -> Iterator[Diagnostic]:
    role, equals, column = text.partition("=")
    if not (role and equals and column):
        yield Diagnostic("usage", f"--map {text} is not ROLE=COLUMN", place, "--map text=message")
        return
    if role not in roles and not scene.any_command:
        hint = did_you_mean(role, roles) or f"roles are {', '.join(sorted(roles))}"
        yield Diagnostic("unknown-role", f"there is no role {role}", place, hint)
    if first is None or not first.complete or first.columns is None:
        return
    if column not in first.columns and column not in MADE_COLUMNS and "." not in column:
        yield _no_column(column, first.path, first.columns, place)


def _no_column(column: str, path: str, columns: Sequence[str], place: Place) -> Diagnostic:
    hint = did_you_mean(column, columns) or f"its columns are {', '.join(columns)}"
    return Diagnostic("unknown-column", f"{path} has no column '{column}'", place, hint)
