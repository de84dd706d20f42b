"""Heads of several kinds, for tests of what the kit makes for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from hfshell.api import Features, HeadTask, ModelView, Role, Row, TaskSpec, hookimpl


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


class Pictures(Several):
    """A head that BERT has not."""

    auto_class: ClassVar[str] = "AutoModelForImageClassification"


def declaring(name: str, roles: tuple[Role, ...]) -> object:
    """A plugin that gives one of them as a task."""

    class Plugin:
        @hookimpl
        def hfshell_tasks(self) -> list[TaskSpec]:
            return [TaskSpec(name=name, summary="Any", target=f"{__name__}:{name.capitalize()}", roles=roles)]

    return Plugin()
