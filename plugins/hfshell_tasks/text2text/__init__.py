"""Texts for texts: summaries, translations, and whatever else an encoder-decoder writes. Declarations."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.text2text.options import RewritingOptions, TranslationOptions

_HERE = "hfshell_tasks.text2text"
_HEADS = ("ForConditionalGeneration", "MTModel", "ForSeq2SeqLM")

SUMMARIZATION = TaskSpec(
    name="summarization",
    summary="A short text for a long one",
    target=f"{_HERE}.task:Summarization",
    roles=(
        Role.text("document", "article", "dialogue", "text", "report", "content", "body", name="document"),
        Role.text("summary", "highlights", "abstract", "tldr", "headline", name="summary", target=True),
        Role("references", "texts", ("references", "summaries"), required=False, target=True, of="summary"),
    ),
    architectures=_HEADS,
    metrics=("rouge1", "rouge2", "rougel"),
    options={"predict": RewritingOptions, "eval": RewritingOptions},
    assumed=False,
    examples=(
        "short = finetune new:bart papers --task summarization",
        "eval short papers.test --limit 50 --num-beams 4",
        "predict short report.jsonl --num-beams 4",
    ),
)

TRANSLATION = TaskSpec(
    name="translation",
    summary="A text in another language",
    target=f"{_HERE}.task:Translation",
    roles=(
        Role.text("source", "src", "original", name="source"),
        Role.text("target", "tgt", "translated", "reference", name="target", target=True),
    ),
    architectures=_HEADS,
    metrics=("bleu", "chrf"),
    options={"predict": TranslationOptions, "eval": TranslationOptions},
    assumed=False,
    examples=(
        "german = finetune new:bart captions",
        "eval german captions.test",
        'predict german "A man sleeps in a green room."',
        'predict nllb "Good morning" --source-language eng_Latn --target-language deu_Latn',
    ),
)

TEXT2TEXT = TaskSpec(
    name="text2text-generation",
    summary="A text for a text: questions to answers, instructions to what they ask for",
    target=f"{_HERE}.task:Text2Text",
    roles=(
        Role.text("prompt", "input", "input_text", "source_text", "question", "source", name="prompt"),
        Role.text(
            "completion",
            "output",
            "target_text",
            "response",
            "answer",
            "target",
            name="completion",
            target=True,
        ),
    ),
    architectures=_HEADS,
    metrics=("rouge1", "rouge2", "rougel", "chrf"),
    options={"predict": RewritingOptions, "eval": RewritingOptions},
    examples=(
        "helper = finetune new:t5 requests",
        'predict helper "Name three colours."',
    ),
)

SPECS = (SUMMARIZATION, TRANSLATION, TEXT2TEXT)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the tasks."""
    return list(SPECS)


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show what was written, beside what it was written for."""
    return [RendererSpec("predictions", f"{_HERE}.render:show", task=spec.name) for spec in SPECS]
