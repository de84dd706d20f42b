"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option

_NORMALIZE = "By what the log-likelihood of a choice is divided; of causal models alone"
_WAYS = ("none", "token", "character")


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict`."""

    choices: tuple[str, ...] = option((), "A choice; rows of data have their own", metavar="TEXT")
    context: str | None = option(None, "A text that the question is about", complete="text")
    normalize: str = option("none", _NORMALIZE, choices=_WAYS)


@dataclass(frozen=True)
class EvalOptions:
    """Options of `eval`."""

    normalize: str = option("none", _NORMALIZE, choices=_WAYS)
