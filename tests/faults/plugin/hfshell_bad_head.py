"""A head on a transformers model that misbehaves as the file `head` beside it says: `hang.decode`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hfshell_bad_work import act

from hfshell.api import HeadTask, LabelScore


class BadHead(HeadTask):
    """One label for each text, or worse."""

    auto_class = "AutoModelForSequenceClassification"
    problem_type = "single_label_classification"

    def encode(self, rows, model):
        return _instead("encode") or model.tokenize([row["text"] for row in rows])

    def decode(self, logits, rows, model):
        return _instead("decode") or [
            [LabelScore(label, score) for label, score in zip(model.labels, scores, strict=True)]
            for scores in logits.softmax(-1).tolist()
        ]

    def target(self, value, model):
        return _instead("target") or super().target(value, model)

    def head_labels(self, data):
        return _instead("head_labels") or super().head_labels(data)

    def select(self, prediction, options):
        return _instead("select") or prediction[:1]

    def answer(self, prediction):
        return _instead("answer") or super().answer(prediction)


def _instead(place: str) -> Any:
    told = Path(__file__).with_name("head")
    instead = act(place, told.read_text()) if told.exists() else None
    return instead[0] if instead else None
