"""Options that the tasks add to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option

_SECOND = "The text that each text is held beside; rows of data have their own"


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict` where a pair has one label."""

    second: str | None = option(None, _SECOND, complete="text")
    top_k: int = option(3, "How many labels to give for each pair, the best first", minimum=1)


@dataclass(frozen=True)
class NumberOptions:
    """Options of `predict` where a pair has a number."""

    second: str | None = option(None, _SECOND, complete="text")
