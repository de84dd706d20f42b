"""An evaluation's facts are on the screen, whatever its width."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hfshell.api.results import EvaluationResult, Metric, WrongRow
from hfshell.render.evaluation import LABELS_SHOWN, WORST_SHOWN
from hfshell.render.results import render
from tests.render.examples import LABELS, evaluation
from tests.render.screens import terminal, text_of


@pytest.mark.parametrize("width", [40, 80, 140])
@pytest.mark.parametrize("plain", [True, False])
def test_headline_has_all_that_it_takes_to_judge_it(width: int, plain: bool) -> None:
    """Score, interval, number of rows, majority guess; a metric that is not defined says so."""
    shown = " ".join(text_of(evaluation(), width, plain=plain).split())
    sign = "+/-" if plain else "±"
    for fact in (f"accuracy 0.943 {sign} 0.033", "n=192", "majority guess 0.536", "macro-F1 0.935"):
        assert fact in shown
    assert f"ECE {'-' if plain else '—'}" in shown


def test_matrix_has_expected_in_rows_and_predicted_in_columns() -> None:
    """A row of the screen is a label of the data, its cells in the order of the headings."""
    lines = text_of(evaluation(), 80).splitlines()
    heading = next(line for line in lines if "said" in line and "F1" in line)
    assert [word for word in heading.split() if word in LABELS] == list(LABELS)
    billing = next(line.split() for line in lines if line.split()[:1] == ["billing"])
    assert billing[1:4] == ["44", "2", "·"]
    assert billing[4:] == [".91", "—", ".50", "46"]


def test_columns_are_numbered_when_names_do_not_fit() -> None:
    """Eight long labels keep their matrix at 80 columns; numbers stand for the names."""
    labels = tuple(f"a_rather_long_{number}" for number in range(8))
    confusion = tuple(tuple(9 if row == column else 1 for column in range(8)) for row in range(8))
    lines = text_of(evaluation(labels, confusion), 80).splitlines()
    assert any(line.split()[:2] == ["3", "a_rather_long_2"] for line in lines)
    heading = next(line for line in lines if "said" in line and "F1" in line)
    assert [word for word in heading.split() if word.isdigit()] == [str(number) for number in range(1, 9)]


def test_without_room_for_the_matrix_its_worst_cells_are_said() -> None:
    """At 40 columns the labels' scores remain, and who is taken for whom in words."""
    shown = text_of(evaluation(), 40)
    assert "account → refunds 5" in shown
    assert "refunds → account 3" in shown
    assert ".91" in shown


def test_many_labels_show_the_hardest() -> None:
    """With more labels than a screen takes, the lowest F1 stand, and the number left out is said."""
    labels = tuple(f"intent{number:02}" for number in range(77))
    confusion = tuple(tuple(int(row == column) for column in range(77)) for row in range(77))
    shown = text_of(evaluation(labels, confusion), 80)
    assert "intent00" in shown
    assert "intent76" not in shown
    assert f"{77 - LABELS_SHOWN} more" in shown


def test_worst_rows_say_what_was_said_and_what_is() -> None:
    """The surest mistakes come with their row, both labels, and the text on one line."""
    shown = text_of(evaluation(), 100)
    assert "11 of 192 rows wrong" in shown
    assert 'said refunds .98, is billing  "refund my refund"' in shown
    assert "where is it⏎please" in shown


def test_how_to_see_more_wrong_rows_is_said_where_there_are_more() -> None:
    """The screen shows the first few; `show _.errors` has what else is kept."""
    row = evaluation().worst[0]
    many = replace(evaluation(), worst=(row,) * (WORST_SHOWN + 1))
    assert f"`show _.errors` has {WORST_SHOWN + 1} of them" in text_of(many, 80)
    assert "`show _.errors` has all of them" in text_of(replace(many, wrong=WORST_SHOWN + 1), 80)
    assert "show _.errors" not in text_of(replace(many, worst=many.worst[1:]), 80)


def test_nobody_is_sure_who_says_no_score() -> None:
    """A task that gives answers without scores has wrong rows, but none that it was surest of."""
    wrong = WrongRow(7, "lost my card", "billing", "account")
    shown = text_of(regression(wrong=1, worst=(wrong,)), 80)
    assert 'said account, is billing  "lost my card"' in shown
    assert "the first of them:" in shown
    assert "sure" not in shown


def test_an_empty_answer_is_said_to_be_nothing() -> None:
    """Models that write may write nothing, and a line with a hole says less than a word."""
    wrong = WrongRow(7, "a long text", "a short one", " ", grade=0.0)
    assert 'said nothing, is a short one  "a long text"' in text_of(regression(wrong=1, worst=(wrong,)), 80)
    assert "said nothing" in text_of(regression(worst=(wrong,)), 80)


def test_no_wrong_row_is_said() -> None:
    """A perfect score says that nothing is wrong rather than show an empty list."""
    perfect = evaluation(("a", "b"), ((3, 0), (0, 4)))
    assert "no row of 7 wrong" in text_of(perfect)


