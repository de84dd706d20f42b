"""Options that tasks which label a file, a picture or a sound, add to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict`."""

    top_k: int | None = option(None, "Show only the best labels", minimum=1)
