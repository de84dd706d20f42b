"""Metrics that any task may name, a stranger's too: declarations. Each is imported on first use."""

from __future__ import annotations

from hfshell.api import MetricSpec, hookimpl

_HERE = "hfshell_tasks.metrics"


def _share(name: str, summary: str, target: str) -> MetricSpec:
    return MetricSpec(name, summary, f"{_HERE}.{target}", minimum=0, maximum=1)


def _score(name: str, summary: str, target: str) -> MetricSpec:
    return MetricSpec(name, summary, f"{_HERE}.{target}", minimum=0, maximum=100)


SPECS = (
    _share("entity_f1", "F1 of whole entities, strict IOB2, micro-averaged", "entities:EntityF1"),
    _share("entity_precision", "Share of the tagged entities that are right", "entities:EntityPrecision"),
    _share("entity_recall", "Share of the entities that were found", "entities:EntityRecall"),
    _share("token_accuracy", "Share of the tokens whose tag is right", "entities:TokenAccuracy"),
    _share("exact_match", "Share of the answers that are one of the right ones", "reading:ExactMatch"),
    _share("answer_f1", "Overlap of answers with the nearest right one", "reading:AnswerF1"),
    _share("rouge1", "Overlap of words with a reference (ROUGE-1, F)", "rouge:Rouge1"),
    _share("rouge2", "Overlap of pairs of words with a reference (ROUGE-2, F)", "rouge:Rouge2"),
    _share("rougel", "Longest common subsequence with a reference (ROUGE-L, F)", "rouge:RougeL"),
    _score("bleu", "Corpus BLEU, by sacrebleu; 0 to 100", "translations:Bleu"),
    _score("chrf", "Corpus chrF++, by sacrebleu; 0 to 100", "translations:Chrf"),
    _share(
        "relation_macro_f1",
        "F1 averaged over relations as SemEval-2010 Task 8 has it, directions counted",
        "relations:MacroF1",
    ),
    _share("relation_micro_f1", "F1 over all rows, but for those that hold no relation", "relations:MicroF1"),
)


@hookimpl
def hfshell_metrics() -> list[MetricSpec]:
    """Offer the metrics."""
    return list(SPECS)
