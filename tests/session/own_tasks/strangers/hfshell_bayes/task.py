"""The work, with scikit-learn; a model on disk is JSON and numbers, no pickle."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import MultinomialNB

from hfshell.api import Context, LabelScore, ModelError, ModelFolder, Progress, Refused, Row, TaskData


@dataclass
class Model:
    """Words and what they say; empty before it was trained."""

    alpha: float = 1.0
    vocabulary: dict[str, int] = field(default_factory=dict)
    classifier: Any = None


class Bayes:
    """Satisfies `hfshell.api.Task`."""

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> Model:
        if isinstance(source, ModelFolder):
            return read(source.folder)
        if source != "multinomial":
            raise ModelError(f"there is no {source} Bayes", hint="bayes:multinomial")
        return Model(options.alpha)

    def finetune(self, model: Model, data: TaskData, options: Any, context: Context) -> Model:
        texts, labels = [row["text"] for row in data.train], [row["label"] for row in data.train]
        words = CountVectorizer().fit(texts)
        counts = words.transform(texts)
        classifier = MultinomialNB(alpha=model.alpha)
        for number in range(options.passes):
            context.cancelled.raise_if_set()
            classifier.partial_fit(counts, labels, classes=list(data.labels))
            loss = 1 - classifier.score(counts, labels)
            context.emit(
                Progress("finetune", number + 1, options.passes, "steps", epoch=number + 1.0, loss=loss)
            )
        return Model(model.alpha, {word: int(index) for word, index in words.vocabulary_.items()}, classifier)

    def predict(
        self,
        model: Model,
        rows: Sequence[Row],
        options: Any,
        context: Context,
    ) -> Iterator[list[LabelScore]]:
        if model.classifier is None:
            raise Refused("fresh-head", "it was never trained", hint="`finetune` it first")
        words = CountVectorizer(vocabulary=model.vocabulary)
        for row in rows:
            (scores,) = model.classifier.predict_proba(words.transform([row["text"]])).tolist()
            pairs = zip(model.classifier.classes_.tolist(), scores, strict=True)
            yield sorted((LabelScore(*pair) for pair in pairs), key=lambda item: -item.score)

    def select(self, prediction: list[LabelScore], options: Any) -> list[LabelScore]:
        return prediction[: options.best]

    def save(self, model: Model, folder: Path) -> None:
        words = {"alpha": model.alpha, "vocabulary": model.vocabulary}
        (folder / "words.json").write_text(json.dumps(words))
        (folder / "numbers").mkdir()
        np.savez(
            folder / "numbers" / "bayes.npz",
            labels=model.classifier.classes_,
            words=model.classifier.feature_log_prob_,
            prior=model.classifier.class_log_prior_,
        )

    def size(self, model: Model) -> int:
        return 0 if model.classifier is None else int(model.classifier.feature_log_prob_.nbytes)

    def labels(self, model: Model) -> list[str]:
        return [] if model.classifier is None else model.classifier.classes_.tolist()


def read(folder: Path) -> Model:
    """Read what `save` wrote."""
    words = json.loads((folder / "words.json").read_text())
    numbers = np.load(folder / "numbers" / "bayes.npz", allow_pickle=False)
    classifier = MultinomialNB(alpha=words["alpha"])
    classifier.classes_ = numbers["labels"]
    classifier.feature_log_prob_, classifier.class_log_prior_ = numbers["words"], numbers["prior"]
    return Model(words["alpha"], words["vocabulary"], classifier)
