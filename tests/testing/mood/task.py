"""Counts words by label; predicts by counts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hfshell.api import Context, LabelScore, ModelError, ModelFolder, Progress, Row, TaskData


class Words:
    """How often each label has each word."""

    def __init__(self, counts: dict[str, Counter[str]], *, from_disk: bool = False) -> None:
        self.counts = counts
        self.from_disk = from_disk
        self.bias = 0.0

    def scores(self, text: str) -> dict[str, float]:
        """Score each label."""
        found = {label: sum(counts[word] for word in text.split()) for label, counts in self.counts.items()}
        total = sum(found.values()) + len(found)
        return {label: (count + 1) / total + self.bias for label, count in found.items()}


class Mood:
    """The task."""

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> Words:
        """Make a model, or read one."""
        if isinstance(source, str):
            if source != "words":
                raise ModelError(f"there is no mood:{source}", hint="there is mood:words")
            return Words({})
        try:
            counts = json.loads((source.folder / "counts.json").read_text())
        except OSError:
            raise ModelError(f"{source.folder} holds no moods", hint="`finetune mood:words` first") from None
        return Words({label: Counter(words) for label, words in counts.items()}, from_disk=True)

    def finetune(self, model: Words, data: TaskData, options: Any, context: Context) -> Words:
        """Count on a copy."""
        counts = {label: Counter(words) for label, words in model.counts.items()}
        epochs = int(context.command.epochs)
        for epoch in range(1, epochs + 1):
            context.cancelled.raise_if_set()
            for row in data.train:
                counts.setdefault(row["label"], Counter()).update(row["text"].split())
            context.emit(Progress("finetune", epoch, epochs, unit="steps", loss=1 / epoch))
        return Words(counts)

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        """Yield all labels of each row, the best first."""
        for row in rows:
            scores = sorted(model.scores(row["text"]).items(), key=lambda item: (-item[1], item[0]))
            yield [LabelScore(label, score) for label, score in scores]

    def select(self, prediction: list[LabelScore], options: Any) -> list[LabelScore]:
        """Choose the best."""
        return prediction[: options.top]

    def save(self, model: Words, folder: Path) -> None:
        """Write the counts."""
        (folder / "counts.json").write_text(json.dumps(model.counts))

    def labels(self, model: Words) -> tuple[str, ...]:
        """Name the labels."""
        return tuple(sorted(model.counts))
