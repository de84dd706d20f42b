"""Two ways to score labels that a model was never trained for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from hfshell.api import ROW, TRUNCATED, DataError, HeadTask, LabelScore, ModelView, Row, TaskData, Window

TEMPERATURE = 0.05
"""By it cosines are divided before the softmax: what sentence-transformers are trained with (scale 20)."""


_FEATURES_AT_ONCE = 2048
"""A text makes as many features as there are labels: so many are held in memory, however many texts wait."""


@dataclass(frozen=True)
class Candidates:
    """Labels to choose from.

    Attributes:
        labels: their names.
        template: the sentence that a label makes, `{}` in its place.
        multi_label: whether each is scored alone.
    """

    labels: tuple[str, ...]
    template: str
    multi_label: bool = False

    @property
    def sentences(self) -> list[str]:
        """What a model reads of each label; `card_arrival` is read as words."""
        return [self.template.replace("{}", label.replace("_", " ")) for label in self.labels]


class _Scorer(HeadTask):
    windowed: ClassVar[bool] = True

    def __init__(self, candidates: Candidates) -> None:
        self.candidates = candidates

    def head_labels(self, data: TaskData) -> tuple[str, ...]:
        """Take the data's labels; it is never trained."""
        return data.labels

    def decode(
        self, logits: Sequence[Window], rows: Sequence[Row], model: ModelView
    ) -> Iterator[dict[str, Any]]:
        """Yield each row's labels with their scores, the best first, in the Hub's words."""
        for row, scores in zip(rows, self.scores(logits, len(rows), model), strict=True):
            pairs = zip(self.candidates.labels, scores, strict=True)
            ranked = sorted((LabelScore(*pair) for pair in pairs), key=lambda item: -item.score)
            yield {
                "sequence": row["text"],
                "labels": [item.label for item in ranked],
                "scores": [item.score for item in ranked],
            }

    def scores(self, windows: Sequence[Window], rows: int, model: ModelView) -> Iterator[list[float]]:
        """Yield each row's scores, in the order of the labels."""
        raise NotImplementedError


class Entailment(_Scorer):
    """By a model of natural language inference: does the text entail the label (Yin et al. 2019)."""

    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "single_label_classification"

    def __init__(self, candidates: Candidates) -> None:
        super().__init__(candidates)
        self.rows_at_once = max(1, _FEATURES_AT_ONCE // max(1, len(candidates.labels)))

    def encode(self, rows: Sequence[Row], model: ModelView) -> list[dict[str, Any]]:
        """Turn each text, with each label's sentence, into a feature."""
        sentences = self.candidates.sentences
        features = model.tokenize(
            [text_of(row) for row in rows for _ in sentences], [said for _ in rows for said in sentences]
        )
        for number, feature in enumerate(features):
            feature[ROW], label = divmod(number, len(sentences))
            if label:
                feature.pop(TRUNCATED, None)  # a text is cut once, however often it is read
        return features

    def scores(self, windows: Sequence[Window], rows: int, model: ModelView) -> Iterator[list[float]]:
        """Yield scores: a softmax over the labels, or for each label against its contradiction."""
        import torch

        yes, no = entailment(model.labels)
        logits = torch.stack([window.output for window in windows]).view(
            rows, len(self.candidates.labels), -1
        )
        if not self.candidates.multi_label:
            yield from logits[:, :, yes].softmax(dim=-1).tolist()
        elif no is None:
            yield from logits.softmax(dim=-1)[:, :, yes].tolist()
        else:
            yield from logits[:, :, [no, yes]].softmax(dim=-1)[:, :, 1].tolist()


class Likeness(_Scorer):
    """By an encoder: which label lies nearest to the text, by the cosine of mean-pooled vectors."""

    auto_class: ClassVar[str] = "AutoModel"

    def encode(self, rows: Sequence[Row], model: ModelView) -> list[dict[str, Any]]:
        """Turn texts into features, and behind them the labels' sentences."""
        if not rows:
            return []
        features = model.tokenize([text_of(row) for row in rows])
        for number, feature in enumerate(features):
            feature[ROW] = number
        labels = [
            {**feature, ROW: 0, "_label": True} for feature in model.tokenize(self.candidates.sentences)
        ]
        return [*features, *labels]

    def read(self, outputs: Any, batch: Any, model: ModelView) -> Any:  # noqa: ARG002 - of the contract
        """Keep the mean of each feature's vectors, of length 1; shape (features, width)."""
        vectors = outputs.last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).to(vectors.dtype)
        mean = (vectors * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1)
        return mean / mean.norm(dim=-1, keepdim=True).clamp(min=1e-9)

    def scores(self, windows: Sequence[Window], rows: int, model: ModelView) -> Iterator[list[float]]:  # noqa: ARG002 - of the contract
        """Yield the softmax of the cosines over the labels."""
        import torch

        labels = torch.stack([window.output for window in windows if "_label" in window.feature])
        for window in windows:
            if "_label" not in window.feature:
                yield ((labels @ window.output) / TEMPERATURE).softmax(dim=-1).tolist()


def entailment(labels: Sequence[str]) -> tuple[int, int | None]:
    """Find, by their names, the output that says yes, and the one that says no; None when there is none.

    Raises:
        ValueError: no label is an entailment.
    """
    names = [label.casefold() for label in labels]
    yes = next((index for index, name in enumerate(names) if name.startswith("entail")), None)
    if yes is None:
        raise ValueError("no label is an entailment")
    no = next((index for index, name in enumerate(names) if name.startswith(("contra", "not"))), None)
    return yes, no


def text_of(row: Row) -> str:
    """Return a row's text.

    Raises:
        DataError: there is none.
    """
    text = row.get("text")
    if not isinstance(text, str):
        raise DataError(f"a row has no text: {dict(row)!r:.80}")
    return text
