"""Options of the tasks, and of the search."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import argument, option

POOLINGS = ("mean", "cls", "max")
"""How the vectors of tokens become one: their mean, the first token's, the largest of each number."""

_POOLING = "How tokens become one vector; the model's own way, or else mean, without it"


@dataclass(frozen=True)
class PredictOptions:
    """Options of `predict` for vectors."""

    pooling: str | None = option(None, _POOLING, choices=POOLINGS)
    normalize: bool = option(False, "Bring each vector to length 1")


@dataclass(frozen=True)
class SimilarityOptions:
    """Options of `predict` for two texts that may be alike."""

    second: str | None = option(
        None, "The text that each text is held beside; rows of data have their own", complete="text"
    )
    pooling: str | None = option(None, _POOLING, choices=POOLINGS)


@dataclass(frozen=True)
class RetrievalOptions:
    """Options of `predict` for a query and a document."""

    document: str | None = option(
        None, "The document that each query is held beside; rows of data have their own", complete="text"
    )
    pooling: str | None = option(None, _POOLING, choices=POOLINGS)


@dataclass(frozen=True)
class FinetuneOptions:
    """Options of `finetune`."""

    pooling: str | None = option(None, _POOLING, choices=POOLINGS)


@dataclass(frozen=True)
class SearchOptions:
    """Options of `search`."""

    data: str = argument(
        "What to search: a data set, a split of one, or a file", complete="data", metavar="DATA"
    )
    query: str = argument("What to search for", complete="text", metavar="QUERY")
    model: str | None = option(
        None, "The encoder whose vectors are compared", complete="model", metavar="MODEL"
    )
    top_k: int = option(5, "How many rows to show, the nearest first", minimum=1)
    pooling: str | None = option(None, _POOLING, choices=POOLINGS)
