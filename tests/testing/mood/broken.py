"""The small task, broken: each class in one way, for the check that has to notice."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from hfshell.api import Context, LabelScore, ModelFolder, PredictionResult, Progress, Row, TaskData, View
from tests.testing.mood.task import Mood, Words


class LoadFails(Mood):
    """Cannot load."""

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> Words:
        raise RuntimeError("no")


class TrainsInSilence(Mood):
    """Says nothing while it trains."""

    def finetune(self, model: Words, data: TaskData, options: Any, context: Context) -> Words:
        counts = {label: Counter[str]() for label in data.labels}
        for row in data.train:
            counts[row["label"]].update(row["text"].split())
        return Words(counts)


class PredictsNoJson(Mood):
    """Gives predictions that no file can hold."""

    def predict(self, model: Words, rows: Sequence[Row], options: Any, context: Context) -> Iterator[Any]:
        for scores in super().predict(model, rows, options, context):
            yield [*scores, object()]

    def select(self, prediction: Any, options: Any) -> Any:
        return prediction

    def answer(self, prediction: Any) -> str:
        return prediction[0].label


class Sorted(Mood):
    """Gives predictions in an order of its own."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        yield from sorted(super().predict(model, rows, options, context), key=repr)


class Flipped(Mood):
    """Gives the last row's prediction first."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        yield from reversed([*super().predict(model, rows, options, context)])


class LikelySorted(Mood):
    """Gives the surest prediction first."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        made = super().predict(model, rows, options, context)
        yield from sorted(made, key=lambda scores: -scores[0].score if scores else 0)


class FirstForAll(Mood):
    """Gives each row what is the first one's."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        made = [*super().predict(model, rows, options, context)]
        yield from made[:1] * len(made)


class Constant(Mood):
    """Gives each row the same, whatever it says."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        for _ in rows:
            yield [LabelScore("billing", 1.0)]


class WantsRows(Mood):
    """Fails without rows."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        max(len(row["text"]) for row in rows)
        yield from super().predict(model, rows, options, context)


class LooksAround(Mood):
    """Scores a row by how many others there are."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        for scores in super().predict(model, rows, options, context):
            yield [LabelScore(item.label, item.score / len(rows)) for item in scores]


class Dice(Mood):
    """Scores at random, without the seed; who comes first stays, so that it measures the same."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        for scores in super().predict(model, rows, options, context):
            luck = random.random()
            yield [LabelScore(item.label, item.score + luck) for item in scores]


class Boasts(Mood):
    """Measures something that it does not declare."""

    def eval(self, model: Words, rows: Sequence[Row], options: Any, context: Context) -> dict[str, float]:
        return {"cleverness": 1.0}


class Forgets(Mood):
    """Saves less than it predicts with."""

    def finetune(self, model: Words, data: TaskData, options: Any, context: Context) -> Words:
        made = super().finetune(model, data, options, context)
        made.bias = 0.5
        return made


class TrainsInPlace(Mood):
    """Changes the model that it was given."""

    def finetune(self, model: Words, data: TaskData, options: Any, context: Context) -> Words:
        made = super().finetune(model, data, options, context)
        model.counts = {label: counts + Counter({"late": 99}) for label, counts in made.counts.items()}
        model.counts[next(iter(model.counts))]["late"] += 500
        return made


class NeverStops(Mood):
    """Does not look whether it should stop."""

    def finetune(self, model: Words, data: TaskData, options: Any, context: Context) -> Words:
        counts = {label: Counter[str]() for label in data.labels}
        for row in data.train:
            counts[row["label"]].update(row["text"].split())
        for epoch in range(1, int(context.command.epochs) + 1):
            context.emit(Progress("finetune", epoch, int(context.command.epochs), unit="steps"))
        return Words(counts)


class SavesOnce(Mood):
    """Cannot save what it has read."""

    def save(self, model: Words, folder: Path) -> None:
        if model.from_disk:
            raise RuntimeError("no")
        super().save(model, folder)


class Hoards(Mood):
    """Keeps every model that it ever loaded."""

    kept: ClassVar[list[Words]] = []

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> Words:
        self.kept.append(super().load(source, options, context))
        return self.kept[-1]


class Throws(Mood):
    """Throws a traceback at who misspells a name."""

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> Words:
        made = {"words": Words({})}
        return made[source] if isinstance(source, str) else super().load(source, options, context)


class Talks(Mood):
    """Prints."""

    def predict(
        self, model: Words, rows: Sequence[Row], options: Any, context: Context
    ) -> Iterator[list[LabelScore]]:
        print("predicting …")
        yield from super().predict(model, rows, options, context)


def show(result: PredictionResult) -> View:
    """Fail to show predictions."""
    raise RuntimeError("no")
