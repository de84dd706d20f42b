"""Token classification: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.token_classification.options import PredictOptions

SPEC = TaskSpec(
    name="token-classification",
    summary="A tag for each word: names of people and places, parts of speech",
    target="hfshell_tasks.token_classification.task:TokenClassification",
    roles=(Role.tokens(), Role.text(required=False), Role.tags()),
    architectures=("ForTokenClassification",),
    metrics=("entity_f1", "entity_precision", "entity_recall", "token_accuracy"),
    options={"predict": PredictOptions, "eval": PredictOptions},
    examples=(
        "ner = finetune minilm letters --learning-rate 3e-4",
        "eval ner letters.test",
        'predict ner "Ada Lovelace wrote to Babbage from London."',
    ),
)
RENDERER = RendererSpec(
    kind="predictions",
    target="hfshell_tasks.token_classification.render:tagged_sentences",
    task=SPEC.name,
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show entities in their sentences."""
    return [RENDERER]
