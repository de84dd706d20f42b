"""From files to splits: what was given is taken as it is, what is missing is carved out of train."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hfshell.api.results import Finding
from hfshell.data.fingerprint import EMPTY_KEY
from hfshell.data.folder import SPLITS, joined
from hfshell.data.options import DEFAULT_FRACTION, DataOptions
from hfshell.data.reading import FileRead, Reading
from hfshell.data.rolecolumns import RoleTable, role_table
from hfshell.data.source import Source, read_source
from hfshell.data.splits import draw, split_rows
from hfshell.data.table import RowTable
from hfshell.data.views import View
from hfshell.data.wording import counted, rows_of
from hfshell.errors import DataError


@dataclass(frozen=True, eq=False)
class Part:
    """A split in the making.

    Attributes:
        table: rows by role, as the view sees them by which they are split.
        keys: `row_key` of each row's texts; None without texts.
        chosen: numbers of the rows that belong here.
    """

    table: RoleTable
    keys: list[str] | None
    chosen: Sequence[int]

    @property
    def rows(self) -> RowTable:
        """The rows as they stand in their files."""
        return self.table.table

    def chosen_keys(self) -> tuple[str, ...]:
        """Return the keys of the rows that belong here."""
        return tuple(self.keys[row] for row in self.chosen) if self.keys is not None else ()

    def labels(self) -> list[str | None] | None:
        """Return the labels of the rows that belong here; None without labels."""
        labels = self.table.labels()
        return None if labels is None else [labels[row] for row in self.chosen]


@dataclass(frozen=True, eq=False)
class Divided:
    """The splits that have rows, how they came about, and what to say about it."""

    parts: dict[str, Part]
    how: str
    findings: tuple[Finding, ...] = ()


def read_parts(sources: Sequence[Source], folder: Path, reading: Reading) -> dict[str | None, FileRead]:
    """Read all sources: by split, or under None what is to be split.

    A source without a split beside others that have one is train.

    Raises:
        DataError: a source is not there, cannot be read exactly, or does not fit the others.
    """
    collected: dict[str | None, list[FileRead]] = {}
    for source in sources:
        for split, read in read_source(source, folder, reading).items():
            collected.setdefault(split, []).append(read)
    if len(collected) > 1 and None in collected:
        collected["train"] = [*collected.get("train", []), *collected.pop(None)]
    order = [split for split in (None, *SPLITS) if split in collected]
    return {split: joined(collected[split]) for split in order}


def make_part(
    read: FileRead, views: Sequence[View], reading: Reading, every: Sequence[RowTable] = ()
) -> Part:
    """Return a file's rows by role, without the bad ones if they may be left out, and no more than the limit.

    Args:
        read: the file.
        views: those that are to be shown; the first is the one to go by.
        reading: options and surroundings.
        every: the rows of all files.

    Raises:
        DataError: it lacks a column.
        Interrupted: the user asked to stop.
    """
    options = reading.options
    rows = read.table
    if options.skip_bad_rows:
        tables = [role_table(rows, view.found, view.roles, every) for view in views]
        faulty = {row for table in tables for row in table.faulty_rows()}
        if 0 < len(faulty) < len(rows):
            rows = rows.take([row for row in range(len(rows)) if row not in faulty])
    table = role_table(rows, views[0].found, views[0].roles, every)
    chosen: Sequence[int] = range(len(table.table))
    if options.limit is not None:
        chosen = draw(chosen, table.labels(), options.limit, options.seed)
    return Part(table, table.keys(reading.cancelled), chosen)


def left_out(split: str | None, read: FileRead, part: Part, options: DataOptions) -> list[Finding]:
    """Say which rows `make_part` left out."""
    findings = []
    where = f" of {split}" if split else ""
    dropped = len(read.table) - len(part.table.table)
    if dropped:
        message = f"skipped {rows_of(dropped)}{where} without a text or label that fits"
        findings.append(Finding("skipped-rows", "warn", message, dropped))
    if len(part.chosen) < len(part.table.table):
        drawn = f"{len(part.chosen):,} of {rows_of(len(part.table.table))}{where}"
        message = f"limit: {drawn}, drawn by seed {options.seed}"
        findings.append(Finding("limit", "info", message, len(part.chosen)))
    return findings


def as_given(parts: Mapping[str | None, Part]) -> Divided:
    """Return the splits that were given; what is to be split is train."""
    return Divided({split or "train": part for split, part in parts.items()}, "as given")


def remove_shared_texts(divided: Divided) -> Divided:
    """Remove train rows whose text stands in another split, so that no score is of rows seen in training.

    Rows that are nothing but a text stay: lines of a book repeat, and nothing is scored by them.

    Raises:
        DataError: that leaves nothing to train on.
    """
    train = divided.parts.get("train")
    if train is None or train.keys is None or set(train.table.columns) == set(train.table.text_roles):
        return divided
    others = {name: set(part.chosen_keys()) for name, part in divided.parts.items() if name != "train"}
    keys = set(train.chosen_keys()) - {EMPTY_KEY}
    shared = {name: keys & texts for name, texts in others.items() if keys & texts}
    if not shared:
        return divided
    leaking = set().union(*shared.values())
    kept = [row for row in train.chosen if train.keys[row] not in leaking]
    if not kept:
        place = replace(train.table.table.place(0), line=None)
        hint = "`--no-dedup` keeps them"
        raise DataError(
            f"every {train.table.noun} of train stands in {' or '.join(shared)} too", place=place, hint=hint
        )
    findings = [_shared_finding(name, len(keys), train.table.noun) for name, keys in shared.items()]
    parts = {**divided.parts, "train": replace(train, chosen=kept)}
    return replace(divided, parts=parts, findings=(*divided.findings, *findings))


def carve(given: Divided, options: DataOptions, *, alone: bool) -> Divided:
    """Make the splits that are missing out of train.

    Args:
        given: the splits that were given.
        options: the shares; with `dedup`, rows of equal text go to one split.
        alone: nothing was said about splits: there is to be a test split too.
    """
    whole = given.parts.get("train")
    default_test = DEFAULT_FRACTION if alone else 0.0
    wanted = {
        "validation": _share(options.validation, DEFAULT_FRACTION),
        "test": _share(options.test, default_test),
    }
    wanted = {name: share for name, share in wanted.items() if share and name not in given.parts}
    if whole is None or not wanted:
        return replace(given, how="all for training" if alone else given.how)
    shares = split_rows(
        whole.chosen,
        whole.labels(),
        whole.chosen_keys() if options.dedup and whole.keys is not None else None,
        validation=wanted.get("validation", 0.0),
        test=wanted.get("test", 0.0),
        seed=options.seed,
    )
    carved = {"train": shares.train, "validation": shares.validation, "test": shares.test}
    made = {name: replace(whole, chosen=rows) for name, rows in carved.items() if rows}
    findings = (
        [_too_few(whole, [name for name in wanted if name not in made])] if wanted.keys() - made else []
    )
    how = f"{shares.how}, seed {options.seed}"
    if not alone:
        how = f"as given, {' and '.join(wanted)} from train {how}"
    return Divided({**given.parts, **made}, how, (*given.findings, *findings))


def _shared_finding(split: str, count: int, noun: str) -> Finding:
    message = f"{counted(count, noun)} stood in both train and {split}: removed from train"
    return Finding("duplicates-across", "warn", message, count)


def _too_few(whole: Part, missing: Sequence[str]) -> Finding:
    rows = len(whole.chosen)
    message = f"{rows_of(rows)}: too few for a split, so nothing is in {' and '.join(missing)}"
    return Finding("too-few-rows", "warn", message, rows)


def _share(chosen: float | None, default: float) -> float:
    return default if chosen is None else chosen
