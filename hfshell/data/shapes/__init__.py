"""Columns of other shapes, read as those that tasks know. The columns of the file stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from hfshell.api.results import Finding
from hfshell.data.reading import FileRead
from hfshell.data.shapes.answer import read_answer
from hfshell.data.shapes.choices import read_cause_or_effect, read_labelled_choices, read_numbered_choices
from hfshell.data.shapes.conversation import read_instruction, read_prompt, read_sharegpt
from hfshell.data.shapes.entities import read_entities
from hfshell.data.shapes.relations import read_places, read_token_places
from hfshell.data.shapes.shape import Shape
from hfshell.data.shapes.translation import read_language_columns, read_translation
from hfshell.data.table import RowTable

__all__ = ["SHAPES", "read_as"]

SHAPES: tuple[Callable[[RowTable], Shape | None], ...] = (
    read_translation,
    read_language_columns,
    read_sharegpt,
    read_instruction,
    read_prompt,
    read_entities,
    read_places,
    read_token_places,
    read_labelled_choices,
    read_numbered_choices,
    read_cause_or_effect,
    read_answer,
)
"""Each looks at rows and says what they can be read as, None when it is not for them."""


def read_as(reads: Mapping[str | None, FileRead]) -> dict[str | None, FileRead]:
    """Read the columns of files as what they are; all files as the first one."""
    first = next(iter(reads))
    shaped = dict(reads)
    for look in SHAPES:
        shape = look(shaped[first].table)
        if shape is None:
            continue
        shaped = {split: replace(read, table=shape.apply(read.table)) for split, read in shaped.items()}
        shaped[first] = shaped[first].with_finding(Finding("read-as", "info", shape.said))
    return shaped
