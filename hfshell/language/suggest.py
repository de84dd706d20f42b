"""Names that were probably meant."""

from __future__ import annotations

from difflib import SequenceMatcher, get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 60
"""Nothing longer is a slip of the fingers, and comparing it would take long."""
_CUTOFF = 0.6
"""Likeness that difflib's documentation calls a good match."""
_TIE = 0.1
"""How much less like the word a second candidate may be than the first."""


def nearest(word: str, candidates: Iterable[str], limit: int = 2) -> tuple[str, ...]:
    """Return the candidates most like `word`, best first, whatever their case; a clear winner alone."""
    if len(word) > _LONGEST:
        return ()
    wanted = word.casefold()
    by_folded = {candidate.casefold(): candidate for candidate in candidates}
    found = get_close_matches(wanted, by_folded, limit, _CUTOFF)
    likeness = [SequenceMatcher(None, folded, wanted).ratio() for folded in found]
    return tuple(
        by_folded[folded] for folded, ratio in zip(found, likeness, strict=True) if ratio > likeness[0] - _TIE
    )


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """Return `did you mean X?` with the nearest candidates, or None when none is near."""
    names = nearest(word, candidates)
    return f"did you mean {' or '.join(names)}?" if names else None
