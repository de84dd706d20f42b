"""Reading a data set: sources, roles, splits, audit, fingerprint."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from hfshell.api.cancel import CancelToken
from hfshell.api.results import Finding, LabelCount
from hfshell.api.roles import LABEL_SYNONYMS, TEXT_SYNONYMS, Role
from hfshell.data.audit import Examined, audit, contradictions
from hfshell.data.dataset import DataSet
from hfshell.data.fingerprint import READER_VERSION, combined
from hfshell.data.folder import SPLITS
from hfshell.data.formats import stem
from hfshell.data.labels import sort_labels
from hfshell.data.naming import fold
from hfshell.data.options import DataOptions
from hfshell.data.parts import Divided, as_given, carve, left_out, make_part, read_parts, remove_shared_texts
from hfshell.data.reading import Emit, FileRead, Reading
from hfshell.data.rolecolumns import RoleFault
from hfshell.data.roles import RolesFound, find_roles, known_names
from hfshell.data.rows import RoleRows
from hfshell.data.source import parse_sources

_USUAL_NAMES = frozenset(
    fold(name) for name in (*TEXT_SYNONYMS, *LABEL_SYNONYMS, "id", "index", "score", "split")
)


def load_data(
    sources: Sequence[str],
    options: DataOptions,
    roles: Sequence[Role],
    *,
    name: str = "",
    cancelled: CancelToken | None = None,
    emit: Emit | None = None,
    folder: Path | None = None,
) -> DataSet:
    """Read a data set, find its roles, split it and audit it.

    Args:
        sources: `FILE`, `FOLDER`, `org/name`, `train=FILE`, `test=FILE`, ….
        options: the user's choices.
        roles: what the installed tasks want.
        name: the name that it is bound to; the first file's without one.
        cancelled: interrupts within a second.
        emit: told how far it is.
        folder: where relative paths start; the current folder without one.

    Raises:
        DataError: a source is not there or cannot be read exactly.
        UsageError: the sources or options are no such.
        Interrupted: the user asked to stop.
    """
    began = time.perf_counter()
    base = folder or Path.cwd()
    reading = Reading(options, known_names(roles) | _USUAL_NAMES, cancelled or CancelToken(), emit)
    parsed = parse_sources(sources, base)
    reads = read_parts(parsed, base, reading)
    found = find_roles(next(iter(reads.values())).table, roles, options.map)
    parts = {split: make_part(read, found, roles, reading) for split, read in reads.items()}
    given = as_given(parts)
    divided = carve(remove_shared_texts(given) if options.dedup else given, options, alone=None in parts)
    findings = [
        *(finding for read in reads.values() for finding in read.findings),
        *(finding for split in reads for finding in left_out(split, reads[split], parts[split], options)),
        *divided.findings,
        *_unfound(found, roles, reads),
        *(fault.finding() for part in parts.values() for fault in part.table.faults),
        *_truths(found, reads),
        *contradictions(_examined(given)),
        *audit(_examined(divided), reading.cancelled),
    ]
    fingerprint = _fingerprint(reads, options, found)
    return DataSet(
        name=name or stem(Path(parsed[0].text)),
        source=" ".join(sources),
        columns=_columns(reads),
        roles=found,
        label_counts=_labels(found, divided),
        splits=_rows(divided),
        how=divided.how,
        findings=tuple(findings),
        faults=_faults(divided),
        keys={split: part.chosen_keys() for split, part in divided.parts.items()},
        fingerprint=fingerprint,
        seconds=time.perf_counter() - began,
        recipe=_recipe(sources, base, options, roles, name, fingerprint),
    )


def load_recipe(
    recipe: Mapping[str, Any], *, cancelled: CancelToken | None = None, emit: Emit | None = None
) -> DataSet:
    """Read a data set again from its `recipe`. Whether it is still the same, its fingerprint says.

    Raises:
        DataError, Interrupted: as `load_data` does.
    """
    return load_data(
        recipe["sources"],
        DataOptions.from_dict(recipe["options"]),
        [Role(**{**role, "synonyms": tuple(role["synonyms"])}) for role in recipe["roles"]],
        name=recipe["name"],
        cancelled=cancelled,
        emit=emit,
        folder=Path(recipe["folder"]),
    )


def _recipe(
    sources: Sequence[str],
    folder: Path,
    options: DataOptions,
    roles: Sequence[Role],
    name: str,
    fingerprint: str,
) -> dict[str, Any]:
    return {
        "schema": 1,
        "sources": list(sources),
        "folder": str(folder.absolute()),
        "options": options.to_dict(),
        "roles": [{**asdict(role), "synonyms": list(role.synonyms)} for role in roles],
        "name": name,
        "fingerprint": fingerprint,
    }


def _rows(divided: Divided) -> dict[str, RoleRows]:
    nothing = next(iter(divided.parts.values())).table.rows(())
    rows = {split: part.table.rows(part.chosen) for split, part in divided.parts.items()}
    return {split: rows.get(split, nothing) for split in SPLITS}


def _examined(divided: Divided) -> dict[str, Examined]:
    return {
        split: Examined(
            part.table.rows(part.chosen),
            part.chosen_keys() if part.keys is not None else None,
            part.labels(),
            part.table.text_roles,
        )
        for split, part in divided.parts.items()
    }


def _columns(reads: Mapping[str | None, FileRead]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for read in reads.values() for column in read.table.columns))


def _labels(found: RolesFound, divided: Divided) -> tuple[LabelCount, ...]:
    parts = divided.parts.values()
    counts = Counter(label for part in parts for label in part.labels() or () if label is not None)
    for part in parts:
        declared = part.table.table.classes.get(found.column(part.table.label_role or "") or "")
        if declared and set(counts) <= set(declared):
            return tuple(LabelCount(label, counts[label]) for label in declared)
    return tuple(LabelCount(label, counts[label]) for label in sort_labels(counts))


def _faults(divided: Divided) -> dict[str, tuple[RoleFault, ...]]:
    faults: dict[str, tuple[RoleFault, ...]] = {}
    for split, part in divided.parts.items():
        chosen = frozenset(part.chosen) if part.table.faults else frozenset()
        within = (fault.within(part.table.table, chosen) for fault in part.table.faults)
        faults[split] = tuple(fault for fault in within if fault)
    return faults


def _unfound(
    found: RolesFound, roles: Sequence[Role], reads: Mapping[str | None, FileRead]
) -> Iterable[Finding]:
    """Say which text or label could not be found, unless the data is of another kind, or plain text."""
    kinds = {role.name: role.kind for role in roles if role.required}
    if any(kinds.get(item.role) not in ("text", "label", None) for item in found.found):
        return
    free = set(_columns(reads)) - set(found.by_role.values())
    for name, kind in kinds.items():
        if kind not in ("text", "label") or found.column(name) is not None or not free:
            continue
        message, hint = found.why_not(name, _columns(reads))
        yield Finding(f"no-{name}", "warn", f"{message} · {hint}" if hint else message)


def _truths(found: RolesFound, reads: Mapping[str | None, FileRead]) -> Iterable[Finding]:
    """Say that labels which are true and false become words."""
    truths = [
        column
        for column in found.by_role.values()
        for read in reads.values()
        if column in read.table.columns and pa.types.is_boolean(read.table.values.schema.field(column).type)
    ]
    if truths:
        message = f"the values of '{truths[0]}' are true and false: as labels they are these words"
        yield Finding("label-type", "info", message)


def _fingerprint(reads: Mapping[str | None, FileRead], options: DataOptions, found: RolesFound) -> str:
    return combined([
        READER_VERSION,
        [[split or "", read.digest] for split, read in reads.items()],
        options.to_dict(),
        [[item.role, item.column] for item in found.found],
    ])  # fmt: skip
