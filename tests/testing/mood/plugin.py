"""A small task that is no transformer: what tests of the kit check, as it is and broken."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from hfshell.api import Role, TaskSpec, hookimpl, option


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict`."""

    top: int = option(3, "How many labels to give", minimum=1)


SPEC = TaskSpec(
    name="mood",
    summary="The mood of a text, by the words in it",
    target="tests.testing.mood.task:Mood",
    roles=(Role.text(), Role.label("mood")),
    metrics=("accuracy", "macro_f1"),
    options=MappingProxyType({"predict": PredictOptions}),
    schemes=("mood",),
    examples=("m = load mood:words", "happy = finetune m tickets --epochs 2"),
    api=1,
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]
