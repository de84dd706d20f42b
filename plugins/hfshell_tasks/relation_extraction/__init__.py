"""Relations between two marked things in a text: declarations. The work is in `task`."""

from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl
from hfshell_tasks.relation_extraction.options import PredictOptions

MARKS = ("<e1>", "<e2>")
"""What stands before the two things, as in SemEval-2010 Task 8; `</e1>` and `</e2>` stand behind them."""

SPEC = TaskSpec(
    name="relation-extraction",
    summary="How two marked things in a text are related",
    target="hfshell_tasks.relation_extraction.task:RelationExtraction",
    roles=(Role.text(containing=MARKS), Role.label("label", "labels", "relation", "relation_type", "class")),
    architectures=("ForSequenceClassification",),
    metrics=("relation_micro_f1", "relation_macro_f1", "accuracy"),
    options={"predict": PredictOptions},
    assumed=False,
    examples=(
        "relations = finetune minilm semeval",
        'predict relations "The <e1>fire</e1> was caused by a <e2>spark</e2>."',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]
