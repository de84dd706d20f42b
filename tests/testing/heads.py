"""Heads of several kinds, for tests of what the kit makes for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from hfshell.api import Features, HeadTask, LabelScore, ModelView, Role, Row, TaskSpec, hookimpl


class Several(HeadTask):
    """Several labels for a text."""

    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "multi_label_classification"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into tokens."""
        return model.tokenize([row["text"] for row in rows])

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        """Yield the logits."""
        yield from logits.tolist()


class Number(Several):
    """A number for a text."""

    problem_type: ClassVar[str | None] = "regression"


class Pair(Several):
    """A label for two texts."""

    problem_type: ClassVar[str | None] = "single_label_classification"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn questions and replies into tokens."""
        return model.tokenize([row["question"] for row in rows], [row["reply"] for row in rows])

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        """Yield labels with their probabilities."""
        for scores in logits.softmax(-1).tolist():
            yield [LabelScore(*pair) for pair in zip(model.labels, scores, strict=True)]


class Flipped(Pair):
    """Two texts, each answered with what is another's."""

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        """Yield the last first."""
        yield from reversed([*super().decode(logits, rows, model)])


class Fewer(Pair):
    """Two texts, the last of which has no answer."""

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        """Yield all but one."""
        yield from [*super().decode(logits, rows, model)][:-1]


class Chatty(Pair):
    """Two texts, with a word to the terminal."""

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        """Print, and yield as it should be."""
        print("decoding")
        yield from super().decode(logits, rows, model)


PAIR = (Role.text(name="question"), Role.text(name="reply"), Role.label())
"""The roles of two texts."""


class Pictures(Several):
    """A head that BERT has not."""

    auto_class: ClassVar[str] = "AutoModelForImageClassification"


def declaring(name: str, roles: tuple[Role, ...], **changes: Any) -> object:
    """A plugin that gives one of them as a task."""

    class Plugin:
        @hookimpl
        def hfshell_tasks(self) -> list[TaskSpec]:
            target = f"{__name__}:{name.capitalize()}"
            return [TaskSpec(name=name, summary="Any", target=target, roles=roles, **changes)]

    return Plugin()
