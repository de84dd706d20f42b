"""A data set's summary and sample."""

from __future__ import annotations

from typing import Any

import pytest

from hfshell.api.results import DataSample, Finding, RoleShown
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


def rows(*roles: RoleShown, **row: Any) -> str:
    """Return one row as it is shown at 80 columns, on one line."""
    shown = text_of(DataSample(name="d", split="train", total=9, rows=(row,), task="t", roles=roles), 80)
    assert max(map(len, shown.splitlines())) <= 80
    return " ".join(shown.split())


TAGGED = (RoleShown("tokens", "tokens"), RoleShown("tags", "tags", "tokens"))
CHOOSING = (RoleShown("choices", "choices"), RoleShown("label", "index", "choices"))
ANSWERED = (RoleShown("context", "text"), RoleShown("answers", "answers", "context"))


def test_entities_stand_in_their_sentence() -> None:
    """Tags are read over the words, not beside them; a sentence is there once."""
    shown = rows(*TAGGED, tokens=["Ada", "Lovelace", "wrote"], tags=["B-PER", "I-PER", "O"])
    assert "[Ada Lovelace]PER wrote" in shown
    assert shown.count("Ada") == 1
    assert "as t sees them" in shown


def test_other_tags_stand_behind_their_words() -> None:
    """Parts of speech are told from entities."""
    assert "dogs/NOUN bark/VERB" in rows(*TAGGED, tokens=["dogs", "bark"], tags=["NOUN", "VERB"])


def test_the_right_choice_is_marked() -> None:
    """Which of the choices is right is seen without colour."""
    shown = rows(*CHOOSING, choices=["red", "blue"], label=1)
    assert "0 red ok 1 blue" in shown or "0 red ✓ 1 blue" in shown


def test_an_answer_stands_in_its_text() -> None:
    """The answer is marked where it stands, and what is far from it is cut."""
    context = f"{'word ' * 100}in Paris today {'word ' * 100}"
    shown = rows(*ANSWERED, context=context, answers={"text": ["Paris"], "answer_start": [503]})
    assert "in [Paris] today" in shown
    assert len(shown) < 500
    nothing = rows(*ANSWERED, context="a text", answers={"text": [], "answer_start": []})
    assert "a text" in nothing
    assert "no answer" in nothing


def test_messages_are_told_by_who_says_them() -> None:
    """A conversation reads as one."""
    said = [{"role": "user", "content": "hi\nthere"}, {"role": "assistant", "content": "hello"}]
    shown = rows(RoleShown("messages", "messages"), messages=said)
    assert "user hi" in shown
    assert "assistant hello" in shown


@pytest.mark.parametrize("roles", [TAGGED, CHOOSING, ANSWERED, (RoleShown("messages", "messages"),)])
@pytest.mark.parametrize("value", [None, 3, "text", [1], [{"role": 1}], {"text": 1}, {"text": [None]}])
def test_values_of_another_shape_are_shown_as_they_are(roles: tuple[RoleShown, ...], value: Any) -> None:
    """A file may hold anything under any name; looking at it never fails."""
    assert "1 of 9 rows" in rows(*roles, **{role.role: value for role in roles})


def test_examples_stand_below_the_summary() -> None:
    """`show` of a data set says what it is, then what is in it."""
    shown = text_of(data_summary(examples=sample()))
    assert shown.index("1,480 rows") < shown.index("2 of 148 rows")
