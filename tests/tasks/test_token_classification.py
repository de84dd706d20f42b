from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers import TokenClassificationPipeline

from hfshell.api import DataError, ModelView, Refused, Window
from hfshell.testing.tiny_bert import tokenizer as tiny_tokenizer
from hfshell_tasks.metrics.entities import EntityF1
from hfshell_tasks.token_classification.entities import entities_of, loose_begins
from hfshell_tasks.token_classification.options import PredictOptions
from hfshell_tasks.token_classification.task import TokenClassification
from hfshell_tasks.token_classification.words import joined

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")
ROW = {
    "tokens": ("ada", "wrote", "\ufeff", "to", "kurt", "."),
    "tags": ("B-PER", "O", "O", "O", "B-LOC", "O"),
}


@pytest.fixture
def task() -> TokenClassification:
    task = TokenClassification()
    task.target_role = "tags"
    return task


@pytest.fixture(scope="module")
def processor() -> Any:
    return tiny_tokenizer()


def windows(features: Any, tags_of: Any, labels: Sequence[str] = LABELS) -> list[Window]:
    """Make a model's outputs: sure of the tag that `tags_of` says for each feature and token."""
    made = []
    for number, feature in enumerate(features):
        places = [labels.index(tags_of(feature, place)) for place in range(len(feature["input_ids"]))]
        logits = torch.nn.functional.one_hot(torch.tensor(places), len(labels)) * 9.0
        made.append(Window(feature.get("_row", number), feature, logits))
    return made


def encoded(task: TokenClassification, rows: Sequence[Any], view: ModelView) -> list[dict[str, Any]]:
    return [dict(feature) for feature in task.encode(rows, view)]  # type: ignore[arg-type]


def bare(row: Any) -> dict[str, Any]:
    return {"tokens": row["tokens"]}


def echo(feature: Any, place: int) -> str:
    """Answer with what is to be learnt; where nothing is, with what would be wrong."""
    label = feature["labels"][place]
    return "I-LOC" if label < 0 else LABELS[label]


def test_first_piece_of_a_word_learns_its_tag(task: TokenClassification, processor: Any) -> None:
    """Others learn nothing; a word that the tokenizer drops shifts none behind it."""
    (feature,) = encoded(task, [ROW], ModelView(processor, LABELS))
    pieces = processor.convert_ids_to_tokens(feature["input_ids"])
    learnt = [
        (piece, LABELS[label]) for piece, label in zip(pieces, feature["labels"], strict=True) if label >= 0
    ]
    assert [tag for _, tag in learnt] == ["B-PER", "O", "O", "B-LOC", "O"]
    assert [piece for piece, _ in learnt] == ["a", "w", "t", "k", "."]
    assert sum(label >= 0 for label in feature["labels"]) < len(pieces) - 2


def test_answers_are_what_was_learnt(task: TokenClassification, processor: Any) -> None:
    """From tags to features and back: as many as words, each its own, and the dropped word outside."""
    view = ModelView(processor, LABELS)
    features = encoded(task, [ROW, ROW], view)
    for prediction in task.decode(windows(features, echo), [bare(ROW)] * 2, view):
        assert task.answer(prediction) == ROW["tags"]
        assert [entity.word for entity in task.select(prediction, None)] == ["ada", "kurt"]


@pytest.mark.parametrize("limit", [8, 12, 64])
def test_no_word_of_a_long_text_is_untagged(task: TokenClassification, processor: Any, limit: int) -> None:
    """What stands behind the model's limit is answered too: with a cut tail, most names would be lost."""
    tokens = ("my", "parcel", "ada", "late") * 60
    row: dict[str, Any] = {
        "tokens": tokens,
        "tags": tuple("B-PER" if token == "ada" else "O" for token in tokens),
    }
    view = ModelView(processor, LABELS, limit)
    features = encoded(task, [row], view)
    assert len(features) > 1
    assert all(len(feature["input_ids"]) <= limit for feature in features)
    assert not any("_truncated" in feature for feature in features)
    (prediction,) = task.decode(windows(features, echo), [bare(row)], view)
    assert prediction.tags == row["tags"]
    cut = list(prediction.tags[:40]) + ["O"] * 200  # what a head that reads one window would answer
    metric = EntityF1()
    assert metric.value(metric.counts(row["tags"], prediction.tags)) == 1.0
    assert metric.value(metric.counts(row["tags"], cut)) < 0.4  # type: ignore[operator]


def test_word_of_two_windows_is_tagged_where_it_has_most_context(
    task: TokenClassification, processor: Any
) -> None:
    """At the edge of a window a model sees half of what is around a word."""
    tokens = ("my", "card", "was", "late", "and", "the", "box", "broken") * 4
    view = ModelView(processor, LABELS, 12)
    features = encoded(task, [{"tokens": tokens}], view)

    def by_edge(feature: Any, place: int) -> str:
        around = min(place, len(feature["input_ids"]) - 1 - place)
        return "B-PER" if around >= 2 else "O"

    (prediction,) = task.decode(windows(features, by_edge), [{"tokens": tokens}], view)
    assert set(prediction.tags[2:-2]) == {"B-PER"}


def test_text_is_cut_into_words(task: TokenClassification, processor: Any) -> None:
    """A typed text has words of its own; where they stand is where they stand in it."""
    text = "Ada, my card."
    view = ModelView(processor, LABELS)
    features = encoded(task, [{"text": text}], view)
    (prediction,) = task.decode(windows(features, lambda *_: "B-PER"), [{"text": text}], view)
    assert [text[item.start : item.end] for item in prediction.entities] == ["Ada", ",", "my", "card", "."]


