"""Translations: an object of two languages, or a column for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hfshell.data.columns import text_columns
from hfshell.data.kinds.cells import Unfit
from hfshell.data.shapes.shape import Made, Shape, are, looks
from hfshell.data.table import GoesBy, RowTable

_SIDES: GoesBy = (("text", "source"), ("text", "target"))
_TWO_LETTERS = frozenset(
    re.findall(
        r"\w\w",
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy "
        "da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu "
        "hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb "
        "lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
        "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw "
        "ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu",
    )
)
"""The languages' codes of ISO 639-1."""


def read_translation(table: RowTable) -> Shape | None:
    """Read `translation: {"en": …, "de": …}` as two texts."""
    objects = looks(table, "translation")
    if not are(objects, lambda cell: isinstance(cell, dict) and len(_languages(list(cell))) == 2):
        return None
    codes = next(
        found for cell in objects if isinstance(cell, dict) and len(found := _languages(list(cell))) == 2
    )
    made = tuple(Made(f"translation.{code}", ("translation",), _of(code), _SIDES) for code in codes)
    return Shape(f"translation read as source {codes[0]}, target {codes[1]}", made)


def read_language_columns(table: RowTable) -> Shape | None:
    """Read two columns of texts that are named after languages as a text and its translation."""
    named = _languages(list(table.columns))
    codes = text_columns(table, named)
    if len(codes) != 2:
        return None
    said = f"columns {codes[0]} and {codes[1]} read as a translation: source {codes[0]}, target {codes[1]}"
    return Shape(said, goes_by=dict.fromkeys(codes, _SIDES))


def _languages(names: Sequence[str]) -> list[str]:
    """Return the names that are languages' codes, English first, else in their order."""
    codes = [name for name in names if re.split(r"[-_]", name.lower())[0] in _TWO_LETTERS and _is_code(name)]
    return sorted(codes, key=lambda name: re.split(r"[-_]", name.lower())[0] != "en")


def _is_code(name: str) -> bool:
    return re.fullmatch(r"[A-Za-z]{2}([-_][A-Za-z]{2,4})?", name) is not None


def _of(code: str) -> Any:
    def text(cell: Any) -> str | None:
        if cell is None:
            return None
        if not isinstance(cell, dict) or not isinstance(cell.get(code), str):
            raise Unfit(f"there is no text for {code}")
        return str(cell[code])

    return text
