"""What a data set's owner would want to know before training on it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hfshell.api.cancel import CancelToken
from hfshell.api.results import Finding
from hfshell.data.fingerprint import EMPTY_KEY
from hfshell.data.labels import sort_labels
from hfshell.data.naming import fold
from hfshell.data.rows import RoleRows
from hfshell.data.wording import counted, lines_of, names_of, rows_of, verb

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_IMBALANCE = 10
_RARE = 5
_PLACES_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Examined:
    """A split under audit.

    Attributes:
        rows: its rows.
        keys: `row_key` of each row's texts; None without texts.
        labels: each row's label; None without labels.
        text_roles: names of the roles that hold texts.
        noun: what rows are told apart by: a text, or a file.
    """

    rows: RoleRows
    keys: Sequence[str] | None
    labels: Sequence[str | None] | None
    text_roles: tuple[str, ...]
    noun: str = "text"


def audit(splits: Mapping[str, Examined], cancelled: CancelToken) -> tuple[Finding, ...]:
    """Look at the splits as they will be used.

    Args:
        splits: by name, train first; empty ones are passed over.
        cancelled: looked at between checks.

    Raises:
        Interrupted: the user asked to stop.
    """
    present = {name: split for name, split in splits.items() if len(split.rows)}
    findings: list[Finding] = []
    for name, split in present.items():
        cancelled.raise_if_set()
        findings += _texts(name, split)
    for check in (_shared_texts, _label_names, _balance):
        cancelled.raise_if_set()
        findings += check(present)
    return tuple(findings)


def _texts(name: str, split: Examined) -> list[Finding]:
    if split.keys is None:
        return []
    findings: list[Finding] = []
    empty = [index for index, key in enumerate(split.keys) if key == EMPTY_KEY]
    if empty and split.noun == "text":  # a row that names no file lacks what its role needs, and that is said
        message = f"{_rows_have(empty, name)} an empty text: {_places(split.rows, empty)}"
        findings.append(Finding("empty-text", "warn", message, len(empty)))
    counts = Counter(key for key in split.keys if key != EMPTY_KEY)
    repeats = sum(counts.values()) - len(counts)
    if repeats:
        message = (
            f"{rows_of(repeats)} of {name} {verb(repeats, 'repeats', 'repeat')} an earlier {split.noun} of it"
        )
        findings.append(Finding("duplicates", "info", message, repeats))
    control = sorted({
        index
        for role in split.text_roles
        for index, text in enumerate(split.rows.values(role))
        if text and _CONTROL.search(text)
    })  # fmt: skip
    if control:
        message = f"{_rows_have(control, name)} control characters: {_places(split.rows, control)}"
        findings.append(Finding("control-characters", "info", message, len(control)))
    return findings


def _shared_texts(splits: Mapping[str, Examined]) -> list[Finding]:
    """Report texts of two splits that were left in both."""
    keys = {name: set(split.keys) - {EMPTY_KEY} for name, split in splits.items() if split.keys is not None}
    names = list(keys)
    findings = []
    for position, first in enumerate(names):
        for second in names[position + 1 :]:
            shared = len(keys[first] & keys[second])
            if shared:
                what = counted(shared, splits[first].noun)
                message = f"{what} {verb(shared, 'is', 'are')} in both {first} and {second}"
                findings.append(Finding("duplicates-across", "warn", message, shared))
    return findings


def contradictions(splits: Mapping[str, Examined]) -> list[Finding]:
    """Report texts that have several labels, in one split or across them.

    Args:
        splits: as they were before any row was removed.
    """
    labels: dict[str, set[str]] = {}
    rows: Counter[str] = Counter()
    for split in splits.values():
        if split.keys is None or split.labels is None:
            continue
        for key, label in zip(split.keys, split.labels, strict=True):
            if label is not None and key != EMPTY_KEY:
                labels.setdefault(key, set()).add(label)
                rows[key] += 1
    torn = [key for key, given in labels.items() if len(given) > 1]
    if not torn:
        return []
    noun = next(iter(splits.values())).noun
    message = f"{counted(len(torn), noun)} {verb(len(torn), 'has', 'have')} contradictory labels"
    return [Finding("contradictory-labels", "warn", message, sum(rows[key] for key in torn))]


def _label_names(splits: Mapping[str, Examined]) -> list[Finding]:
    counts = {name: Counter(_present(split)) for name, split in splits.items()}
    findings = []
    train = counts.get("train")
    for name, counted_labels in counts.items():
        if not train or name == "train":
            continue
        unseen = [label for label in counted_labels if label not in train]
        if unseen:
            rows = sum(counted_labels[label] for label in unseen)
            message = f"{name} has labels that train lacks: {names_of(sort_labels(unseen))} ({rows_of(rows)})"
            findings.append(Finding("unseen-labels", "warn", message, rows))
    alike: dict[str, list[str]] = {}
    for label in dict.fromkeys(label for counter in counts.values() for label in counter):
        alike.setdefault(fold(label) or label, []).append(label)
    for variants in alike.values():
        if len(variants) > 1 and not all(label.lstrip("-").isdigit() for label in variants):
            message = (
                f"these labels are different, and nearly the same: {names_of(f'{v!r}' for v in variants)}"
            )
            findings.append(Finding("similar-labels", "warn", message))
    return findings


def _balance(splits: Mapping[str, Examined]) -> list[Finding]:
    split = splits.get("train") or next(iter(splits.values()), None)
    counts = Counter(_present(split)) if split else Counter()
    if not counts:
        return []
    most, fewest = max(counts.values()), min(counts.values())
    if len(counts) == 1:
        return [
            Finding(
                "single-class", "warn", f"one label only, {next(iter(counts))}: there is nothing to learn"
            )
        ]
    findings = []
    if most >= _IMBALANCE * fewest:
        largest, smallest = counts.most_common()[0][0], counts.most_common()[-1][0]
        message = f"imbalance: {largest} has {rows_of(most)} of train, {smallest} {rows_of(fewest)}"
        findings.append(Finding("imbalance", "warn", message))
    rare = [label for label, count in counts.items() if count < _RARE]
    if rare:
        message = (
            f"{counted(len(rare), 'label')} with under {_RARE} rows in train: {names_of(sort_labels(rare))}"
        )
        findings.append(Finding("rare-labels", "warn", message, sum(counts[label] for label in rare)))
    return findings


def _present(split: Examined) -> list[str]:
    return [label for label in split.labels or () if label is not None]


def _rows_have(rows: Sequence[int], split: str) -> str:
    return f"{rows_of(len(rows))} of {split} {verb(len(rows), 'has', 'have')}"


def _places(rows: RoleRows, indices: Sequence[int]) -> str:
    first = [rows.place(index) for index in indices[:_PLACES_SHOWN]]
    if len({place.file for place in first}) > 1:
        more = f" and {len(indices) - len(first):,} more" if len(indices) > len(first) else ""
        return ", ".join(str(place) for place in first) + more
    return f"{first[0].file} {lines_of([place.line or 0 for place in first], len(indices))}"
