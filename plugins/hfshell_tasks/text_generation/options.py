"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import GenerationOptions, option


@dataclass(frozen=True)
class PredictOptions(GenerationOptions):
    """Options of `predict`."""

    full_text: bool = option(False, "Give the prompt and what follows on it, not only what follows")


@dataclass(frozen=True)
class EvalOptions:
    """Options of `eval`."""

    stride: int | None = option(
        None,
        "Tokens of a long text that are measured at a time, those before them as context; "
        "half of what the model reads without it",
        minimum=1,
    )
