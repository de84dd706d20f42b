"""Predictions: one a row, in order, whatever stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hfshell.testing.likeness import difference
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.testing.row_probe import Rows
    from hfshell.testing.subject import Subject


def predicts(subject: Subject) -> None:
    """Predict some rows; hfshell itself counts the predictions and refuses what is no JSON."""
    _require_predict(subject)
    if not subject.predict():
        raise Fault("there were no rows to predict", "give more data: override `dataset`")


def keeps_order(subject: Subject) -> None:
    """Predict rows from the first to the last, and from the last to the first."""
    _require_predict(subject)
    forth = subject.predict()
    back = subject.predict(lambda rows: rows[::-1])
    _require_same(forth, back[::-1], "in the other order, a row is predicted otherwise")


def takes_nothing(subject: Subject) -> None:
    """Predict no rows at all."""
    _require_predict(subject)
    if predicted := subject.predict(lambda _: []):
        raise Fault(f"it gave {len(predicted)} predictions for no rows")


def predicts_alone(subject: Subject) -> None:
    """Predict rows beside others, and each alone."""
    _require_predict(subject)
    together = subject.predict()
    for index, prediction in list(enumerate(together))[:3]:
        alone = subject.predict(_only(index))
        _require_same([prediction], alone, f"row {index + 1} alone is predicted otherwise than among others")


def repeats(subject: Subject) -> None:
    """Predict the same rows twice with the same seed."""
    _require_predict(subject)
    found = difference(subject.predict(), subject.predict(), exact=True)
    if found:
        raise Fault(
            f"the same rows are predicted otherwise the second time: {found}", "draw from `context.seed`"
        )


def _require_predict(subject: Subject) -> None:
    if "predict" not in subject.spec.capabilities:
        raise NotApplicable(f"{subject.spec.name} has no predict")


def _only(index: int) -> Any:
    def choose(rows: Rows) -> Rows:
        return rows[index : index + 1]

    return choose


def _require_same(expected: Sequence[Any], found: Sequence[Any], otherwise: str) -> None:
    words = difference(list(expected), list(found))
    if words:
        raise Fault(f"{otherwise}: {words}")
