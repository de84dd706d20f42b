"""What values of each kind are in files, and what they are to a task.

Texts, labels and numbers are read elsewhere; here are the kinds whose values are lists and objects, and those
that speak of such.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hfshell.data.kinds.answers import as_answers
from hfshell.data.kinds.index import as_index
from hfshell.data.kinds.lists import as_choices, as_several_texts, as_tokens
from hfshell.data.kinds.messages import as_messages
from hfshell.data.kinds.tags import as_tags
from hfshell.data.labels import Converted

__all__ = ["KINDS", "Kind", "could_hold"]


@dataclass(frozen=True)
class Kind:
    """How values of a kind are read.

    Attributes:
        convert: from a column's cells, and those of the column that it speaks of, to its values.
        tuples: a stored list is a tuple to a task.
        spaced: it may be words between blanks; a column where most cells are one word is none.
        most: most of a column's cells must fit for it to be of the kind, not only some.
    """

    convert: Callable[[Sequence[Any], Sequence[Any] | None], Converted]
    tuples: bool = True
    spaced: bool = False
    most: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "tokens": Kind(as_tokens, spaced=True),
        "tags": Kind(as_tags, spaced=True, most=True),
        "choices": Kind(as_choices),
        "index": Kind(as_index, tuples=False),
        "answers": Kind(as_answers, tuples=False),
        "messages": Kind(as_messages),
        "texts": Kind(as_several_texts),
    }
)


def could_hold(kind: Kind, cells: Sequence[Any], beside: Sequence[Any] | None) -> bool:
    """Tell whether some cells, the first ones of a column, may be of a kind."""
    if kind.spaced and not _are_lists(cells):
        return False
    found = kind.convert(cells, beside)
    given = len(cells) - len(found.missing)
    fitting = given - len(found.unfit)
    return fitting > 0 and (not kind.most or 2 * fitting >= given)


def _are_lists(cells: Sequence[Any]) -> bool:
    """Tell whether most cells are lists, or texts of several words."""
    given = [cell for cell in cells if cell]
    return bool(given) and 2 * sum(map(_is_list, given)) >= len(given)


def _is_list(cell: Any) -> bool:
    if isinstance(cell, str):
        return " " in cell.strip() or cell.startswith("[")
    return isinstance(cell, (list, tuple))
