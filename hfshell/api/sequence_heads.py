"""Heads that say something of a whole input: one label, several labels, or a number.

A subclass says how its rows are read, and is a task. What is learnt is always said to transformers, which
left to itself guesses it from the labels' type and number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api.results import LabelScore
from hfshell.api.task import DECIDED, HeadTask

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.model_view import ModelView


class _SequenceHead(HeadTask):
    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"


class LabelHead(_SequenceHead):
    """One label for each row, with the probability of every label.

    A prediction is a list of `LabelScore`, the best first; with an option `top_k`, `predict` gives so many.

    Example::

        class Urgency(LabelHead):
            def encode(self, rows, model):
                return model.tokenize([row["text"] for row in rows])
    """

    problem_type: ClassVar[str | None] = "single_label_classification"

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[list[LabelScore]]:  # noqa: ARG002 - of the contract
        """Yield each row's labels with their probabilities, the best first.

        Raises:
            ValueError: there are more or fewer labels than logits.
        """
        yield from _ranked(logits.softmax(dim=-1), model.labels)

    def select(self, prediction: Any, options: Any) -> list[LabelScore]:
        """Choose the best labels."""
        best: list[LabelScore] = prediction[: getattr(options, "top_k", None)]
        return best


class LabelsHead(_SequenceHead):
    """Any number of labels for each row, each with a probability of its own.

    A prediction is a list of `LabelScore`, the likeliest first: of all labels where it is measured, of those
    that are likelier than the option `threshold` where it is shown.
    """

    problem_type: ClassVar[str | None] = "multi_label_classification"

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[list[LabelScore]]:  # noqa: ARG002 - of the contract
        """Yield each row's labels with their probabilities, the likeliest first.

        Raises:
            ValueError: there are more or fewer labels than logits.
        """
        yield from _ranked(logits.sigmoid(), model.labels)

    def select(self, prediction: Any, options: Any) -> list[LabelScore]:
        """Choose the labels that are likely enough; it may be none."""
        least = getattr(options, "threshold", DECIDED)
        return [item for item in prediction if item.score >= least]


class NumberHead(_SequenceHead):
    """A number for each row.

    A prediction is `{"label": …, "score": …}`, as the Hub's pipeline gives it: the number, under the name of
    what was learnt.
    """

    problem_type: ClassVar[str | None] = "regression"

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[dict[str, Any]]:  # noqa: ARG002 - of the contract
        """Yield each row's number.

        Raises:
            ValueError: there is more than one number a row.
        """
        if logits.shape[-1] != 1:
            raise ValueError(f"{logits.shape[-1]} logits a row for one number")
        for number in logits.squeeze(-1).tolist():
            yield {"label": self.target_role or "score", "score": number}

    def answer(self, prediction: Any) -> float:
        """Return the number."""
        return float(prediction["score"])


def _ranked(scores: Any, labels: Sequence[str]) -> Iterator[list[LabelScore]]:
    """Yield the labels of each row with their scores, float of shape (rows, labels), the highest first."""
    if scores.shape[-1] != len(labels):
        raise ValueError(f"{scores.shape[-1]} logits a row for {len(labels)} labels")
    ranked, order = scores.sort(dim=-1, descending=True, stable=True)
    for row_scores, row_order in zip(ranked.tolist(), order.tolist(), strict=True):
        yield [LabelScore(labels[index], score) for index, score in zip(row_order, row_scores, strict=True)]
