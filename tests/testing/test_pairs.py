"""Heads for two texts, held against the kit: sound ones pass, and answers for wrong rows are noticed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.testing import Checkup, Verdict
from hfshell.testing.bench import Bench
from hfshell.testing.subjects import subject_of_task
from tests.testing import heads

Check = Callable[..., dict[str, Verdict]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Run some checks, all without names, on a head for two texts."""

    def run(head: str, *names: str) -> dict[str, Verdict]:
        given = heads.declaring(head, heads.PAIR, metrics=("accuracy",), architectures=())
        with Bench(tmp_path / "bench", third_party=False) as bench:
            subject = subject_of_task(bench, head, given=given, options={})
            checkup = Checkup(subject)
            found = [checkup.verdict(name) for name in names] or [*checkup.run()]
            subject.close()
        return {verdict.check: verdict for verdict in found}

    return run


@pytest.mark.slow
def test_task_of_two_texts_is_tried_in_full(check: Check) -> None:
    """The kit's data and models do for two texts; what is skipped has to do with neither."""
    verdicts = check("pair")
    assert {name: found for name, found in verdicts.items() if found.state == "failed"} == {}
    skipped = {name for name, found in verdicts.items() if found.state == "skipped"}
    assert skipped == {"import", "light", "entry-point", "examples"}


def test_answers_of_wrong_rows_are_noticed(check: Check) -> None:
    """A tiny model tells one row from the other, so that a flip shows."""
    verdicts = check("flipped", "seed", "order")
    assert verdicts["seed"].state == "passed"
    assert verdicts["order"].state == "failed"
    assert "predicted otherwise" in verdicts["order"].message


def test_answers_that_are_missing_name_the_task(check: Check) -> None:
    """Who reads it knows whose fault it is, and how many there are."""
    found = check("fewer", "predict")["predict"]
    assert found.state == "failed"
    assert "task fewer" in found.message
    assert "7 predictions for 8 rows" in found.message, found.message


@pytest.mark.slow
def test_print_is_told_once_and_where_it_was(check: Check) -> None:
    """It is said of `decode` alone, not of whoever waits for what it gives."""
    found = check("chatty", "screens", "quiet")["quiet"]
    assert found.state == "failed"
    assert found.message.count("printed") == 1, found.message
    assert "in decode" in found.message
