"""Predictions: labels, scores and the texts they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hfshell.api.results import PredictionResult
from hfshell.render.prediction import ROWS_SHOWN
from hfshell.render.results import render
from tests.render.examples import predictions
from tests.render.screens import terminal, text_of


def of(rows: Sequence[object], texts: tuple[str, ...] = ()) -> PredictionResult:
    """Predictions as they come over the socket."""
    return PredictionResult(model="m", task="t", rows=tuple(rows), inputs=texts, seconds=0.1)


def test_one_prediction_stands_on_one_line() -> None:
    """Labels with bars and scores, best first, where they fit."""
    lines = text_of(predictions()).splitlines()
    assert len(lines) == 1
    assert lines[0].split() == ["billing", "██████████████████▊", "0.94", "refunds", "▊0.04"]


def test_labels_that_do_not_fit_stand_below_each_other() -> None:
    """On a narrow screen each label has a line, in the same order."""
    lines = text_of(predictions(), 30).splitlines()
    assert [line.split()[0] for line in lines] == ["billing", "refunds"]
    assert [line.split()[-1] for line in lines] == ["0.94", "0.04"]


def test_plain_mode_has_no_bars() -> None:
    """A screen reader does not read blocks."""
    assert text_of(predictions(), plain=True).split() == ["billing", "0.94", "refunds", "0.04"]


def test_dataclasses_and_dictionaries_look_the_same() -> None:
    """In-process results and those that crossed the socket."""
    crossed = of([[{"label": "billing", "score": 0.94}, {"label": "refunds", "score": 0.04}]])
    assert text_of(crossed) == text_of(predictions())


def test_many_rows_are_a_table_with_a_count() -> None:
    """Each row has its number, label, score and text; the rest is counted, and where to get it is said."""
    shown = text_of(predictions(ROWS_SHOWN + 5), 80)
    assert f"text number {ROWS_SHOWN}" in shown
    assert f"text number {ROWS_SHOWN + 1}" not in shown
    assert f"{ROWS_SHOWN + 5} rows" in shown
    assert f"billing {ROWS_SHOWN + 5}" in shown
    assert "> predictions.jsonl" in shown


def test_a_wide_screen_has_room_for_the_second_label() -> None:
    """At 140 columns the runner-up is shown."""
    assert "refunds 0.04" in text_of(predictions(2), 140)
    assert "refunds" not in text_of(predictions(2), 80)


def test_an_unsure_answer_is_marked() -> None:
    """A best label below one half has the colour of a warning."""
    rows = of([[{"label": "a", "score": 0.4}], [{"label": "b", "score": 0.9}]], ("x", "y"))
    console = terminal()
    styles = {segment.text: segment.style for segment in console.render(render(rows, width=80))}
    assert styles["0.40"] == console.get_style("number.warn")
    assert styles["0.90"] == console.get_style("number")


def test_other_tasks_predictions_are_readable() -> None:
    """An answer, spans or bare text are shown whole, one or many."""
    assert "Ada Lovelace" in text_of(of([{"answer": "Ada Lovelace", "score": 0.97}]))
    spans = [[{"word": "Ada", "entity_group": "PER"}], []]
    shown = text_of(of(spans, ("Ada wrote.", "Nobody did.")), 100)
    assert "PER" in shown
    assert "Nobody did." in shown
    assert "generated text" in text_of(of(["generated text"]))


def test_no_rows_is_said() -> None:
    """An empty split is no empty screen."""
    assert "no rows" in text_of(replace(predictions(), rows=(), inputs=()))
