"""Predictions: one a row, in order, whatever stands beside it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from hfshell.testing.likeness import difference, require_same, require_unlike
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.testing.row_probe import Rows
    from hfshell.testing.subject import Subject


def predicts(subject: Subject) -> None:
    """Predict some rows; hfshell itself counts the predictions and refuses what is no JSON."""
    _require_predict(subject)
    if not subject.predict():
        raise Fault("there were no rows to predict", "give more data: override `dataset`")


def keeps_order(subject: Subject) -> None:
    """Predict rows in the order of the data, and shuffled."""
    _require_predict(subject)
    given = subject.predict()
    order = list(range(len(given)))
    random.Random(5).shuffle(order)  # noqa: S311 - no secret
    shuffled = subject.predict(lambda rows: [rows[index] for index in order])
    for place, index in enumerate(order):
        words = difference(given[index], shuffled[place])
        if words:
            raise Fault(
                f"row {index + 1} is predicted otherwise where it is row {place + 1}: {words}",
                "yield predictions in the order of the rows, each of its own row",
            )
    require_unlike(given)


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
        require_same([prediction], alone, f"row {index + 1} alone is predicted otherwise than among others")
    require_unlike(together)


def repeats(subject: Subject) -> None:
    """Predict the same rows twice with the same seed."""
    _require_predict(subject)
    first = subject.predict()
    found = difference(first, subject.predict(), exact=True)
    if found:
        raise Fault(
            f"the same rows are predicted otherwise the second time: {found}", "draw from `context.seed`"
        )
    require_unlike(first)


def _require_predict(subject: Subject) -> None:
    if "predict" not in subject.spec.capabilities:
        raise NotApplicable(f"{subject.spec.name} has no predict")


def _only(index: int) -> Any:
    def choose(rows: Rows) -> Rows:
        return rows[index : index + 1]

    return choose
