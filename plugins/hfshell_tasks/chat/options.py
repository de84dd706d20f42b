"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import GenerationOptions, option


@dataclass(frozen=True)
class PredictOptions(GenerationOptions):
    """Options of `predict`."""

    system: str | None = option(None, "What the model is told before the conversation")


@dataclass(frozen=True)
class EvalOptions:
    """Options of `eval`."""

    system: str | None = option(None, "What the model is told before each conversation")
