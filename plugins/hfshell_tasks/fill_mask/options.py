"""Options that the tasks add to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict` for masked words."""

    top_k: int = option(5, "How many words to give for each mask, the best first", minimum=1)


@dataclass(frozen=True)
class EvalOptions:
    """Options of `eval` for masked words."""

    pseudo_perplexity: bool = option(
        False, "Hide each token in turn as well: one pass a token, so it takes long"
    )


@dataclass(frozen=True)
class NextOptions:
    """Options of `predict` for sentences."""

    second: str | None = option(
        None, "The sentence that may follow on each text; rows of data have their own", complete="text"
    )
