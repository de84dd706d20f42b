"""What causal tasks share: windows that keep what is learnt behind its prompt, and losses of every row."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api import IGNORED, CausalTask, TokenRow, Window, blank_between


def learnt(feature: dict[str, Any]) -> int:
    return sum(label != IGNORED for label in feature["labels"][1:])


@given(prompt=st.integers(1, 90), rest=st.integers(1, 40), limit=st.integers(8, 64))
def test_what_is_learnt_follows_on_half_a_window(prompt: int, rest: int, limit: int) -> None:
    """A completion behind a long prompt is not learnt behind its last token alone; each token counts once."""
    ids = list(range(100, 100 + prompt + rest))
    row = TokenRow((1,), ids, [place >= prompt for place in range(len(ids))])
    windows = row.windows(0, limit)
    assert sum(map(learnt, windows)) == rest
    for window in windows:
        first = next(place for place, label in enumerate(window["labels"]) if label != IGNORED)
        before = window["labels"][first] - 100  # tokens of the row that stand before it
        assert first - 1 >= min(before, (limit - 1) // 2)


def test_texts_without_a_prompt_are_read_once() -> None:
    """Where all is learnt, one token of context is enough: no text is read twice."""
    windows = TokenRow((), list(range(30)), [True] * 30).windows(0, 10)
    assert [window["input_ids"][0] for window in windows] == [0, 9, 18, 27]


def test_a_row_that_predicts_nothing_has_its_place() -> None:
    """A text of one token, for a model that has nothing before it, must not shift the rows behind it."""

    def window(row: int, labels: list[int]) -> Window:
        return Window(row, {"input_ids": labels, "labels": labels}, torch.ones(len(labels)))

    outputs = [window(0, [5]), window(1, [5, 6, 7])]
    context: Any = SimpleNamespace(engine=SimpleNamespace(outputs=lambda *_: iter(outputs)))

    class Any_(CausalTask):
        def encode(self, rows: Any, model: Any) -> Any:
            raise AssertionError

        def decode(self, logits: Any, rows: Any, model: Any) -> Any:
            raise AssertionError

    losses: Any = Any_().losses
    assert list(losses(None, [{}, {}], None, context)) == [(1.0, 0), (3.0, 2)]
    outputs[1:] = []
    assert list(losses(None, [{}], None, context)) == [(1.0, 0)]


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        ("a", "b", " "),
        ("a ", "b", ""),
        ("a", "\nb", ""),
        ("你好", "世界", ""),
        ("", "b", ""),
        ("한국", "어", ""),
    ],
)
def test_a_blank_stands_only_between_words(before: str, after: str, between: str) -> None:
    """Chinese and Japanese have none that nobody wrote."""
    assert blank_between(before, after) == between
