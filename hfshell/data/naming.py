"""How names that people wrote are compared."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable


def fold(name: str) -> str:
    """Return a name without case, spaces and punctuation: `Coarse-Label ` and `coarse_label` are the same."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the name most like a mistyped one, if any is."""
    by_folded = {fold(candidate): candidate for candidate in names}
    near = difflib.get_close_matches(fold(name), by_folded, n=1)
    return by_folded[near[0]] if near else None
