"""What a task returns is held against the contract, and what it leaves out is made up for."""

from __future__ import annotations

from typing import Any

import pytest

from hfshell import Session
from hfshell.api import EvaluationResult, Graded, Metric, Progress
from hfshell.api.results import FinetuneOutcome, FinetuneResult
from hfshell.errors import PluginError
from hfshell.session import returned as held
from tests.session.own_tasks.shared import FINETUNE


@pytest.mark.parametrize(
    ("method", "returned", "line", "said"),
    [
        ("load", None, "load bayes:multinomial --alpha 2", "load returned None: a model"),
        ("finetune", None, FINETUNE, "finetune returned None: a model"),
        ("size", -1, FINETUNE, "size returned int -1: bytes"),
        ("size", 1.5, FINETUNE, "size returned float 1.5: bytes"),
        ("size", "8 MB", FINETUNE, "size returned str '8 MB': bytes"),
        ("labels", "abc", FINETUNE, "labels returned str 'abc': a sequence of texts"),
        ("labels", [1, 2], FINETUNE, "labels returned int 1: texts alone"),
        ("save", None, FINETUNE, "save wrote nothing"),
        ("predict", None, "predict m hello", "predict returned None: one prediction a row"),
        ("predict", "yes", "predict m hello", "predict returned str 'yes': one prediction a row"),
        ("predict", [], "predict m hello", "predict gave 0 predictions for 1 rows"),
        ("predict", [[], []], "predict m hello", "more predictions than rows"),
        ("predict", [[object()]], "predict m hello", "no JSON for row 1"),
    ],
)
def test_a_wrong_return_names_the_task_and_what_is_wanted(
    session: Session,
    work: Any,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    returned: Any,
    line: str,
    said: str,
) -> None:
    """Task, package, what came and what is wanted: all that an author needs to mend it."""
    session.run(FINETUNE)
    monkeypatch.setattr(work.Bayes, method, lambda *_arguments: returned)
    with pytest.raises(PluginError) as caught:
        session.run(line)
    assert said in caught.value.message
    assert "bayes (hfshell-bayes 0.1)" in caught.value.message


def test_the_model_that_was_given_is_no_new_one(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that trains in place would change a model that other names hold."""
    monkeypatch.setattr(work.Bayes, "finetune", lambda _self, model, *_arguments: model)
    with pytest.raises(PluginError, match="the very model that it was given"):
        session.run(FINETUNE)


def test_an_outcome_of_the_tasks_own_stands(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that says how training went is believed; where the model lies is hfshell's to say."""
    finetune = work.Bayes.finetune

    def told(*arguments: Any) -> FinetuneOutcome:
        model = finetune(*arguments)
        return FinetuneOutcome(model, "/elsewhere", 7.0, 70, 700, (2.0, 1.0), ({"f1": 0.5},), 6.0, 1.0, 700.0)

    monkeypatch.setattr(work.Bayes, "finetune", told)
    result = session.run(FINETUNE)
    assert isinstance(result, FinetuneResult)
    assert (result.epochs, result.steps, result.best_epoch, result.losses) == (7.0, 70, 6.0, (2.0, 1.0))
    assert result.folder == str(session.runs.list()[0].model_folder)


def test_validation_and_many_losses_are_told_apart(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metrics in events are the course of the validation; losses become at most sixty means."""
    finetune = work.Bayes.finetune

    def chatty(self: Any, model: Any, data: Any, options: Any, context: Any) -> Any:
        for step in range(240):
            metrics = {"accuracy": 0.5 + step // 120 / 4}
            context.emit(Progress("finetune", step, unit="steps", loss=float(step), metrics=metrics))
        return finetune(self, model, data, options, context)

    monkeypatch.setattr(work.Bayes, "finetune", chatty)
    result = session.run(FINETUNE)
    assert isinstance(result, FinetuneResult)
    assert result.validation == ({"accuracy": 0.5}, {"accuracy": 0.75})
    assert len(result.losses) == 60
    assert result.losses[0] == pytest.approx(1.5)


def test_a_task_may_measure_its_models_itself(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `eval` returns becomes metrics, whichever way it is written; anything else is a fault."""
    chosen = session.tasks.get("bayes")
    assert not chosen.has_eval
    session.run(FINETUNE)
    model = next(stored.model for stored in session.warm.store if stored.key.source.startswith("run:"))
    for given, metrics in (
        ({"f1": 0.5, "loss": None}, (Metric("f1", 0.5), Metric("loss", None))),
        ([Metric("f1", 0.5)], (Metric("f1", 0.5),)),
        ([Metric("f1", 0.5, signature="micro")], (Metric("f1", 0.5, signature="micro"),)),
        (Graded([Metric("f1", 0.5)], ()), (Metric("f1", 0.5),)),
    ):
        monkeypatch.setattr(work.Bayes, "eval", lambda *_arguments, given=given: given, raising=False)
        assert chosen.has_eval
        assert tuple(chosen.evaluate(model, [], None, None)) == metrics  # type: ignore[arg-type]
    for wrong in (0.5, {"f1": "high"}, [0.5], {1: 0.5}, Graded([Metric("f1", 0.5)], [1.0])):
        monkeypatch.setattr(work.Bayes, "eval", lambda *_arguments, wrong=wrong: wrong)
        with pytest.raises(PluginError, match=r"bayes .*eval"):
            chosen.evaluate(model, [], None, None)  # type: ignore[arg-type]


def test_rows_that_a_task_grades_are_shown_from_the_worst_on(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what was answered; where a grade is all or nothing, the wrong ones are counted."""
    session.run(FINETUNE)
    seen: list[int] = []

    def graded(_self: Any, _model: Any, rows: Any, *_: Any) -> Graded:
        seen.append(len(rows))
        grades = [None, 0.0, *[1.0] * (len(rows) - 2)]
        return Graded([Metric("found", 0.9)], grades, [f"answer {row}" for row in range(len(rows))], best=1.0)

    monkeypatch.setattr(work.Bayes, "eval", graded, raising=False)
    result = session.run("ev = eval m reviews.test")
    assert isinstance(result, EvaluationResult)
    assert (result.n, result.wrong) == (seen[0], 1)
    (worst,) = result.worst
    assert (worst.row, worst.predicted, worst.grade) == (2, "answer 1", 0.0)
    assert worst.text
    assert worst.expected

    def partly(_self: Any, _model: Any, rows: Any, *_: Any) -> Graded:
        return Graded([Metric("loss", 2.0)], [float(row) for row in range(len(rows))], higher_is_better=False)

    monkeypatch.setattr(work.Bayes, "eval", partly, raising=False)
    result = session.run("ev = eval m reviews.test")
    assert isinstance(result, EvaluationResult)
    assert result.wrong is None
    assert [row.row for row in result.worst[:2]] == [seen[0], seen[0] - 1]


@pytest.mark.parametrize(
    ("graded", "said"),
    [
        (Graded([Metric("f1", 0.5)], [1.0]), "1 grades for 2 rows"),
        (Graded([Metric("f1", 0.5)], [1.0, 0.0], ["a"]), "1 answers for 2 rows"),
        (Graded([Metric("f1", 0.5)], [1.0, float("nan")]), "the grade of row 2"),
        (Graded([Metric("f1", 0.5)], [1.0, 0.0], ["a", 1]), "a text for each answer"),  # type: ignore[list-item]
    ],
)
def test_grades_that_do_not_fit_the_rows_are_a_fault_of_the_task(graded: Graded, said: str) -> None:
    """Shown beside the wrong rows they would mislead."""
    with pytest.raises(PluginError, match=said):
        held.graded(graded, 2, "task any: eval")
