"""Texts to labels, and to numbers: declarations. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.text_classification.options import LabelsOptions, PredictOptions

_HERE = "hfshell_tasks.text_classification"

SINGLE = TaskSpec(
    name="text-classification",
    summary="One label for each text: topic, intent, sentiment, queue",
    target=f"{_HERE}.task:TextClassification",
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

SEVERAL = TaskSpec(
    name="multi-label-classification",
    summary="Any number of labels for each text: topics, kinds of abuse, emotions",
    target=f"{_HERE}.task:MultiLabelClassification",
    roles=(Role.text(), Role.labels()),
    architectures=("ForSequenceClassification",),
    metrics=("macro_f1", "micro_f1", "subset_accuracy", "hamming_loss", "roc_auc"),
    options={"predict": LabelsOptions, "eval": LabelsOptions},
    assumed=False,
    examples=(
        "topics = finetune minilm articles",
        'predict topics "the bank raised its rates" --threshold 0.3',
        "eval topics articles.test --threshold 0.3",
    ),
)

NUMBER = TaskSpec(
    name="text-regression",
    summary="A number for each text: stars, a price, how hard it reads",
    target=f"{_HERE}.task:TextRegression",
    roles=(Role.text(), Role.number()),
    architectures=("ForSequenceClassification",),
    metrics=("pearson", "spearman", "mae", "rmse"),
    assumed=False,
    examples=(
        "stars = finetune minilm reviews --task text-regression",
        'predict stars "lovely, but the room was cold"',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the tasks."""
    return [SINGLE, SEVERAL, NUMBER]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Say how several labels and numbers look."""
    return [
        RendererSpec("predictions", f"{_HERE}.render:show_labels", task=SEVERAL.name),
        RendererSpec("predictions", f"{_HERE}.render:show_numbers", task=NUMBER.name),
    ]
