"""`search`: rows of a data set that are nearest to a text."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakKeyDictionary

from hfshell.api import (
    Context,
    DataError,
    LoadedModel,
    Result,
    Row,
    TaskData,
    UsageError,
    register_result,
)

if TYPE_CHECKING:
    import torch

    from hfshell_tasks.embeddings.options import SearchOptions

_SPLITS = ("train", "validation", "test")
_TEXTS = ("text", "document", "context", "first", "query")

_KEPT: WeakKeyDictionary[LoadedModel, dict[tuple[str, str, str], torch.Tensor]] = WeakKeyDictionary()
"""The vectors of data sets, by fingerprint, split and pooling, as long as their model lives."""


@dataclass(frozen=True)
class Found:
    """A row that was found.

    Attributes:
        split, row: where it stands, from 1.
        score: cosine of the angle between its vector and the query's.
        text: what it says.
    """

    split: str
    row: int
    score: float
    text: str


@register_result
@dataclass(frozen=True, kw_only=True)
class SearchResult(Result):
    """What a search found, the nearest first.

    Attributes:
        model, data, query: as the line names them.
        rows: what was found.
        n: how many rows were searched.
        score, text: of the nearest row.
        seconds: how long it took.
    """

    kind: ClassVar[str] = "search"

    model: str
    data: str
    query: str
    rows: tuple[Found, ...]
    n: int
    score: float
    text: str
    seconds: float


def search(context: Context, options: SearchOptions) -> SearchResult:
    """Find the rows whose vectors are nearest to a query's.

    Raises:
        UsageError: no model is named, or one that gives no vectors.
        DataError: the data has no texts.
    """
    from hfshell_tasks.embeddings.task import vectors

    began = time.perf_counter()
    model = _encoder(context, options)
    data = context.data(options.data)
    splits = [name for name in _SPLITS if options.data.endswith(f".{name}")] or list(_SPLITS)
    places = [(split, number) for split in splits for number in range(len(getattr(data, split)))]
    texts = [_text(row, data) for split in splits for row in getattr(data, split)]
    if not texts:
        raise DataError(f"{options.data} has no rows to search")
    known = _KEPT.setdefault(model, {})
    key = (data.fingerprint, ",".join(splits), options.pooling or "")
    if key not in known:
        known[key] = vectors(model, texts, options, context)
    (query,) = vectors(model, [options.query], options, context)
    scores, best = (known[key] @ query).topk(min(options.top_k, len(texts)))
    found = [
        Found(places[place][0], places[place][1] + 1, score, texts[place])
        for score, place in zip(scores.tolist(), best.tolist(), strict=True)
    ]
    return SearchResult(
        model=str(options.model),
        data=options.data,
        query=options.query,
        rows=tuple(found),
        n=len(texts),
        score=found[0].score,
        text=found[0].text,
        seconds=time.perf_counter() - began,
    )


def _encoder(context: Context, options: SearchOptions) -> LoadedModel:
    if options.model is None:
        raise UsageError(
            "search wants a model that gives texts their vectors",
            hint=f'search {options.data} "…" --model minilm',
        )
    model: Any = context.model(options.model)
    if not isinstance(model, LoadedModel):
        raise UsageError(f"{options.model} is no transformers model: it gives no vectors")
    return model


def _text(row: Row, data: TaskData) -> str:
    texts: Sequence[Any] = [row.get(role) for role in _TEXTS]
    found = next((text for text in texts if isinstance(text, str)), None)
    if found is None:
        raise DataError(
            f"{data.name} has no column of texts to search", hint="`data … --map text=COLUMN` names it"
        )
    return found
