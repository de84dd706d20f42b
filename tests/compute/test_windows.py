"""Rows with several features each: nothing of a long text is lost, and each window is its own row's."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import torch

from hfshell.errors import PluginError
from tests.compute.classify import Data, Options, Surroundings
from tests.compute.writers import TAGS, Read, Tag, made
from tests.models import tiny

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hfshell.api import ModelView, Row

SHORT = {"words": ["my", "card"]}
LONG = {"words": tiny.CORPUS[0].split() * 30}
LIMIT = 64


@pytest.fixture
def context() -> Surroundings:
    """A context that cuts nothing short."""
    return Surroundings(command=Options(max_length=None))


def test_every_word_is_answered(tmp_path: Path, context: Surroundings) -> None:
    """A text of many times the model's length has an answer for each word, and nothing is said to be cut."""
    model = made(Tag(), tmp_path / "m")
    assert model.files.max_length == LIMIT
    answers = list(Tag().predict(model, [SHORT, LONG, SHORT], None, context))
    assert [len(tags) for tags in answers] == [2, len(LONG["words"]), 2]
    assert answers[0] == answers[2]
    assert context.guards == []


def test_windows_overlap(tmp_path: Path, context: Surroundings) -> None:
    """A window begins before the last one ended, so that no word is without context on both sides."""
    model = made(Tag(), tmp_path / "m")
    windows = list(context.engine.outputs(Tag(), model, [SHORT, LONG], None, context))
    assert [window.row for window in windows] == [0] + [1] * (len(windows) - 1)
    spans = [[word for word in window.feature["_words"] if word is not None] for window in windows[1:]]
    assert all(after[0] <= before[-1] for before, after in pairwise(spans))
    assert {word for span in spans for word in span} == set(range(len(LONG["words"])))


def test_tokens_of_a_window_have_no_padding(tmp_path: Path, context: Surroundings) -> None:
    """What stands for padding in a batch is not the window's; its own is what it would be alone."""
    model = made(Tag(), tmp_path / "m")
    both = list(context.engine.outputs(Tag(), model, [SHORT, LONG], None, context))
    alone = list(context.engine.outputs(Tag(), model, [SHORT], None, context))
    assert both[0].tokens.shape == (4, len(TAGS))
    assert torch.allclose(both[0].tokens, alone[0].tokens, atol=1e-5)


def test_padding_on_the_left_is_cut_from_the_left(tmp_path: Path, context: Surroundings) -> None:
    """Whichever side a tokenizer pads."""
    model = made(Tag(), tmp_path / "m")
    right = list(context.engine.outputs(Tag(), model, [SHORT, LONG], None, context))
    model.processor.padding_side = "left"
    left = list(context.engine.outputs(Tag(), model, [SHORT], None, context))
    assert left[0].padded_left
    assert left[0].tokens.shape == right[0].tokens.shape


def test_rows_are_counted_over_all_parts(
    tmp_path: Path, context: Surroundings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`Window.row` is the row's number among all, not among those that were encoded together."""
    monkeypatch.setattr("hfshell.api.task.MOST_AT_ONCE", 2)
    model = made(Tag(), tmp_path / "m")
    windows = list(context.engine.outputs(Tag(), model, [SHORT, LONG, SHORT, SHORT, SHORT], None, context))
    assert list(dict.fromkeys(window.row for window in windows)) == [0, 1, 2, 3, 4]


def test_it_learns_from_windows(tmp_path: Path, context: Surroundings) -> None:
    """Tags of a long text follow its words into its windows; the best epoch is chosen by whole rows."""
    marked = {"card": "B-X", "money": "B-X"}
    rows: list[Row] = [
        {"words": row["words"], "tags": [marked.get(word, "O") for word in row["words"]]}
        for row in [{"words": text.split()} for text in tiny.CORPUS] + [LONG]
    ]

    class Measured(Surroundings):
        def measure(self, predictions: Sequence[Any], rows: Sequence[Row], _labels: Any) -> Any:
            assert [len(tags) for tags in predictions] == [len(row["words"]) for row in rows]
            return super().measure(
                [_Best(list(tags)) for tags in predictions], [{"label": row["tags"]} for row in rows], ()
            )

    surroundings = Measured(command=Options(max_length=None, epochs=16))
    outcome = Tag().finetune(made(Tag(), tmp_path / "m"), Data(rows, rows), None, surroundings)
    assert [list(tags) for tags in Tag().predict(outcome.model, rows, None, context)] == [
        row["tags"] for row in rows
    ]


class _Best:
    """A prediction as the context of these tests measures it."""

    def __init__(self, label: Any) -> None:
        self.label = label


def test_a_row_without_a_window_is_the_plugins_fault(tmp_path: Path, context: Surroundings) -> None:
    """A row lost on the way would be answered with nothing."""

    class Losing(Tag):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Any:
            return [feature for feature in super().encode(rows, model) if feature["_row"] != 1]

    model = made(Tag(), tmp_path / "m")
    with pytest.raises(PluginError, match=r"task tag.* gave 2 rows' features for 3 rows"):
        list(Losing().predict(model, [SHORT, LONG, SHORT], None, context))


def test_what_begins_with_an_underscore_never_reaches_the_model(
    tmp_path: Path, context: Surroundings
) -> None:
    """A task's notes on its features are its own."""

    class Noting(Read):
        def encode(self, rows: Sequence[Row], model: ModelView) -> Any:
            return [{**feature, "_note": "mine"} for feature in super().encode(rows, model)]

    task = Noting()
    windows = list(
        context.engine.outputs(task, made(task, tmp_path / "m"), [{"text": "my card"}], None, context)
    )
    assert windows[0].feature["_note"] == "mine"
    assert "_note" not in task.seen


def test_what_is_kept_must_be_one_a_feature(tmp_path: Path, context: Surroundings) -> None:
    """A `read` that loses rows would shift all answers."""

    class Summing(Read):
        def read(self, outputs: Any, batch: Any, model: ModelView) -> torch.Tensor:
            return super().read(outputs, batch, model).sum()

    task = Summing()
    with pytest.raises(PluginError, match=r"`read` kept \(\) of a batch of 1 features"):
        list(context.engine.outputs(task, made(task, tmp_path / "m"), [{"text": "my card"}], None, context))