def regression(**changes: object) -> EvaluationResult:
    """A model that predicts a number, measured: no labels, and no row simply right or wrong."""
    fields: dict[str, object] = {
        "model": "stars", "data": "reviews", "split": "test", "task": "stars", "run": "7f3a91", "n": 192,
        "metrics": (Metric("rmse", 0.731, 0.66, 0.81, higher_is_better=False), Metric("r2", -0.12)),
        "seconds": 3.2, "rows_per_second": 61.0,
    }  # fmt: skip
    return EvaluationResult(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [40, 80, 140])
def test_an_evaluation_without_labels_says_nothing_of_wrong_rows(width: int) -> None:
    """The scores and the work are all there is: no empty table, and no praise that means nothing."""
    shown = text_of(regression(), width)
    assert "RMSE 0.731 ± 0.075" in shown
    assert "R2 -0.120" in shown
    assert "61 rows/s" in shown
    assert "wrong" not in shown
    assert "" not in shown.splitlines()


def test_right_and_wrong_without_labels() -> None:
    """A task may count wrong rows without a matrix; none wrong is said, and none counted is not."""
    assert "no row of 192 wrong" in text_of(regression(wrong=0))
    assert "3 of 192 rows wrong" in text_of(regression(wrong=3))


@pytest.mark.parametrize(("high", "style"), [(0.9, "number.good"), (1.1, "number.warn")])
def test_an_error_is_better_below_the_baseline(high: float, style: str) -> None:
    """Where less is better, colour says whether the whole interval lies below the baseline."""
    error = Metric("rmse", 0.8, 0.7, high, higher_is_better=False)
    console = terminal()
    segments = console.render(render(regression(metrics=(error,), baseline=1.0), width=80))
    headline = next(segment for segment in segments if segment.text.startswith("0.800"))
    assert headline.style == console.get_style(style)


@pytest.mark.parametrize(("low", "style"), [(0.5, "number.warn"), (0.6, "number.good")])
def test_a_score_that_reaches_the_majority_guess_is_marked(low: float, style: str) -> None:
    """Colour says whether the interval clears the baseline."""
    result = evaluation(accuracy=Metric("accuracy", 0.7, low, 0.8), baseline=0.536)
    console = terminal()
    segments = console.render(render(result, width=80))
    headline = next(segment for segment in segments if segment.text.startswith("0.700"))
    assert headline.style == console.get_style(style)


def translation(**changes: object) -> EvaluationResult:
    """A model that writes texts, measured: each row has a grade."""
    worst = (
        WrongRow(12, "Ein Hund", "a dog", "the cat sat", grade=3.25),
        WrongRow(7, "Zwei\nHunde", "two\ndogs", "two cats", grade=41.0),
    )
    bleu = Metric(
        "bleu", 31.2, 29.0, 33.4, signature="nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0"
    )
    return regression(metrics=(bleu, Metric("chrf", 55.1)), worst=worst, **changes)


@pytest.mark.parametrize("width", [40, 80, 140])
@pytest.mark.parametrize("plain", [True, False])
def test_graded_rows_are_shown_from_the_worst_on(width: int, plain: bool) -> None:
    """What was said stands above what is, with the grade; nothing claims that rows are wrong."""
    lines = text_of(translation(), width, plain=plain).splitlines()
    start = next(number for number, line in enumerate(lines) if "the worst by BLEU" in line)
    assert [line.split() for line in lines[start + 1 : start + 3]] == [
        ["row", "12", "3.250", "said", "the", "cat", "sat"],
        ["is", "a", "dog"],
    ]
    assert lines[start + 3].split()[:3] == ["row", "7", "41.000"]
    assert "wrong" not in " ".join(lines)


def test_rows_that_nothing_is_held_against_are_shown_by_what_was_read() -> None:
    """A text that is hard, a query whose first document is another's, a program that failed."""
    hard = WrongRow(3, "a rare text", "", "", grade=412.5)
    found = WrongRow(4, "the query", "", "the document", grade=0.25)
    shown = [" ".join(line.split()) for line in text_of(regression(worst=(hard, found)), 80).splitlines()]
    start = shown.index('row 3 412.5 "a rare text"')
    assert shown[start + 1 : start + 3] == ['row 4 0.250 "the query"', "said the document"]
    failed = WrongRow(5, "Write add", "", "failed a test", grade=0.0)
    (line,) = [
        line
        for line in text_of(regression(wrong=1, worst=(failed,)), 80).splitlines()
        if "row" in line and "failed" in line
    ]
    assert line.split() == ["row", "5", "said", "failed", "a", "test", '"Write', 'add"']


@pytest.mark.parametrize("width", [40, 80])
def test_how_a_metric_was_computed_is_said(width: int) -> None:
    """A score without its signature can be compared with nothing."""
    shown = "".join(text_of(translation(), width).split())
    assert "BLEUnrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0" in shown
    assert "chrF++55.100" in shown
    assert "BLEU31.200±2.200" in shown
