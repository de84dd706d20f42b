"""Cells that are lists of texts: tokens, choices, and several texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from hfshell.data.kinds.cells import Unfit, convert, is_missing, listed, texts_of, written
from hfshell.data.labels import Converted
from hfshell.data.table import TEXT

TEXTS = pa.list_(TEXT)
"""Arrow's type for a list of texts."""


def as_tokens(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return tokens: lists, or words between blanks."""
    return convert(cells, beside, lambda cell, _: tokens_of(cell), TEXTS)


def tokens_of(cell: Any) -> tuple[str, ...] | None:
    """Return a cell's tokens; None when it says nothing.

    Raises:
        Unfit: it holds something else.
    """
    return None if is_missing(cell) else texts_of(listed(cell, split=True), "token")


def as_choices(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return choices, two at least."""
    return convert(cells, beside, lambda cell, _: choices_of(cell), TEXTS)


def choices_of(cell: Any) -> tuple[str, ...] | None:
    """Return a cell's choices; None when it says nothing.

    Raises:
        Unfit: it holds something else, or fewer than two.
    """
    if is_missing(cell):
        return None
    choices = texts_of(listed(cell), "choice")
    if len(choices) < 2:
        raise Unfit("there is only one choice" if choices else "there is no choice")
    return choices


def as_several_texts(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return several texts of each row; a text alone is one of them."""
    return convert(cells, beside, lambda cell, _: _texts_of(cell), TEXTS)


def _texts_of(cell: Any) -> tuple[str, ...] | None:
    if is_missing(cell):
        return None
    found = written(cell) if isinstance(cell, str) else cell
    return (found,) if isinstance(found, str) else texts_of(listed(found), "text")
