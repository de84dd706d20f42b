"""The task, tried with hfshell's kit for plugin authors."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from hfshell.api import Line, PredictionResult, Span, Stack, Table
from hfshell.testing import Outcome, TaskConformance
from hfshell_plugin_stars.metrics import quadratic_kappa
from hfshell_plugin_stars.task import Rating
from hfshell_plugin_stars.view import SHOWN, show

Run = Callable[..., Outcome]


class TestConformance(TaskConformance):
    """All that hfshell asks of a task."""

    task = "stars"


def predictions(*ratings: Rating) -> PredictionResult:
    """Make a result of ratings."""
    inputs = tuple(f"review {number}" for number in range(len(ratings)))
    return PredictionResult(model="m", task="stars", rows=ratings, inputs=inputs, seconds=0.1)


def test_half_stars(run_hfsh: Run) -> None:
    """`--half` rounds to halves, and leaves the score as it was."""
    outcome = run_hfsh("""
        m = load tiny:stars
        whole = predict m "my parcel was late"
        half = predict m "my parcel was late" --half
    """)
    outcome.assert_ok()
    (whole,), (half,) = outcome["whole"].rows, outcome["half"].rows
    assert whole.score == half.score
    assert whole.stars == round(whole.score)
    assert half.stars == round(half.score * 2) / 2


def test_what_is_learnt_is_measured(run_hfsh: Run, tiny_dataset: Callable[[str], Path]) -> None:
    """Stars in the data are learnt, and both metrics are fields."""
    outcome = run_hfsh(
        """
        param file
        d = data $file
        m = load tiny:stars
        t = finetune m d --task stars --epochs 8 --learning-rate 5e-3 --batch-size 8
        ev = eval t d.train
        """,
        file=tiny_dataset("stars"),
    )
    outcome.assert_ok()
    fields = outcome["ev"].fields()
    assert fields["quadratic_kappa"] > 0.5
    assert fields["mean_absolute_error"] < 0.6


def test_more_stars_than_there_are(run_hfsh: Run, tmp_path: Path) -> None:
    """A review with six stars is a mistake in the data, and said to be one."""
    rows = ["review,stars", *(f"a review of number {number},{number % 6 + 1}" for number in range(60))]
    (tmp_path / "six.csv").write_text("\n".join(rows))
    outcome = run_hfsh(f"finetune tiny:stars {tmp_path / 'six.csv'} --task stars --epochs 1")
    assert outcome.exit_code == 1
    assert "6 stars" in outcome.errors[0].message


@pytest.mark.parametrize(
    ("expected", "predicted"),
    [
        ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
        ([1, 2, 3, 4, 5, 5], [5, 4, 3, 2, 1, 1]),
        ([1, 2, 3, 4, 4], [2.2, 1.9, 3.4, 4.6, 4.1]),
        ([1, 5], [3, 3]),
        *product([[1, 1, 2, 4]], [[1, 2, 2, 4], [2, 2, 2, 2], [4, 1, 1, 3]]),
    ],
)
def test_kappa_is_that_of_scikit_learn(expected: list[float], predicted: list[float]) -> None:
    """The quick form gives what the usual one gives."""
    from sklearn.metrics import cohen_kappa_score

    rounded = [round(stars) for stars in predicted]
    usual = cohen_kappa_score(expected, rounded, labels=[1, 2, 3, 4, 5], weights="quadratic")
    assert quadratic_kappa(expected, predicted) == pytest.approx(usual)


def test_kappa_of_stars_that_are_all_the_same() -> None:
    """Where nothing varies there is no agreement to speak of."""
    assert quadratic_kappa([3, 3], [3, 3]) is None


@pytest.mark.parametrize(
    ("rating", "drawn"),
    [
        (Rating(4, 4.2), "★★★★☆"),
        (Rating(5.0, 5.0), "★★★★★"),
        (Rating(3.5, 3.6), "★★★½☆"),
        (Rating(1, 1.0), "★☆☆☆☆"),
    ],
)
def test_one_rating_is_a_line(rating: Rating, drawn: str) -> None:
    """The stars are drawn, and the score stands beside them as a number."""
    view = show(predictions(rating))
    assert isinstance(view, Line)
    first, *_, last = view.spans
    assert isinstance(first, Span)
    assert first.text == drawn
    assert isinstance(last, Span)
    assert last.text == f"{rating.score:.1f}"


@pytest.mark.parametrize("count", [2, SHOWN, SHOWN + 1, 30_000])
def test_many_ratings_are_a_table_that_fits_a_screen(count: int) -> None:
    """All rows are shown while they are few, else the first ones and how many are left."""
    view = show(predictions(*[Rating(4, 4.2)] * count))
    table = view.views[0] if isinstance(view, Stack) else view
    assert isinstance(table, Table)
    assert len(table.rows) == min(count, SHOWN)
    assert isinstance(view, Stack) == (count > SHOWN)
