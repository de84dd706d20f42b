"""A data set's summary and sample."""

from __future__ import annotations

from hfshell.api.results import DataSample, Finding
from tests.render.examples import data_summary, sample
from tests.render.screens import text_of


def test_rows_splits_and_how() -> None:
    """How many rows, where they went, and by which rule."""
    shown = " ".join(text_of(data_summary()).split())
    assert "1,480 rows → train 1,184 · validation 148 · test 148" in shown
    assert "stratified, seed 42" in shown


def test_roles_are_said_aloud_with_the_reason() -> None:
    """A role that was guessed from values is told from one found by its name."""
    shown = text_of(data_summary())
    assert "text ← message (by its values)" in shown
    assert "label ← queue" in shown
    assert "queue (by" not in shown
    assert "11 labels" in shown


def test_commonest_labels_come_first_and_the_rest_is_counted() -> None:
    """Imbalance is seen at a glance."""
    shown = text_of(data_summary())
    assert shown.index("label11 110") < shown.index("label10 100")
    assert "label3 30" not in shown
    assert "3 more" in shown


def test_every_finding_of_the_audit_is_shown() -> None:
    """Nothing that the audit noticed is dropped, whatever its severity is called."""
    findings = tuple(
        Finding("x", severity, f"finding {severity}") for severity in ("info", "warn", "error", "new")
    )
    shown = text_of(data_summary(audit=findings))
    assert all(f"finding {finding.severity}" in shown for finding in findings)


def test_data_that_fits_no_task_says_how_to_help() -> None:
    """The columns there are, and the option that names them."""
    shown = " ".join(text_of(data_summary(tasks=(), roles=(), labels=())).split())
    assert "no installed task finds its columns here" in shown
    assert "id, message, queue" in shown
    assert "--map text=COLUMN" in shown


def test_sample_shows_rows_by_role() -> None:
    """Which rows of how many, values on one line each, newlines visible."""
    shown = text_of(sample(), 100)
    assert "2 of 148 rows" in shown
    assert "delivery" in shown
    assert "nine days⏎please" in shown


def test_sample_on_a_narrow_screen_keeps_every_value() -> None:
    """At 40 columns rows become records."""
    shown = " ".join(text_of(sample(), 40).split())
    assert "label delivery" in shown
    assert "text charged twice" in shown


def test_a_huge_value_is_cut() -> None:
    """A megabyte in one cell does not flood the screen."""
    shown = text_of(DataSample(name="d", split="", total=1, rows=({"text": "word " * 200_000},)), 80)
    assert len(shown) < 1000
    assert "…" in shown
