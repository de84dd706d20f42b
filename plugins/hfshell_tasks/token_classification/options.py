"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict`, and of the predictions that `eval` measures."""

    repair_tags: bool = option(False, "Measure an I- that nothing begins as the begin of an entity")
