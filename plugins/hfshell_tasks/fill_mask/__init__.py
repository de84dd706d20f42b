"""Masked words, and sentences that follow on each other: declarations. The work is in `task`."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.fill_mask.options import EvalOptions, NextOptions, PredictOptions

_HERE = "hfshell_tasks.fill_mask"

MASKS = TaskSpec(
    name="fill-mask",
    summary="The words that a text hides; pretraining of encoders on any texts",
    target=f"{_HERE}.task:FillMask",
    roles=(Role.text(),),
    architectures=("ForMaskedLM", "ForPreTraining", "WithLMHeadModel"),
    metrics=("masked_accuracy", "unigram_accuracy", "masked_perplexity"),
    options={"eval": EvalOptions, "predict": PredictOptions},
    self_supervised=True,
    examples=(
        "base = new bert plays --vocabulary 2000",
        "reader = finetune base plays",
        "eval reader plays.test --pseudo-perplexity",
        'predict reader "to be or not to [MASK]"',
    ),
)

NEXT = TaskSpec(
    name="next-sentence-prediction",
    summary="Whether a sentence follows on another; pretraining on documents",
    target=f"{_HERE}.next_sentence:NextSentence",
    roles=(
        Role.text("sentence1", "sentence_a", "first", "text", "sentence", "document", "content", name="text"),
        Role.text("sentence2", "sentence_b", "second", "next", name="second", required=False),
        Role("label", "label", ("is_next", "next_sentence_label", "label"), required=False, target=True),
    ),
    architectures=("ForNextSentencePrediction",),
    metrics=("accuracy",),
    options={"predict": NextOptions},
    assumed=False,
    examples=(
        "order = finetune reader articles --task next-sentence-prediction",
        'predict order "It rained all day." --second "We stayed inside."',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the tasks."""
    return [MASKS, NEXT]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show words in the place that they are for."""
    return [RendererSpec("predictions", f"{_HERE}.render:show", task=MASKS.name)]
