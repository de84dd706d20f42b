"""Rows whose answers are whatever a task predicts: right when they are what the data says, else wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import msgspec

from hfshell.api import Guard, Metric
from hfshell.api.results import WrongRow
from hfshell.evaluation.classification import check_counts
from hfshell.evaluation.guards import no_better_than_guessing
from hfshell.evaluation.intervals import wilson
from hfshell.evaluation.report import WORST_ROWS, Judged, Report, cut
from hfshell.evaluation.saying import said

_GUESS_SHOWN = 40
_FREE = frozenset({"text", "texts", "answers", "messages"})
"""Kinds of roles of which an answer is not simply right or wrong."""

_NEVER_THE_SAME = _FREE | {"tokens", "tags", "spans"}
"""Kinds of roles of which no constant answer is worth guessing."""


@dataclass(frozen=True, eq=False)
class Exact:
    """Rows with what was expected and what was answered, any JSON types. See `exact`.

    Attributes:
        expected, answered: what the rows say, and what the predictions come to.
        texts: the text of each row.
        role: the kind of role that they are; empty when it is not known.
        choices: among which texts each row chooses one by its index; None when it does not.
    """

    expected: Sequence[Any]
    answered: Sequence[Any]
    texts: Sequence[str]
    role: str = ""
    choices: Sequence[Sequence[str]] | None = None

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
        """What most rows say; None where no two texts are ever the same."""
        if self.role in _NEVER_THE_SAME:
            return None
        frequent, _ = Counter(map(_key, self.expected)).most_common(1)[0]
        return next(value for value in self.expected if _key(value) == frequent)

    def metric(self, name: str, *, intervals: bool) -> Metric:
        """Measure accuracy: the share of rows whose answer is exactly what they say."""
        low, high = wilson(self._right, len(self.expected)) if intervals else (None, None)
        return Metric(name, self._right / len(self.expected), low, high)

    def baseline(self, name: str) -> float | None:  # noqa: ARG002 - there is one metric
        """Measure the accuracy of the better guess, the most frequent value or any of the choices.

        None where no two rows say the same.
        """
        return max(self._majority or 0.0, self._chance or 0.0) or None

    def report(
        self, metrics: tuple[Metric, ...], baseline: float | None, judged: Judged | None = None
    ) -> Report:
        """Add the rows that the headline grades lowest; without grades, the first of the wrong rows."""
        guard = self._doubt(metrics[0] if metrics else None, baseline)
        return Report(
            n=len(self.expected),
            metrics=metrics,
            baseline=baseline,
            guess="random" if self._at_random(baseline) else "majority",
            per_label=judged.per_label if judged else (),
            wrong=self._count_of_wrong(judged),
            worst=self._worst(judged),
            guards=(guard,) if guard else (),
        )

    def _doubt(self, headline: Metric | None, baseline: float | None) -> Guard | None:
        guess = "at random" if self._at_random(baseline) else self._said(0, self.guess)[:_GUESS_SHOWN]
        if self.choices is not None and not self._at_random(baseline):
            guess = f"choice {self.guess + 1}"
        return no_better_than_guessing(headline, baseline, guess, len(self.expected))

    def _at_random(self, baseline: float | None) -> bool:
        return baseline is not None and baseline == self._chance and baseline != self._majority

    def _count_of_wrong(self, judged: Judged | None) -> int | None:
        if judged is not None:
            return None if judged.partly_right else len(judged.flawed)
        return None if self.role in _FREE else len(self._wrong)

    def _worst(self, judged: Judged | None) -> tuple[WrongRow, ...]:
        rows = self._wrong if judged is None else judged.flawed
        return tuple(
            WrongRow(
                row=index + 1,
                text=cut(self.texts[index]),
                expected=cut(self._said(index, self.expected[index])),
                predicted=cut(self._said(index, self.answered[index])),
                grade=judged.grades[index] if judged else None,
            )
            for index in rows[:WORST_ROWS]
        )

    def _said(self, row: int, value: Any) -> str:
        """Return a value as text; of a choice what was chosen."""
        if self.choices is not None and isinstance(value, int) and 0 <= value < len(self.choices[row]):
            return self.choices[row][value]
        return said(value, self.role, self.texts[row])

    @cached_property
    def _majority(self) -> float | None:
        """Share of the rows that say what most of them say; None where no two say the same."""
        if self.guess is None:
            return None
        most = sum(_key(value) == _key(self.guess) for value in self.expected)
        return most / len(self.expected) if most > 1 else None

    @cached_property
    def _chance(self) -> float | None:
        """Mean share of right answers of choosing blindly."""
        if self.choices is None:
            return None
        return sum(1 / max(len(choices), 1) for choices in self.choices) / len(self.choices)

    @property
    def _right(self) -> int:
        return len(self.expected) - len(self._wrong)

    @cached_property
    def _wrong(self) -> list[int]:
        pairs = zip(self.expected, self.answered, strict=True)
        return [index for index, (expected, answer) in enumerate(pairs) if _key(expected) != _key(answer)]


def exact(
    expected: Sequence[Any],
    answered: Sequence[Any],
    texts: Sequence[str],
    role: str = "",
    choices: Sequence[Sequence[str]] | None = None,
) -> Exact:
    """Make rows fit to be measured.

    Args:
        expected: what the rows say.
        answered: what the predictions come to.
        texts: the text of each row.
        role: the kind of role that they are.
        choices: among which texts each row chooses one by its index.

    Raises:
        Refused: they do not match in number (`count`).
        DataError: there are no rows.
    """
    check_counts(expected, answered, texts)
    return Exact(expected, answered, texts, role, choices)


def _key(value: Any) -> bytes:
    """Return a value as JSON, so that a tuple is equal to the list that a file makes of it."""
    return msgspec.json.encode(value, order="sorted")
