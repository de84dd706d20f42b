"""Text classification: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl
from hfshell_tasks.text_classification.options import PredictOptions

SPEC = TaskSpec(
    name="text-classification",
    summary="One label for each text: topic, intent, sentiment, queue",
    target="hfshell_tasks.text_classification.task:TextClassification",
    roles=(Role.text(), Role.label()),
    architectures=("ForSequenceClassification",),
    metrics=("accuracy", "macro_f1", "mcc", "roc_auc", "ece"),
    options={"predict": PredictOptions},
    examples=(
        "router = finetune minilm tickets",
        "eval router tickets.test",
        'predict router "my card was charged twice" --top-k 1',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]
