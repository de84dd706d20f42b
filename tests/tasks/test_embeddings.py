from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from sklearn.metrics import ndcg_score

from hfshell.api import (
    Bars,
    DataError,
    LoadedModel,
    ModelError,
    ModelFolder,
    ModelView,
    PredictionResult,
    UsageError,
    Window,
)
from hfshell.compute.padding import pad
from hfshell.testing.tiny_bert import bert
from hfshell.testing.tiny_bert import tokenizer as tiny_tokenizer
from hfshell_tasks.embeddings.options import PredictOptions
from hfshell_tasks.embeddings.pooling import KEPT_AS, pooled, pooling_of
from hfshell_tasks.embeddings.ranking import ndcg, reciprocal_rank
from hfshell_tasks.embeddings.render import show_found, show_likeness, show_vectors
from hfshell_tasks.embeddings.search import Found, SearchResult, search
from hfshell_tasks.embeddings.task import FeatureExtraction, body_of
from hfshell_tasks.embeddings.two_texts import Retrieval, SentenceSimilarity

TEXTS = ("my card was charged twice please refund me", "where is my parcel", "late")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = bert(tmp_path_factory.mktemp("embeddings") / "tiny", initializer_range=0.3)
    (made / "chat_template.jinja").unlink()  # else sentence-transformers takes texts for messages
    return made


@pytest.fixture(scope="module")
def module(folder: Path) -> Any:
    return transformers.AutoModel.from_pretrained(folder).eval()


@pytest.fixture(scope="module")
def words() -> Any:
    return tiny_tokenizer()


def view(words: Any, config: Any = None, **options: Any) -> ModelView:
    return ModelView(words, max_length=64, options=PredictOptions(**options), padding=pad, config=config)


def embedded(module: Any, words: Any, **options: Any) -> Any:
    task, model = FeatureExtraction(), view(words, **options)
    rows: list[Any] = [{"text": text} for text in TEXTS]
    batch = task.collate(list(task.encode(rows, model)), model)  # type: ignore[arg-type]
    with torch.inference_mode():
        return list(task.decode(task.read(module(**batch), batch, model), rows, model))


@pytest.mark.parametrize("pooling", ["mean", "cls", "max"])
def test_vectors_are_those_of_sentence_transformers(
    folder: Path, module: Any, words: Any, pooling: str
) -> None:
    """Padding counts in none of them."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    body = Transformer(str(folder))
    oracle = SentenceTransformer(modules=[body, Pooling(32, pooling_mode=pooling)], device="cpu")
    wanted = oracle.encode(list(TEXTS), show_progress_bar=False)
    np.testing.assert_allclose(embedded(module, words, pooling=pooling), wanted, atol=2e-6)


def test_padding_on_the_left_is_no_first_token() -> None:
    """`cls` is the first token that is one."""
    states = torch.arange(6.0).reshape(1, 3, 2)
    assert pooled(states, torch.tensor([[0, 1, 1]]), "cls").tolist() == [[2.0, 3.0]]
    assert pooled(states, torch.tensor([[0, 1, 1]]), "mean").tolist() == [[3.0, 4.0]]
    assert pooled(-states, torch.tensor([[0, 1, 1]]), "max").tolist() == [[-2.0, -3.0]]


def test_numbers_are_the_same_float32_again(module: Any, words: Any) -> None:
    """No digit too few to find the vector again, and none that float32 does not have."""
    for vector in embedded(module, words):
        assert [float(str(np.float32(number))) for number in vector] == vector
        assert all(len(repr(number).lstrip("-0.").split("e")[0]) <= 10 for number in vector)


def test_normalized_vectors_have_length_one(module: Any, words: Any) -> None:
    """Then a product of two is their cosine."""
    for vector in embedded(module, words, normalize=True):
        assert math.hypot(*vector) == pytest.approx(1, abs=1e-5)


def test_pooling_is_the_users_then_the_models_then_the_mean(tmp_path: Path) -> None:
    """A model pools as it was trained to, unless somebody says otherwise."""
    (tmp_path / "1_Pooling").mkdir()
    said = {"word_embedding_dimension": 32, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps(said))
    theirs = SimpleNamespace(_name_or_path=str(tmp_path))
    assert pooling_of(view(None, theirs)) == "cls"
    assert pooling_of(view(None, SimpleNamespace(_name_or_path=str(tmp_path), **{KEPT_AS: "max"}))) == "max"
    assert pooling_of(view(None, theirs, pooling="mean")) == "mean"
    assert pooling_of(view(None)) == "mean"


def test_pooling_that_is_not_known_is_refused(tmp_path: Path) -> None:
    """The mean of a model that was trained for its last token would mean nothing."""
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": "lasttoken"}))
    with pytest.raises(ModelError, match="lasttoken"):
        pooling_of(view(None, SimpleNamespace(_name_or_path=str(tmp_path))))


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_pooling_that_cannot_be_read_is_said_with_its_place(tmp_path: Path, content: bytes) -> None:
    """A broken file of a model is the model's fault, and has a name."""
    path = tmp_path / "1_Pooling" / "config.json"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(ModelError, match="pooling") as error:
        pooling_of(view(None, SimpleNamespace(_name_or_path=str(tmp_path))))
    assert error.value.place is not None
    assert error.value.place.file == str(path)


