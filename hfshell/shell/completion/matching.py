"""How well a text fits what is typed, and the order of candidates: by match, then by use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
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

_FEWEST_INITIALS, _MOST_INITIALS = 2, 5
_ENOUGH = 4
"""So many times what is wanted is ordered; nobody misses the rest."""


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
    """What is typed, to be held against many texts.

    Attributes:
        typed: it.
        folded: it, whatever its case.
        inner: that without the dashes of an option, which are no part of a word inside another.
        holds: finds its letters, in order, in a folded text.
        initials: finds parts of a folded text that begin with its letters; None where these cannot be meant.
    """

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.folded = typed.casefold()
        self.inner = self.folded.lstrip("-") or self.folded
        scattered = ".*?".join(map(re.escape, self.inner))
        self.holds = re.compile(scattered, re.DOTALL).search
        self.initials = self._of_initials()
        self._spans = re.compile(f"(?=({scattered}))", re.DOTALL).finditer

    def fit(self, text: str) -> Fit | None:
        """Return how a text fits; None when its letters do not."""
        if text.startswith(self.typed):
            return Fit(EXACT if len(text) == len(self.typed) else BEGINS, 0, len(self.typed))
        folded = text.casefold()
        if folded.startswith(self.folded):
            return Fit(BEGINS_FOLDED, 0, len(self.typed))
        start = folded.find(self.inner)
        if start >= 0:
            return self._inside(folded, start)
        if not self.holds(folded):
            return None
        if self.initials and self.initials.search(folded):
            return Fit(INITIALS)
        length, start = min((len(span[1]), span.start()) for span in self._spans(folded))
        return Fit(SCATTERED, start, length)

    def _of_initials(self) -> re.Pattern[str] | None:
        if not (_FEWEST_INITIALS <= len(self.inner) <= _MOST_INITIALS and self.inner.isalnum()):
            return None
        return re.compile(r"^[\W_]*" + r"[^\W_]*[\W_]+".join(self.inner))

    def _inside(self, folded: str, start: int) -> Fit:
        found = start
        while found > 0:
            if not folded[found - 1].isalnum():
                return Fit(BEGINS_PART, found, len(self.inner))
            found = folded.find(self.inner, found + 1)
        return Fit(CONTAINS, start, len(self.inner))

    def letters(self, text: str) -> frozenset[int]:
        """Return the places of the letters in a text that match, for the menu to show."""
        fit = self.fit(text)
        if fit is None:
            return frozenset()
        if fit.kind == INITIALS:
            starts = [part.start() for part in _PARTS.finditer(text)]
            return frozenset(starts[: len(self.inner)])
        if fit.kind < SCATTERED:
            return frozenset(range(fit.start, fit.start + fit.length))
        return _in_order(text.casefold(), self.inner, fit.start)


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
    used: Mapping[str, float] = MappingProxyType({}),
    *,
    narrow: bool = True,
    most: int = 500,
) -> list[Candidate]:
    """Return the candidates that fit what is typed, the likeliest first; each text once.

    Args:
        groups: candidates by what they are, the likeliest kind first; in each, in an order of their own.
        typed: what they are held against.
        used: how much a text was used of late.
        narrow: leave out what fits worse in kind than the best does, so that one Tab can finish a word;
            otherwise only letters that are scattered are left out, where anything fits better.
        most: how many are enough: what fits worse is then not looked for.
    """
    offered = [list(group) for group in groups]
    beginning = [[item for item in group if item.text.startswith(typed)] for group in offered]
    found = _ordered(beginning, typed, used)[:most]
    if not typed or len(found) == most or (found and narrow):
        return found
    pattern = Pattern(typed)
    inside = [
        [item for item in group if pattern.inner in item.text.casefold() and not item.text.startswith(typed)]
        for group in offered
    ]
    fitting = _fitting(inside, pattern, _ENOUGH * most)
    nothing = not found and not fitting
    if nothing or pattern.initials:
        scattered = _holding(offered, pattern)
        fitting += _with_initials(scattered, pattern, most)
        if nothing and not fitting:
            fitting = _fitting(scattered, pattern, most)
    fitting.sort(key=lambda item: _order(item, used))
    if narrow and fitting:
        best = _GROUPS[fitting[0][0].kind]
        fitting = [item for item in fitting if _GROUPS[item[0].kind] == best]
    return _once([*found, *(candidate for _, _, candidate in fitting)])[:most]


Fitting = tuple[Fit, int, "Candidate"]
"""How a candidate fits, the number of its group, and itself."""


def _ordered(groups: Sequence[Sequence[Candidate]], typed: str, used: Mapping[str, float]) -> list[Candidate]:
    """Order what begins with what is typed: that itself, then by groups what was used, and what was not."""
    itself: list[Candidate] = []
    usual: list[Candidate] = []
    late: list[Candidate] = []
    for group in groups:
        before = sorted((item for item in group if item.text in used), key=lambda item: -used[item.text])
        for item in (*before, *group):
            (itself if item.text == typed else late if item.late else usual).append(item)
    return _once([*itself, *usual, *late])


def _fitting(groups: Iterable[Iterable[Candidate]], pattern: Pattern, most: int) -> list[Fitting]:
    fits = (
        (fit, number, item)
        for number, group in enumerate(groups)
        for item in group
        if (fit := pattern.fit(item.text)) is not None
    )
    return list(islice(fits, most))


def _with_initials(groups: Iterable[Iterable[Candidate]], pattern: Pattern, most: int) -> list[Fitting]:
    if pattern.initials is None:
        return []
    begin_so = pattern.initials.search
    matching = ([item for item in group if begin_so(item.text.casefold())] for group in groups)
    return [found for found in _fitting(matching, pattern, most) if found[0].kind == INITIALS]


def _holding(groups: Iterable[Iterable[Candidate]], pattern: Pattern) -> list[list[Candidate]]:
    holds = pattern.holds
    return [[item for item in group if holds(item.text.casefold())] for group in groups]


def _order(found: Fitting, used: Mapping[str, float]) -> tuple[int, bool, int, int, float, int]:
    fit, number, candidate = found
    spread = fit.length if fit.kind == SCATTERED else 0
    return fit.kind, candidate.late, spread, number, -used.get(candidate.text, 0.0), fit.start


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    unique: dict[str, Candidate] = {}
    for candidate in candidates:
        unique.setdefault(candidate.text, candidate)
    return list(unique.values())
