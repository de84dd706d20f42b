"""A new head of a number begins at the mean, so that a short training is spent on what tells rows apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import LoadedModel, ModelView, NumberHead, Row
from hfshell.compute.new_numbers import begin_at_mean
from tests.compute.classify import Data, Surroundings, rows


class Stars(NumberHead):
    """A number for each text."""

    name = "stars"
    target_role = "score"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Any:
        return model.tokenize([row["text"] for row in rows])


DATA = Data(
    train=[{"text": row["text"], "score": 98.0 + 4 * (number % 2)} for number, row in enumerate(rows())]
)


def test_first_answers_lie_around_what_is_learnt(base: LoadedModel, context: Surroundings) -> None:
    """One step at a tiny rate cannot bring an answer from 0 to 100; without the mean it stays there."""
    outcome = Stars().finetune(base, DATA, None, context.told(epochs=0.1, learning_rate=1e-9))
    for answer in Stars().predict(outcome.model, DATA.train, None, context):
        assert answer["score"] == pytest.approx(100, abs=5)


@pytest.mark.slow
def test_a_trained_head_goes_on_from_where_it_is(
    base: LoadedModel, context: Surroundings, tmp_path: Path
) -> None:
    """What a head has learnt is not set back."""
    first = Stars().finetune(base, DATA, None, context.told(epochs=0.1, learning_rate=1e-9)).model
    torch.nn.init.constant_(first.module.classifier.bias, 7.0)
    again = Surroundings(tmp_path / "again").told(epochs=0.1, learning_rate=1e-9)
    (tmp_path / "again").mkdir()
    second = Stars().finetune(first, DATA, None, again).model
    assert second.module.classifier.bias.item() == pytest.approx(7.0, abs=1e-3)


def test_heads_of_several_outputs_are_left_alone() -> None:
    """There is no one mean of them."""
    head = torch.nn.Sequential(torch.nn.Linear(2, 3))
    before = head[0].bias.clone()  # type: ignore[operator]
    begin_at_mean(head, [{"labels": 5.0}])
    assert torch.equal(head[0].bias, before)  # type: ignore[arg-type]
