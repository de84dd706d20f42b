"""Naive Bayes for texts: what a stranger would write who never saw more of hfshell than `hfshell.api`."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import Role, TaskSpec, hookimpl, option


@dataclass(frozen=True)
class LoadOptions:
    """Options of `load`."""

    alpha: float = option(1.0, "Smoothing")

    def __post_init__(self) -> None:
        if self.alpha <= 0:
            raise ValueError(f"--alpha {self.alpha:g}: smoothing is above 0")


@dataclass(frozen=True)
class FinetuneOptions:
    """Options of `finetune`."""

    passes: int = option(2, "Passes over the rows", minimum=1)


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict`."""

    best: int = option(2, "How many labels to give", minimum=1)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    return [
        TaskSpec(
            name="bayes",
            summary="Naive Bayes on words",
            target="hfshell_bayes.task:Bayes",
            roles=(Role.text(), Role.label()),
            metrics=("accuracy", "macro_f1"),
            options={"load": LoadOptions, "finetune": FinetuneOptions, "predict": PredictOptions},
            schemes=("bayes",),
            api=1,
        )
    ]
