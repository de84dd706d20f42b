"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict`."""

    top_k: int = option(3, "How many relations to give for each text, the best first", minimum=1)
