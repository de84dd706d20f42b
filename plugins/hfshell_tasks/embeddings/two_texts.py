"""Two texts whose vectors are compared: alike, or a query and its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api import (
    TRUNCATED,
    Context,
    DataError,
    Feature,
    Features,
    FinetuneOutcome,
    Graded,
    KeptRows,
    LoadedModel,
    Metric,
    ModelError,
    ModelView,
    Row,
    TaskData,
    ratio,
    ratio_interval,
)
from hfshell_tasks.embeddings.pooling import KEPT_AS, pooling_of
from hfshell_tasks.embeddings.ranking import ndcg, reciprocal_rank
from hfshell_tasks.embeddings.task import EncoderTask, pooled_as, text_of, vectors

if TYPE_CHECKING:
    import torch

_AT_ONCE = 64
"""Queries that are held beside all documents at a time."""


class _TwoTexts(EncoderTask):
    """Reads each text of a row by itself; a feature holds both."""

    own_loss = True
    texts: ClassVar[tuple[str, str]]

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn both texts of each row into token IDs, each cut at its end to what the model can read.

        Raises:
            DataError: a row lacks one of the texts.
        """
        firsts, seconds = (model.tokenize([text_of(row, role) for row in rows]) for role in self.texts)
        return [_both(*pair) for pair in zip(firsts, seconds, strict=True)]

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make a batch of twice as many texts: all first ones, then all second ones.

        Its `labels` are one a row: the score, or which of the second texts is the right one.
        """
        import torch

        flat = [feature["_texts"][place] for place in (0, 1) for feature in features]
        known = [feature.get("labels", number) for number, feature in enumerate(features)]
        return {"labels": torch.tensor(known), **model.pad(flat)}

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> torch.Tensor:
        """Keep the vectors of both texts, of shape (features, 2, size)."""
        found = self.vectors_of(outputs, batch, model)
        return found.reshape(2, len(found) // 2, -1).transpose(0, 1)

    def decode(self, logits: torch.Tensor, rows: Sequence[Row], model: ModelView) -> Iterator[Any]:  # noqa: ARG002 - of the contract
        """Yield the cosine of the angle between the vectors of each row, from -1 to 1."""
        import torch

        for score in torch.nn.functional.cosine_similarity(logits[:, 0], logits[:, 1]).tolist():
            yield {"score": score}

    def answer(self, prediction: Any) -> float:
        """Hold the score against the data."""
        return float(prediction["score"])

    def prepare(self, model: LoadedModel, data: TaskData, context: Context) -> None:  # noqa: ARG002 - of the contract
        """Write into the model's configuration how it pools, and what sentence-transformers wants for it."""
        view = ModelView(model.processor, options=context.predict_options, config=model.module.config)
        setattr(model.module.config, KEPT_AS, pooling_of(view))
        model.beside = pooled_as(model, context.predict_options)


class SentenceSimilarity(_TwoTexts):
    """How much alike two texts are. It learns from scores of any scale: only their order counts."""

    texts = ("first", "second")

    def target(self, value: Any, model: ModelView) -> float:  # noqa: ARG002 - of the contract
        """Return the score."""
        return float(value)

    def loss(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:
        """Return CoSENT, of sentence-transformers: pairs with a higher score should be nearer."""
        first, second = self.read(outputs, batch, model).unbind(1)
        return _losses().CoSENTLoss(None).compute_loss_from_embeddings([first, second], batch["labels"])


class Retrieval(_TwoTexts):
    """Documents for a query. It learns to tell a query's document from those of the others in its batch."""

    texts = ("query", "document")
    validated_by = "loss"

    def loss(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:
        """Return the multiple negatives ranking loss, of sentence-transformers.

        A document that stands in the batch twice would be a wrong answer to its own query: it counts once.
        """
        import torch

        queries, documents = self.read(outputs, batch, model).unbind(1)
        ids = batch["input_ids"].reshape(2, len(queries), -1)
        same = (ids.unsqueeze(2) == ids.unsqueeze(1)).all(-1).any(0)
        once = same.int().argmax(1) == torch.arange(len(queries), device=same.device)
        ranking = _losses().MultipleNegativesRankingLoss(None)
        return ranking.compute_loss_from_embeddings([queries[once], documents[once]], None)

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model on queries and the documents that answer them."""
        return super().finetune(model, KeptRows(data, _is_relevant), options, context)

    def eval(self, model: LoadedModel, rows: Sequence[Row], options: Any, context: Context) -> Graded:
        """Rank all documents of the rows for each query; `relevance` 1 where a row says none.

        Raises:
            DataError: nothing is relevant.
        """
        wanted: dict[str, dict[str, float]] = {}
        for row in rows:
            found = wanted.setdefault(text_of(row, "query"), {})
            relevance = float(row["relevance"]) if row.get("relevance") is not None else 1.0
            document = text_of(row, "document")
            found[document] = max(relevance, found.get(document, 0.0))
        documents = list(dict.fromkeys(document for found in wanted.values() for document in found))
        queries = [query for query, found in wanted.items() if any(found.values())]
        if not queries:
            raise DataError("no row has a document that is relevant: nothing can be ranked right")
        options = context.predict_options
        about, asked = (vectors(model, texts, options, context) for texts in (documents, queries))
        gains, ranks = [], []
        first: dict[str, str] = {}
        for start in range(0, len(queries), _AT_ONCE):
            context.cancelled.raise_if_set()
            order = (asked[start : start + _AT_ONCE] @ about.T).argsort(descending=True, stable=True)
            for query, places in zip(queries[start : start + _AT_ONCE], order.tolist(), strict=True):
                first[query] = documents[places[0]]
                relevances = [wanted[query].get(documents[place], 0.0) for place in places]
                gains.append((ndcg(relevances), 1.0))
                ranks.append((reciprocal_rank(relevances), 1.0))
        said = f"{len(queries)} queries|{len(documents)} documents"
        named = {"ndcg_at_10": gains, "mrr": ranks}
        metrics = [
            Metric(name, ratio(pairs), *ratio_interval(pairs, seed=context.seed), signature=said)
            for name, pairs in named.items()
        ]
        of_query = {query: gain for query, (gain, _) in zip(queries, gains, strict=True)}
        return Graded(
            metrics,
            [of_query.get(row["query"]) if _is_relevant(row) else None for row in rows],
            [first.get(row["query"], "") for row in rows],
            best=1.0,
        )


def _both(first: Feature, second: Feature) -> dict[str, Any]:
    cut = first.get(TRUNCATED, 0) + second.get(TRUNCATED, 0)
    texts = tuple(
        {name: value for name, value in one.items() if name != TRUNCATED} for one in (first, second)
    )
    lengths = {"input_ids": [first["input_ids"], second["input_ids"]], "_texts": texts}
    return lengths | ({TRUNCATED: cut} if cut else {})


def _is_relevant(row: Row) -> bool:
    return row.get("relevance") is None or float(row["relevance"]) > 0


def _losses() -> Any:
    """Return the losses of sentence-transformers.

    Raises:
        ModelError: it is not installed.
    """
    try:
        from sentence_transformers.sentence_transformer import losses
    except ImportError:
        raise ModelError(
            "training for likeness takes the losses of sentence-transformers, which is not installed",
            hint="pip install 'hfshell[retrieval]'",
        ) from None
    return losses
