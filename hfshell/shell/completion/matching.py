"""How well a text fits what is typed, and the order of candidates: by match, then by use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hfshell.shell.completion.suggestions import Candidate

EXACT, BEGINS, BEGINS_FOLDED, BEGINS_PART, INITIALS, CONTAINS, SCATTERED = range(7)
"""How a text fits, the best first: it is what is typed · begins with it · but for the case · a part of it
does, as `--learning-rate` for `rate` · the first letters of its parts do, `lr` · it stands inside · its
letters do, in order."""

_GROUPS = {EXACT: 0, BEGINS: 0, BEGINS_FOLDED: 1, BEGINS_PART: 2, INITIALS: 2, CONTAINS: 3, SCATTERED: 4}
"""What is offered together on Tab: a worse group only when the better ones are empty."""

_PARTS = re.compile(r"[^\W_]+")

Order = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How a text fits what is typed.

    Attributes:
        kind: one of the constants above.
        start: where the match begins in the text.
        length: how many characters it spans.
    """

    kind: int
    start: int = 0
    length: int = 0


class Pattern:
    """What is typed, to be held against many texts."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.folded = typed.casefold()
        self._letters = self.folded.lstrip("-")
        scattered = ".*?".join(map(re.escape, self.folded))
        self._holds = re.compile(scattered, re.DOTALL).search
        self._spans = re.compile(f"(?=({scattered}))", re.DOTALL).finditer

    def fit(self, text: str) -> Fit | None:
        """Return how a text fits; None when its letters do not."""
        if text.startswith(self.typed):
            return Fit(EXACT if len(text) == len(self.typed) else BEGINS, 0, len(self.typed))
        folded = text.casefold()
        start = folded.find(self.folded)
        if start == 0:
            return Fit(BEGINS_FOLDED, 0, len(self.typed))
        if start > 0:
            return self._inside(folded, start)
        if not self._holds(folded):
            return None
        if self._letters and _initials(folded).startswith(self._letters):
            return Fit(INITIALS)
        length, start = min((len(span[1]), span.start()) for span in self._spans(folded))
        return Fit(SCATTERED, start, length)

    def _inside(self, folded: str, start: int) -> Fit:
        found = start
        while found > 0:
            if not folded[found - 1].isalnum():
                return Fit(BEGINS_PART, found, len(self.folded))
            found = folded.find(self.folded, found + 1)
        return Fit(CONTAINS, start, len(self.folded))

    def letters(self, text: str) -> frozenset[int]:
        """Return the places of the letters in a text that match, for the menu to show."""
        fit = self.fit(text)
        if fit is None:
            return frozenset()
        if fit.kind == INITIALS:
            starts = [part.start() for part in _PARTS.finditer(text)]
            return frozenset(starts[: len(self._letters)])
        if fit.kind < SCATTERED:
            return frozenset(range(fit.start, fit.start + fit.length))
        return _in_order(text.casefold(), self.folded, fit.start)


@lru_cache(maxsize=4096)
def _initials(folded: str) -> str:
    return "".join(part[0][0] for part in _PARTS.finditer(folded))


def _in_order(folded: str, letters: str, start: int) -> frozenset[int]:
    places: list[int] = []
    for letter in letters:
        start = folded.find(letter, start)
        if start < 0:  # casefold may give two letters for one
            break
        places.append(start)
        start += 1
    return frozenset(places)


def ranked(
    groups: Iterable[Iterable[Candidate]],
    typed: str,
    use: Callable[[str], float] = lambda _: 0.0,
    *,
    narrow: bool = True,
) -> list[Candidate]:
    """Return the candidates that fit what is typed, the likeliest first; each text once.

    Args:
        groups: candidates by what they are, the likeliest kind first; in each, in an order of their own.
        typed: what they are held against.
        use: how much a text was used of late.
        narrow: leave out what fits worse in kind than the best does, so that one Tab can finish a word;
            otherwise only letters that are scattered are left out, where anything fits better.
    """
    unique: dict[str, tuple[int, Candidate]] = {}
    for number, group in enumerate(groups):
        for candidate in group:
            unique.setdefault(candidate.text, (number, candidate))
    if not typed:
        return _by_use(unique.values(), use)
    fit = Pattern(typed).fit
    found = [(kept, one) for one in unique.values() if (kept := fit(one[1].text)) is not None]
    if not found:
        return []
    best = min(_GROUPS[kept.kind] for kept, _ in found)
    worst = best if narrow else max(best, _GROUPS[CONTAINS])
    chosen = [
        (_order(kept, number, candidate, use), candidate)
        for kept, (number, candidate) in found
        if _GROUPS[kept.kind] <= worst
    ]
    chosen.sort(key=lambda pair: pair[0])
    return [candidate for _, candidate in chosen]


def _by_use(found: Iterable[tuple[int, Candidate]], use: Callable[[str], float]) -> list[Candidate]:
    keyed = [((candidate.late, number, -use(candidate.text)), candidate) for number, candidate in found]
    keyed.sort(key=lambda pair: pair[0])
    return [candidate for _, candidate in keyed]


def _order(
    fit: Fit, number: int, candidate: Candidate, use: Callable[[str], float]
) -> tuple[int, bool, int, int, float, int]:
    spread = fit.length if fit.kind == SCATTERED else 0
    return fit.kind, candidate.late, spread, number, -use(candidate.text), fit.start
