"""Rows whose answers are whatever a task predicts: right when they are what the data says, else wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from hfshell.api import Metric
from hfshell.api.results import WrongRow
from hfshell.evaluation.classification import check_counts
from hfshell.evaluation.guards import no_better_than_guessing
from hfshell.evaluation.intervals import wilson
from hfshell.evaluation.report import WORST_ROWS, Report, cut

_GUESS_SHOWN = 40


@dataclass(frozen=True, eq=False)
class Exact:
    """Rows with what was expected and what was answered, any JSON types. See `exact`.

    Attributes:
        expected, answered: what the rows say, and what the predictions come to.
        texts: the text of each row.
    """

    expected: Sequence[Any]
    answered: Sequence[Any]
    texts: Sequence[str]

    kind: ClassVar[str] = "rows of this kind"
    known: ClassVar[tuple[str, ...]] = ("accuracy",)

    @property
    def expected_values(self) -> list[Any]:
        """What each row says."""
        return list(self.expected)

    @property
    def answers(self) -> list[Any]:
        """What was answered."""
        return list(self.answered)

    @cached_property
    def guess(self) -> Any:
        """What most rows say."""
        frequent, _ = Counter(map(_key, self.expected)).most_common(1)[0]
        return next(value for value in self.expected if _key(value) == frequent)

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure accuracy: the share of rows whose answer is exactly what they say."""
        low, high = wilson(self._right, len(self.expected)) if intervals else (None, None)
        return Metric(name, self._right / len(self.expected), low, high)

    def baseline(self, name: str) -> float | None:  # noqa: ARG002 - there is one metric
        """Measure the accuracy of the guess; None where no two rows say the same."""
        most = sum(_key(value) == _key(self.guess) for value in self.expected)
        return most / len(self.expected) if most > 1 else None

    def report(self, metrics: tuple[Metric, ...], baseline: float | None) -> Report:
        """Add the first of the wrong rows."""
        guess = _said(self.guess)[:_GUESS_SHOWN]
        guard = no_better_than_guessing(metrics[0] if metrics else None, baseline, guess, len(self.expected))
        return Report(
            n=len(self.expected),
            metrics=metrics,
            baseline=baseline,
            wrong=len(self._wrong),
            worst=tuple(
                WrongRow(
                    row=index + 1,
                    text=cut(self.texts[index]),
                    expected=cut(_said(self.expected[index])),
                    predicted=cut(_said(self.answered[index])),
                )
                for index in self._wrong[:WORST_ROWS]
            ),
            guards=(guard,) if guard else (),
        )

    @property
    def _right(self) -> int:
        return len(self.expected) - len(self._wrong)

    @cached_property
    def _wrong(self) -> list[int]:
        pairs = zip(self.expected, self.answered, strict=True)
        return [index for index, (expected, answer) in enumerate(pairs) if _key(expected) != _key(answer)]


def exact(expected: Sequence[Any], answered: Sequence[Any], texts: Sequence[str]) -> Exact:
    """Make rows fit to be measured.

    Raises:
        Refused: they do not match in number (`count`).
        DataError: there are no rows.
    """
    check_counts(expected, answered, texts)
    return Exact(expected, answered, texts)


def _key(value: Any) -> bytes:
    """Return a value as JSON, so that a tuple is equal to the list that a file makes of it."""
    return msgspec.json.encode(value, order="sorted")


def _said(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
