"""Options that the tasks add to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict` where a text has one label."""

    top_k: int = option(3, "How many labels to give for each text, the best first", minimum=1)


@dataclass(frozen=True)
class LabelsOptions:
    """Options of `predict` and `eval` where a text may have several labels."""

    threshold: float = option(0.5, "How likely a label must be to be given", minimum=0, maximum=1)
