"""Pairs of texts to labels, and to numbers: declarations. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.sentence_pairs.options import NumberOptions, PredictOptions

_HERE = "hfshell_tasks.sentence_pairs"

_NAMES = (
    ("sentence1", "sentence2"), ("premise", "hypothesis"), ("question1", "question2"), ("text1", "text2"),
    ("text_a", "text_b"), ("sentence_a", "sentence_b"), ("sent1", "sent2"), ("s1", "s2"),
    ("query1", "query2"), ("text", "text_pair"), ("claim", "evidence"), ("question", "sentence"),
    ("question", "answer"), ("question", "passage"), ("query", "passage"), ("query", "document"),
)  # fmt: skip
"""What the columns of a pair are usually called; a name goes with the one beside it, and with no other."""

PAIR = (
    Role.text(*(first for first, _ in _NAMES), name="first"),
    Role.text(*(second for _, second in _NAMES), name="second", beside="first"),
)

LABEL = TaskSpec(
    name="sentence-pair-classification",
    summary="One label for two texts: does one follow from the other, do they say the same",
    target=f"{_HERE}.task:SentencePairClassification",
    roles=(*PAIR, Role.label("label", "labels", "gold_label", "class", "is_duplicate", "is_paraphrase")),
    architectures=("ForSequenceClassification",),
    metrics=("accuracy", "macro_f1", "mcc", "roc_auc", "ece"),
    options={"predict": PredictOptions},
    examples=(
        "nli = finetune minilm sick_nli",
        'predict nli "A man sleeps" --second "A person rests"',
    ),
)

NUMBER = TaskSpec(
    name="sentence-pair-regression",
    summary="A number for two texts: how much alike they are",
    target=f"{_HERE}.task:SentencePairRegression",
    roles=(
        *PAIR,
        Role.number("score", "similarity", "similarity_score", "relatedness", "relatedness_score", "label"),
    ),
    architectures=("ForSequenceClassification",),
    metrics=("pearson", "spearman", "mae", "rmse"),
    options={"predict": NumberOptions},
    assumed=False,
    examples=(
        "alike = finetune minilm stsb",
        'predict alike "A man sleeps" --second "A person rests"',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the tasks."""
    return [LABEL, NUMBER]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Say how numbers look: as those of single texts."""
    target = "hfshell_tasks.text_classification.render:show_numbers"
    return [RendererSpec("predictions", target, task=NUMBER.name)]
