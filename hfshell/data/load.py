"""Reading a data set: sources, roles, splits, audit, fingerprint."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from hfshell.api.cancel import CancelToken
from hfshell.api.results import Finding
from hfshell.api.roles import LABEL_SYNONYMS, TEXT_SYNONYMS, Role
from hfshell.data.audit import Examined, audit, contradictions
from hfshell.data.dataset import DataSet
from hfshell.data.fingerprint import READER_VERSION
from hfshell.data.foreign_formats import NO_FORMATS, Formats
from hfshell.data.formats import stem
from hfshell.data.loaded import Loaded
from hfshell.data.naming import fold
from hfshell.data.options import DataOptions
from hfshell.data.parts import (
    Divided,
    Part,
    as_given,
    carve,
    left_out,
    make_part,
    read_parts,
    remove_shared_texts,
)
from hfshell.data.reading import Emit, FileRead, Reading
from hfshell.data.rolecolumns import role_table
from hfshell.data.roles import check_overrides, known_names
from hfshell.data.shapes import read_as
from hfshell.data.source import parse_sources
from hfshell.data.table import RowTable
from hfshell.data.views import View, joined, to_show, view

_USUAL_KINDS = ("text", "label", "number")
_USUAL_NAMES = frozenset(
    fold(name) for name in (*TEXT_SYNONYMS, *LABEL_SYNONYMS, "id", "index", "score", "split")
)


def load_data(
    sources: Sequence[str],
    options: DataOptions,
    tasks: Sequence[Sequence[Role]],
    *,
    name: str = "",
    cancelled: CancelToken | None = None,
    emit: Emit | None = None,
    folder: Path | None = None,
    formats: Formats = NO_FORMATS,
) -> DataSet:
    """Read a data set, find its roles, split it and audit it.

    Args:
        sources: `FILE`, `FOLDER`, `org/name`, `train=FILE`, `test=FILE`, ….
        options: the user's choices.
        tasks: the roles that each of the installed tasks wants; it is split by those of the first that fits.
        name: the name that it is bound to; the first file's without one.
        cancelled: interrupts within a second.
        emit: told how far it is.
        folder: where relative paths start; the current folder without one.
        formats: what plugins read.

    Raises:
        DataError: a source is not there or cannot be read exactly.
        PluginError: a plugin's reader failed.
        UsageError: the sources or options are no such.
        Interrupted: the user asked to stop.
    """
    began = time.perf_counter()
    base = folder or Path.cwd()
    roles = [role for wanted in tasks for role in wanted]
    known = known_names(roles) | _USUAL_NAMES
    named = {ending.lower(): role.name for role in reversed(roles) for ending in role.endings}
    reading = Reading(options, known, cancelled or CancelToken(), emit, formats, named)
    parsed = parse_sources(sources, base)
    reads = {
        split: replace(read, table=read.table.in_folder(str(base.absolute())))
        for split, read in read_as(read_parts(parsed, base, reading)).items()
    }
    views = _views(next(iter(reads.values())).table, tasks, options)
    tables = [read.table for read in reads.values()]
    parts = {split: make_part(read, views, reading, tables) for split, read in reads.items()}
    given = as_given(parts)
    divided = carve(remove_shared_texts(given) if options.dedup else given, options, alone=None in parts)
    shown = joined(views)
    findings = [
        *(finding for read in reads.values() for finding in read.findings),
        *(finding for split in reads for finding in left_out(split, reads[split], parts[split], options)),
        *divided.findings,
        *_unfound(views[0], reads),
        *_faults(views, list(parts.values())),
        *_truths(shown, reads),
        *contradictions(_examined(given)),
        *audit(_examined(divided), reading.cancelled),
    ]
    content = [
        READER_VERSION,
        [[split or "", read.digest] for split, read in reads.items()],
        options.to_dict(),
    ]
    loaded = Loaded(divided.parts, views[0], options.map, content)
    seen = loaded.seen(shown)
    return DataSet(
        name=name or stem(Path(parsed[0].text), formats.by_ending),
        source=" ".join(sources),
        columns=_columns(reads),
        how=divided.how,
        findings=tuple(findings),
        seconds=time.perf_counter() - began,
        recipe=_recipe(sources, base, options, tasks, name, seen.fingerprint),
        loaded=loaded,
        seen=seen,
    )


def load_recipe(
    recipe: Mapping[str, Any],
    *,
    cancelled: CancelToken | None = None,
    emit: Emit | None = None,
    formats: Formats = NO_FORMATS,
) -> DataSet:
    """Read a data set again from its `recipe`. Whether it is still the same, its fingerprint says.

    Raises:
        DataError, PluginError, Interrupted: as `load_data` does.
    """
    tasks = recipe["tasks"] if recipe["schema"] > 1 else [recipe["roles"]]
    return load_data(
        recipe["sources"],
        DataOptions.from_dict(recipe["options"]),
        [[_role(role) for role in wanted] for wanted in tasks],
        name=recipe["name"],
        cancelled=cancelled,
        emit=emit,
        folder=Path(recipe["folder"]),
        formats=formats,
    )


def _role(kept: Mapping[str, Any]) -> Role:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    return Role(**values)


def _views(table: RowTable, tasks: Sequence[Sequence[Role]], options: DataOptions) -> list[View]:
    """Return what the data is for; one view that finds nothing where there is no task."""
    check_overrides(table, [role for roles in tasks for role in roles], options.map)
    views = [view(table, roles, options.map) for roles in tasks if roles]
    return to_show(table, views, options.map) or [View(())]


def _recipe(
    sources: Sequence[str],
    folder: Path,
    options: DataOptions,
    tasks: Sequence[Sequence[Role]],
    name: str,
    fingerprint: str,
) -> dict[str, Any]:
    return {
        "schema": 2,
        "sources": list(sources),
        "folder": str(folder.absolute()),
        "options": options.to_dict(),
        "tasks": [[_kept(role) for role in roles] for roles in tasks],
        "name": name,
        "fingerprint": fingerprint,
    }


def _kept(role: Role) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(role).items()}


def _examined(divided: Divided) -> dict[str, Examined]:
    return {
        split: Examined(
            part.table.rows(part.chosen),
            part.chosen_keys() if part.keys is not None else None,
            part.labels(),
            part.table.text_roles,
            part.table.noun,
        )
        for split, part in divided.parts.items()
    }


def _columns(reads: Mapping[str | None, FileRead]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for read in reads.values() for column in read.table.columns))


def _faults(views: Sequence[View], parts: Sequence[Part]) -> Iterable[Finding]:
    """Say once which rows have nothing fit for a role of any view, and what else is odd about its columns."""
    every = [part.rows for part in parts]
    tables = [role_table(rows, one.found, one.roles, every) for rows in every for one in views]
    faults = [fault.finding() for table in tables for fault in table.faults]
    notes = [note for table in tables for note in table.notes]
    return dict.fromkeys([*faults, *notes])


def _unfound(primary: View, reads: Mapping[str | None, FileRead]) -> Iterable[Finding]:
    """Say which text or target could not be found, unless the data is of another kind, or plain text."""
    found, known = primary.found, {role.name: role.kind for role in primary.roles}
    if any(known[item.role] not in _USUAL_KINDS for item in found.found):
        return
    free = set(_columns(reads)) - set(found.by_role.values())
    for role in primary.roles:
        if not role.required or role.kind not in _USUAL_KINDS or found.column(role.name) or not free:
            continue
        table = next(iter(reads.values())).table
        message, hint = found.why_not(role, table, _columns(reads))
        yield Finding(f"no-{role.name}", "warn", f"{message} · {hint}" if hint else message)


def _truths(shown: View, reads: Mapping[str | None, FileRead]) -> Iterable[Finding]:
    """Say that labels which are true and false become words."""
    truths = [
        column
        for column in shown.found.by_role.values()
        for read in reads.values()
        if column in read.table.columns and pa.types.is_boolean(read.table.values.schema.field(column).type)
    ]
    if truths:
        message = f"the values of '{truths[0]}' are true and false: as labels they are these words"
        yield Finding("label-type", "info", message)