@pytest.mark.parametrize("row", [{}, {"tokens": None}, {"text": 7}])
def test_row_of_nothing_is_an_error(task: TokenClassification, processor: Any, row: dict[str, Any]) -> None:
    """A missing text is not an empty one."""
    with pytest.raises(DataError, match="neither tokens nor a text"):
        task.encode([row], ModelView(processor, LABELS))


def test_row_without_words_has_no_tags(task: TokenClassification, processor: Any) -> None:
    """An empty row is answered with nothing, and its neighbours with their own."""
    view = ModelView(processor, LABELS)
    rows: list[Any] = [{"tokens": (), "tags": ()}, ROW]
    empty, full = task.decode(windows(encoded(task, rows, view), echo), [{"tokens": ()}, bare(ROW)], view)
    assert (empty.tags, full.tags) == ((), ROW["tags"])


def test_tag_that_the_model_does_not_know_is_refused(task: TokenClassification, processor: Any) -> None:
    """It must not become another one's index."""
    with pytest.raises(Refused) as raised:
        task.encode([{"tokens": ("ada",), "tags": ("B-ORG",)}], ModelView(processor, LABELS))
    assert raised.value.guard == "labels"


@pytest.mark.parametrize(
    ("found", "labels"),
    [
        (("B-LOC", "B-PER", "I-PER", "O"), ("O", "B-LOC", "I-LOC", "B-PER", "I-PER")),
        (("NOUN", "VERB"), ("NOUN", "VERB")),
        (("B", "I", "O"), ("O", "B", "I")),
    ],
)
def test_head_has_begin_and_inside_of_each_type(
    task: TokenClassification, found: tuple[str, ...], labels: tuple[str, ...]
) -> None:
    """A type of which the data has single words alone can go on in other data; parts of speech stay."""
    data: Any = SimpleNamespace(name="d", labels=found)
    assert task.head_labels(data) == labels


@pytest.mark.parametrize(
    ("labels", "given"),
    [
        (("O", "B-PER", "I-PER", "E-PER", "S-PER"), ("B-PER", "E-PER", "O", "S-PER")),
        (("O", "I-PER"), ("I-PER", "I-PER", "O", "I-PER")),
    ],
)
def test_models_of_other_schemes_answer_in_iob2(
    task: TokenClassification, processor: Any, labels: tuple[str, ...], given: tuple[str, ...]
) -> None:
    """Tags that say where a span ends, or never where it begins, are converted before they are measured."""
    row = {"tokens": ("my", "card", "was", "late")}
    view = ModelView(processor, labels)
    features = encoded(task, [row], view)
    answers = windows(features, lambda _, place: ("O", *given, "O")[place], labels)
    (prediction,) = task.decode(answers, [row], view)
    assert prediction.tags == ("B-PER", "I-PER", "O", "B-PER")


def test_entities_are_those_of_the_pipeline() -> None:
    """As transformers' pipeline groups words with the strategy `first`, for any tags."""
    words = joined(("a", "b", "c", "d", "e", "f", "g"))
    grouper = TokenClassificationPipeline.__new__(TokenClassificationPipeline)
    grouper.tokenizer = SimpleNamespace(convert_tokens_to_string=" ".join)
    for tags in (
        ("B-PER", "I-PER", "O", "I-LOC", "I-PER", "B-PER", "B-PER"),
        ("O", "I-LOC", "I-LOC", "B-LOC", "O", "O", "I-PER"),
        ("B-LOC",) * 7,
    ):
        scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3]
        rows = [
            {"entity": tag, "score": score, "word": "x", "start": start, "end": end}
            for tag, score, (start, end) in zip(tags, scores, words.spans, strict=True)
        ]
        theirs = [group for group in grouper.group_entities(rows) if group["entity_group"] != "O"]
        for one, other in zip(entities_of(words, tags, scores), theirs, strict=True):
            assert (one.entity_group, one.start, one.end) == (
                other["entity_group"], other["start"], other["end"],
            )  # fmt: skip
            assert one.score == pytest.approx(other["score"])


def test_parts_of_speech_are_one_each() -> None:
    """Two nouns side by side are two."""
    found = entities_of(joined(("my", "card", "box")), ("DET", "NOUN", "NOUN"), (1, 1, 1))
    assert [(item.entity_group, item.word) for item in found] == [
        ("DET", "my"), ("NOUN", "card"), ("NOUN", "box"),
    ]  # fmt: skip


def test_scheme_is_told_by_entities_that_nothing_begins() -> None:
    """Strictly measured IOB1 is all wrong: the guard counts by this, and the option mends it."""
    right, answered = ("B-PER", "I-PER", "O", "B-LOC"), ("I-PER", "I-PER", "O", "I-LOC")
    metric = EntityF1()
    assert metric.value(metric.counts(right, answered)) == 0.0
    assert loose_begins(answered) == 2
    assert loose_begins(right) == 0
    assert loose_begins(("NOUN", "VERB")) == 0


def test_repaired_tags_are_measured_as_begun(task: TokenClassification, processor: Any) -> None:
    """With `--repair-tags` the same answers are right."""
    row = {"tokens": ("my", "card", "was", "late")}
    given = ("O", "I-PER", "I-PER", "O", "I-LOC", "O")
    for repair, tags in ((False, given[1:-1]), (True, ("B-PER", "I-PER", "O", "B-LOC"))):
        view = ModelView(processor, LABELS, options=PredictOptions(repair_tags=repair))
        answers = windows(encoded(task, [row], view), lambda _, place: given[place])
        (prediction,) = task.decode(answers, [row], view)
        assert prediction.tags == tags
        assert [item.word for item in prediction.entities] == ["my card", "late"]
