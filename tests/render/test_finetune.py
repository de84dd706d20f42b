"""A training run's end: scores, course, and what to do next."""

from __future__ import annotations

import pytest

from hfshell.api.results import Metric
from tests.render.examples import finetune
from tests.render.screens import text_of


def test_scores_say_where_they_were_measured() -> None:
    """Nobody takes a validation score for a test score."""
    shown = " ".join(text_of(finetune()).split())
    assert "accuracy 0.917 ± 0.055" in shown
    assert "on validation (n=64)" in shown
    assert "majority guess 0.250" in shown


def test_a_run_that_learns_a_number() -> None:
    """Without labels or a majority guess: the error, its course, and nothing that only labels have."""
    shown = text_of(
        finetune(
            labels=(),
            metrics=(Metric("rmse", 0.731, 0.66, 0.81, higher_is_better=False),),
            baseline=None,
            validation=({"rmse": 1.2}, {"rmse": 0.8}, {"rmse": 0.731}),
        )
    )
    assert "RMSE 0.731 ± 0.075" in shown
    assert "█▂▁ 0.731" in shown
    assert "majority" not in shown


def test_the_course_and_the_best_epoch() -> None:
    """The newest loss, the validation curve and the epoch that was kept."""
    shown = text_of(finetune())
    assert "0.213" in shown
    assert "▁█▇" in shown
    assert "epoch 2 kept" in shown


def test_plain_mode_has_numbers_for_curves() -> None:
    """A screen reader gets where the loss began and ended."""
    shown = text_of(finetune(), plain=True)
    assert "loss 1.900 -> 0.213" in shown
    assert shown.isascii()


@pytest.mark.parametrize(
    ("epochs", "shown"),
    [(1.0, "1 epoch "), (1 / 3, "0.33 epochs"), (2.5, "2.5 epochs"), (1.004, "1 epoch ")],
)
def test_parts_of_epochs_are_short(epochs: float, shown: str) -> None:
    """A run that ended within an epoch says so in two decimals."""
    assert shown in text_of(finetune(epochs=epochs))


def test_work_and_run() -> None:
    """What was done, and the ID that finds it again."""
    shown = text_of(finetune(resumed_from=40))
    for fact in (
        "3 epochs",
        "96 steps",
        "1,536 rows",
        "0:00:28",
        "41 rows/s",
        "run 7f3a91",
        "resumed from step 40",
    ):
        assert fact in shown


def test_the_next_line_is_offered_as_it_can_be_typed() -> None:
    """With a bound name and data; `_` stands for a model without a name; a file has no splits by name."""
    assert "`eval router tickets.test`" in text_of(finetune())
    assert "`eval _ ./tickets.csv`" in text_of(finetune(name="", data="./tickets.csv"))
    assert "`eval" not in text_of(finetune(data="two words.csv"))
    assert "`eval" not in text_of(finetune(measured_on="test"))


def test_an_interrupted_run_says_so_and_how_to_go_on() -> None:
    """What was learnt is kept, and --resume goes on; nothing is offered that would measure half a model."""
    shown = " ".join(text_of(finetune(stopped="interrupted", metrics=(), validation=(), steps=12)).split())
    assert "interrupted after 12 steps" in shown
    assert "`--resume` goes on" in shown
    assert "`eval" not in shown


def test_a_loss_that_is_no_number_is_seen() -> None:
    """NaN crosses the socket as nothing; the curve has a gap where it was."""
    assert "× 0.213" not in text_of(finetune())
    shown = text_of(finetune(losses=(1.9, None, 0.2), validation=({"accuracy": None}, {"accuracy": 0.5})))
    assert "█×▁ 0.200" in shown


def test_early_stopping_is_no_interruption() -> None:
    """A run that ended because nothing got better is finished."""
    shown = text_of(finetune(stopped="early-stopping"))
    assert "early-stopping" in shown
    assert "--resume" not in shown
    assert "`eval router tickets.test`" in shown
