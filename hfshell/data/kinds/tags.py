"""Tags of tokens: as many as there are tokens, and IOB2 where they mark spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from hfshell.api.results import Finding
from hfshell.api.tagging import loose_tags, marks_spans, scheme_of, to_iob2
from hfshell.data.kinds.cells import Unfit, convert, is_missing, listed, quoted, texts_of
from hfshell.data.kinds.lists import TEXTS, tokens_of
from hfshell.data.labels import Converted
from hfshell.data.wording import counted, rows_of


def as_tags(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return tags: lists, or words between blanks; those that mark spans as IOB2.

    In a column of tags that mark spans, a row with a tag that marks none does not fit.
    """
    plain = convert(cells, beside, _tags_of, TEXTS)
    rows = plain.values.to_pylist()
    odd = _odd_tags(rows)
    if odd:
        plain = convert(cells, beside, lambda cell, tokens: _without(odd, _tags_of(cell, tokens)), TEXTS)
        rows = plain.values.to_pylist()
    return _as_iob2(plain, rows)


def _tags_of(cell: Any, beside: Any) -> tuple[str, ...] | None:
    if is_missing(cell):
        return None
    tags = texts_of(listed(cell, split=True), "tag")
    try:
        tokens = tokens_of(beside)
    except Unfit:  # that is said of the tokens
        return tags
    if tokens is not None and len(tokens) != len(tags):
        raise Unfit(f"there are {counted(len(tags), 'tag')} for {counted(len(tokens), 'token')}")
    if not all(tags):
        raise Unfit(f"tag {tags.index('') + 1} is empty")
    return tags


def _odd_tags(rows: Sequence[Sequence[str] | None]) -> frozenset[str]:
    """Return the tags that mark no spans, when most of the others do."""
    tags = {tag for row in rows for tag in row or ()}
    odd = frozenset(tag for tag in tags if not marks_spans(tag))
    return odd if 2 * len(odd) < len(tags) else frozenset()


def _without(odd: frozenset[str], tags: tuple[str, ...] | None) -> tuple[str, ...] | None:
    for place, tag in enumerate(tags or (), 1):
        if tag in odd:
            raise Unfit(f"tag {place}, {quoted(tag)}, is none of B-, I-, E-, S- with a name, nor O")
    return tags


def _as_iob2(plain: Converted, rows: list[list[str] | None]) -> Converted:
    scheme = scheme_of(row for row in rows if row)
    if scheme is None:
        return plain
    loose = [loose_tags(row, scheme) if row else 0 for row in rows]
    notes = []
    if scheme != "IOB2":
        notes.append(Finding("tag-scheme", "info", f"the tags are {scheme}: converted to IOB2"))
    if any(loose):
        concerned = sum(count > 0 for count in loose)
        message = (
            f"{counted(sum(loose), 'tag')} in {rows_of(concerned)} go on with a span that was not begun, "
            f"or leave one open: {scheme} has no such; each was read as the begin of one"
        )
        notes.append(Finding("bad-tags", "warn", message, concerned))
    elif scheme == "IOB2":
        return plain
    converted = [None if row is None else to_iob2(row) for row in rows]
    return replace(plain, values=pa.chunked_array([pa.array(converted, TEXTS)]), notes=tuple(notes))