def loaded(module: Any, *new: str) -> LoadedModel:
    return LoadedModel(ModelFolder("m", Path()), module, None, new_weights=new)


def test_a_model_is_used_without_its_head() -> None:
    """A new head, and a pooler from no file, do not count; a body without weights does."""
    config = transformers.BertConfig(
        vocab_size=50, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    whole = transformers.BertForSequenceClassification(config)
    body = body_of(loaded(whole, "classifier.weight", "bert.pooler.dense.weight"))
    assert body.module is whole.bert
    assert body.new_weights == ()
    unread = "bert.encoder.layer.0.attention.self.query.weight"
    assert body_of(loaded(whole, unread)).new_weights == (unread,)


def shown(batch: Any) -> dict[str, Any]:
    """Return what the engine lets the model see."""
    return {name: value for name, value in batch.items() if name != "labels"}


def pair_batch(task: Any, rows: Sequence[Any], words: Any) -> tuple[Any, ModelView]:
    model = view(words)
    features: list[Any] = [dict(feature) for feature in task.encode(rows, model)]
    for feature, row in zip(features, rows, strict=True):
        if "score" in row:
            feature["labels"] = task.target(row["score"], model)
    return task.collate(features, model), model


def test_each_text_of_a_pair_is_read_by_itself(module: Any, words: Any) -> None:
    """The score of a pair is the cosine of the vectors that both have alone."""
    task = SentenceSimilarity()
    rows = [{"first": TEXTS[0], "second": TEXTS[1]}, {"first": TEXTS[2], "second": TEXTS[0]}]
    batch, model = pair_batch(task, rows, words)
    with torch.inference_mode():
        found = list(task.decode(task.read(module(**shown(batch)), batch, model), rows, model))
    alone = [np.array(vector) for vector in embedded(module, words)]
    for prediction, (one, other) in zip(found, [(0, 1), (2, 0)], strict=True):
        cosine = alone[one] @ alone[other] / np.linalg.norm(alone[one]) / np.linalg.norm(alone[other])
        assert task.answer(prediction) == pytest.approx(cosine, abs=1e-5)


def test_likeness_is_learnt_from_the_order_of_scores(module: Any, words: Any) -> None:
    """The loss is that of CoSENT: the logarithm of a sum over pairs that stand in the wrong order."""
    task = SentenceSimilarity()
    rows = [
        {"first": TEXTS[0], "second": TEXTS[1], "score": 1.0},
        {"first": TEXTS[1], "second": TEXTS[2], "score": 5.0},
        {"first": TEXTS[0], "second": TEXTS[2], "score": 3.0},
    ]
    batch, model = pair_batch(task, rows, words)
    with torch.inference_mode():
        outputs = module(**shown(batch))
        loss = float(task.loss(outputs, batch, model))
        vectors: Any = task.read(outputs, batch, model).unbind(1)
        cosines = torch.nn.functional.cosine_similarity(*vectors).tolist()
    terms = [
        math.exp(20 * (cosines[low] - cosines[high]))
        for low in range(3)
        for high in range(3)
        if rows[high]["score"] > rows[low]["score"]  # type: ignore[operator]
    ]
    assert loss == pytest.approx(math.log(1 + sum(terms)), rel=1e-4)


def test_a_document_that_stands_twice_is_no_wrong_answer_to_itself(module: Any, words: Any) -> None:
    """With the guard off the second row would be told that its own document is wrong."""
    task = Retrieval()
    rows = [
        {"query": TEXTS[2], "document": TEXTS[0]},
        {"query": "refund", "document": TEXTS[0]},
        {"query": "box", "document": TEXTS[1]},
    ]
    losses = []
    for some in (rows, [rows[0], rows[2]]):
        batch, model = pair_batch(task, some, words)
        with torch.inference_mode():
            losses.append(float(task.loss(module(**shown(batch)), batch, model)))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_gain_is_that_of_scikit_learn(seed: int) -> None:
    """Of graded relevances as of those that are 0 or 1, with fewer and more documents than count."""
    draw = np.random.default_rng(seed)
    relevances = draw.integers(0, 4, size=4 + 6 * seed)
    relevances[0] = 2
    scores = draw.permutation(len(relevances)).astype(float)
    ranked = [float(relevances[place]) for place in np.argsort(-scores)]
    assert ndcg(ranked) == pytest.approx(ndcg_score([relevances], [scores], k=10))


def test_rank_is_that_of_the_first_that_matters() -> None:
    """And nothing where none does."""
    assert reciprocal_rank([0, 0, 1, 3]) == pytest.approx(1 / 3)
    assert reciprocal_rank([0, 0]) == 0
    assert ndcg([0, 0]) == 0


class Context:
    """An engine that runs a module on a text at a time, and counts them."""

    seed, predict_options = 42, None

    def __init__(self, module: Any, words: Any, rows: Sequence[Any] = ()) -> None:
        self.engine, self.module, self.words, self.read = self, module, words, 0
        self.cancelled = SimpleNamespace(raise_if_set=lambda: None)
        self.loaded = LoadedModel(ModelFolder("m", Path()), module, words)
        self.rows = rows

    def outputs(self, task: Any, _model: Any, rows: Sequence[Any], options: Any, _context: Any) -> Any:
        model = ModelView(self.words, max_length=64, options=options, padding=pad)
        for number, row in enumerate(rows):
            self.read += 1
            features = list(task.encode([row], model))
            batch = task.collate(features, model)
            with torch.inference_mode():
                yield Window(number, features[0], task.read(self.module(**shown(batch)), batch, model)[0])

    def model(self, _name: str) -> Any:
        return self.loaded

    def data(self, name: str) -> Any:
        return SimpleNamespace(name=name, fingerprint="f", train=self.rows, validation=(), test=())


def test_rankings_are_those_of_the_cosines(module: Any, words: Any) -> None:
    """Each query is held beside all documents, and one that stands in many rows is one document."""
    documents = [*TEXTS, "the box was broken"]
    rows: list[Any] = [
        {"query": "my parcel is late", "document": documents[1], "relevance": 2},
        {"query": "my parcel is late", "document": documents[2], "relevance": 1},
        {"query": "refund", "document": documents[0]},
        {"query": "broken box", "document": documents[3]},
        {"query": "box", "document": documents[3]},
    ]
    context: Any = Context(module, words)
    graded = Retrieval().eval(context.loaded, rows, None, context)
    gain, rank = graded
    vectors = {
        text: FeatureOf(module, words)(text)
        for text in {row[key] for row in rows for key in ("query", "document")}
    }
    gains, ranks = [], []
    for query in dict.fromkeys(str(row["query"]) for row in rows):
        relevant = {
            str(row["document"]): float(row.get("relevance", 1)) for row in rows if row["query"] == query
        }  # type: ignore[arg-type]
        scores = [vectors[query] @ vectors[document] for document in documents]
        wanted = [relevant.get(document, 0.0) for document in documents]
        gains.append(ndcg_score([wanted], [scores], k=10))
        order = np.argsort(-np.array(scores))
        ranks.append(1 / (1 + min(place for place, index in enumerate(order) if wanted[index])))
    assert gain.value == pytest.approx(np.mean(gains), abs=1e-4)
    assert rank.value == pytest.approx(np.mean(ranks), abs=1e-4)
    assert graded.grades == pytest.approx([gains[0], *gains], abs=1e-4)
    for row, first in zip(rows, graded.answers, strict=True):
        near = [float(vectors[row["query"]] @ vectors[document]) for document in documents]
        assert near[documents.index(first)] == pytest.approx(max(near), abs=1e-4)


class FeatureOf:
    def __init__(self, module: Any, words: Any) -> None:
        self.module, self.words = module, words

    def __call__(self, text: str) -> Any:
        with torch.inference_mode():
            found = (
                self.module(**self.words([text], return_tensors="pt")).last_hidden_state.mean(1)[0].numpy()
            )
        return found / np.linalg.norm(found)


def asked(query: str, **options: Any) -> Any:
    return SimpleNamespace(
        **{"data": "d", "query": query, "model": "m", "top_k": 2, "pooling": None, **options}
    )


def test_search_finds_the_row_itself_and_reads_the_data_once(module: Any, words: Any) -> None:
    """The vectors of a data set are kept while their model lives; another pooling is another question."""
    context: Any = Context(module, words, [{"text": text} for text in TEXTS])
    found = search(context, asked(TEXTS[1]))
    assert (found.rows[0].text, found.rows[0].split, found.rows[0].row) == (TEXTS[1], "train", 2)
    assert found.score == pytest.approx(1, abs=1e-5)
    assert (len(found.rows), found.n, context.read) == (2, 3, 4)
    search(context, asked("refund"))
    assert context.read == 5
    search(context, asked("refund", pooling="max"))
    assert context.read == 9


def test_search_wants_a_model_that_gives_vectors(module: Any, words: Any) -> None:
    """And texts to search."""
    context: Any = Context(module, words, [{"label": "late"}])
    with pytest.raises(UsageError, match="wants a model"):
        search(context, asked("refund", model=None))
    with pytest.raises(DataError, match="no column of texts"):
        search(context, asked("refund"))
    context.loaded = object()
    with pytest.raises(UsageError, match="no transformers model"):
        search(context, asked("refund"))


def test_rows_of_which_none_is_relevant_cannot_be_ranked(module: Any, words: Any) -> None:
    """A mean over no query would be no number."""
    context: Any = Context(module, words)
    rows = [{"query": "refund", "document": TEXTS[0], "relevance": 0}]
    with pytest.raises(DataError, match="relevant"):
        Retrieval().eval(context.loaded, rows, None, context)


def test_vectors_are_shown_in_short() -> None:
    """Hundreds of numbers tell a reader nothing."""
    result = PredictionResult(
        model="m", task="feature-extraction", rows=([3.0, 4.0, 0.0, 0.0, 0.0],), inputs=("a",), seconds=0.1
    )
    shown: Any = show_vectors(result)
    ((_, length, numbers, _),) = shown.views[0].rows
    assert (length, numbers.text) == (5.0, "+3.000 +4.000 +0.000 +0.000 …")
    assert show_vectors(PredictionResult(model="m", task="t", rows=("no",), inputs=("a",), seconds=0)) is None


def test_likeness_and_what_was_found_have_bars() -> None:
    """Of what points the other way the bar is empty."""
    result = PredictionResult(
        model="m", task="sentence-similarity", rows=({"score": 0.5},), inputs=("a",), seconds=0.1
    )
    assert show_likeness(result) == Bars((show_likeness(result).bars[0],))  # type: ignore[union-attr]
    found = SearchResult(
        model="m", data="d", query="q", rows=(Found("test", 3, -0.1, "a  text"),), n=9, score=-0.1,
        text="a  text", seconds=0.1,
    )  # fmt: skip
    bars, line, _ = show_found(found).views  # type: ignore[union-attr]
    assert (bars.bars[0].label, bars.bars[0].value) == ("test 3", 0.0)  # type: ignore[union-attr]
    assert line.spans[0].text == "a text"  # type: ignore[union-attr]
