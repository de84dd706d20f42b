from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import Role, TaskSpec, hookimpl, option


@dataclass(frozen=True)
class PredictOptions:
    threshold: float = option(0.5, "Report a label from this probability on", minimum=0, maximum=1)


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="toxicity",
            summary="How toxic a comment is, per kind",
            target="hfshell_kinds.heads:Toxicity",
            roles=(Role.text("comment"), Role.labels()),
            architectures=("ForSequenceClassification",),
            metrics=("macro_f1", "labels_a_row", "roc_auc", "subset_accuracy", "hamming_loss"),
            options={"predict": PredictOptions},
        )
    ]
