"""Tasks of every kind are trained, measured and used by the same verbs, on a real tiny model."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import f1_score

from hfshell import Session
from hfshell.api import Note
from hfshell.api.requests import RunRequest
from hfshell.api.results import EvaluationResult, FinetuneResult, PredictionResult
from hfshell.errors import DataError, PluginError, Refused, UsageError

TRAIN = "--epochs 8 --learning-rate 5e-3 --batch-size 16"


def measured(session: Session, line: str) -> EvaluationResult:
    result = session.run(line)
    assert isinstance(result, EvaluationResult)
    return result


def predicted(session: Session, line: str) -> Sequence[Any]:
    result = session.run(line)
    assert isinstance(result, PredictionResult)
    return result.rows


def rows_of(session: Session, name: str, split: str) -> list[dict[str, Any]]:
    """Return the rows of a bound data set."""
    return [dict(row) for row in session.names.get(name).value.split(split)]


@pytest.fixture(scope="module")
def moderator(session: Session, comments: Path) -> FinetuneResult:
    """Train a model for several labels."""
    session.run(f"comments = data {comments}")
    result = session.run(f"moderator = finetune base comments --task toxicity {TRAIN}")
    assert isinstance(result, FinetuneResult)
    return result


@pytest.fixture(scope="module")
def gauge(session: Session, angry: Path) -> FinetuneResult:
    """Train a model for a number."""
    session.run(f"angry = data {angry}")
    result = session.run(f"gauge = finetune base angry {TRAIN}")
    assert isinstance(result, FinetuneResult)
    return result


# ---- several labels


@pytest.mark.slow
def test_data_for_several_labels_is_told_from_data_for_one(
    session: Session, moderator: FinetuneResult
) -> None:
    """Lists of labels are for tasks that learn several, ours and a stranger's."""
    shown = session.run("show comments")
    assert set(shown.tasks) == {"multi-label-classification", "toxicity"}  # type: ignore[union-attr]
    assert [(found.role, found.column) for found in shown.roles] == [
        ("text", "comment"),
        ("labels", "labels"),
    ]  # type: ignore[union-attr]
    assert moderator.task == "toxicity"
    assert moderator.labels == ("account", "billing", "delivery")


def test_several_labels_are_learnt_and_the_best_epoch_kept(moderator: FinetuneResult) -> None:
    """The headline chooses the epoch; its value there is the one that is reported, on the same rows."""
    scores = [epoch["macro_f1"] for epoch in moderator.validation]
    assert len(scores) == 8
    assert None not in scores
    assert moderator.best_epoch == 1.0 + scores.index(max(scores))  # type: ignore[type-var]
    fields = moderator.fields()
    assert fields["macro_f1"] == pytest.approx(max(scores))  # type: ignore[type-var]
    assert fields["macro_f1"] > 0.8  # type: ignore[operator]
    assert fields["macro_f1_low"] <= fields["macro_f1"] <= fields["macro_f1_high"]  # type: ignore[operator]
    assert moderator.baseline is not None
    assert moderator.baseline < 0.7
    assert [metric.name for metric in moderator.metrics] == [
        "macro_f1", "labels_a_row", "roc_auc", "subset_accuracy", "hamming_loss",
    ]  # fmt: skip


def test_evaluation_of_several_labels(session: Session, moderator: FinetuneResult) -> None:
    """What is reported is what scikit-learn makes of the predictions that `predict` gives."""
    result = measured(session, "eval moderator comments.test")
    rows = rows_of(session, "comments", "test")
    sets = [{item.label for item in row} for row in predicted(session, "predict moderator comments.test")]
    expected, answers = (
        [[label in one for label in moderator.labels] for one in side]
        for side in ([set(row["labels"]) for row in rows], sets)
    )
    fields = result.fields()
    assert fields["macro_f1"] == pytest.approx(
        f1_score(expected, answers, average="macro", zero_division=math.nan)
    )
    assert fields["labels_a_row"] == pytest.approx(sum(map(len, sets)) / len(rows))
    assert fields["labels_a_row_low"] < fields["labels_a_row_high"]  # type: ignore[operator]
    assert result.n == len(rows)
    assert result.wrong == sum(one != other for one, other in zip(expected, answers, strict=True))
    assert [report.label for report in result.per_label] == list(moderator.labels)
    assert result.confusion == ()


def test_the_tasks_own_option_chooses_what_predict_gives(session: Session, moderator: FinetuneResult) -> None:
    """`--threshold` is the task's; measuring is not moved by it."""
    assert len(predicted(session, 'predict moderator "my card" --threshold 0')[0]) == 3
    assert predicted(session, 'predict moderator "my card" --threshold 0.9999999') == ([],)
    (labels,) = predicted(session, 'predict moderator "refund money twice"')
    assert [item.label for item in labels] == ["billing"]


def test_a_selection_that_is_no_json_names_the_task(session: Session, moderator: FinetuneResult) -> None:
    """What a task chooses to give is checked as what it predicts is."""
    with pytest.raises(PluginError, match=r"task toxicity \(hfshell-kinds 0\.4\): select gave"):
        session.run('predict moderator "my card" --threshold 1')


def test_labels_of_sets_are_mapped_by_name(
    session: Session, moderator: FinetuneResult, tmp_path: Path
) -> None:
    """Each label of a row goes by its own name; one that the model does not know is refused."""
    rows = [
        {**row, "labels": [label[:3] for label in row["labels"]]}
        for row in rows_of(session, "comments", "test")
    ]
    path = tmp_path / "short.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    session.run(f"short = data test={path}")
    with pytest.raises(Refused, match="the model knows") as caught:
        session.run("eval moderator short.test")
    assert caught.value.guard == "labels"
    mapped = measured(session, "eval moderator short.test --label-map acc=account,bil=billing,del=delivery")
    assert mapped.metrics == measured(session, "eval moderator comments.test").metrics


def test_sets_of_labels_are_read_from_a_run(session: Session, moderator: FinetuneResult) -> None:
    """A later session finds the model and measures the same."""
    again = measured(session, f"eval run:{moderator.run} comments.test")
    assert again.metrics == measured(session, "eval moderator comments.test").metrics


# ---- a number


@pytest.mark.slow
def test_a_number_is_learnt_and_the_smallest_error_kept(session: Session, gauge: FinetuneResult) -> None:
    """Of an error less is better: the best epoch has the smallest one."""
    assert session.run("show angry").tasks == ("anger",)  # type: ignore[union-attr]
    errors = [epoch["rmse"] for epoch in gauge.validation]
    assert gauge.best_epoch == 1.0 + errors.index(min(errors))  # type: ignore[type-var]
    fields = gauge.fields()
    assert fields["rmse"] == pytest.approx(min(errors))  # type: ignore[type-var]
    assert fields["rmse"] < 0.6  # type: ignore[operator]
    assert fields["pearson"] > 0.9  # type: ignore[operator]
    assert gauge.baseline is not None
    assert gauge.baseline > 0.9
    assert gauge.labels == ()
    assert [metric.higher_is_better for metric in gauge.metrics] == [False, True, True, False, True, False]


def test_evaluation_of_a_number(session: Session, gauge: FinetuneResult) -> None:
    """Errors are those of the numbers that `predict` gives; the largest comes first, and none is `wrong`."""
    result = measured(session, "eval gauge angry.test")
    answers = predicted(session, "predict gauge angry.test")
    assert all(type(answer) is float for answer in answers)
    errors = [
        abs(answer - row["score"])
        for answer, row in zip(answers, rows_of(session, "angry", "test"), strict=True)
    ]
    fields = result.fields()
    assert fields["mae"] == pytest.approx(sum(errors) / len(errors), rel=1e-5)
    assert fields["worst_error"] == pytest.approx(max(errors), rel=1e-5)
    assert fields["worst_error_low"] is None
    assert result.worst[0].row == 1 + errors.index(max(errors))
    assert (result.wrong, result.labels, result.per_label, result.confusion) == (None, (), (), ())


def test_a_metric_that_is_none_is_said_before_the_work(session: Session, gauge: FinetuneResult) -> None:
    """Nobody trains for an hour to hear of a typing mistake; no run is begun."""
    runs = sorted(Path(gauge.folder).parents[1].iterdir())
    for line in ("finetune base angry --task typo", "eval gauge angry.test --task typo"):
        with pytest.raises(UsageError, match="no metric pearsn for rows of a number") as caught:
            session.run(line)
        assert caught.value.hint == "did you mean pearson?"
    assert sorted(Path(gauge.folder).parents[1].iterdir()) == runs


def test_a_number_has_no_labels_to_map(session: Session, gauge: FinetuneResult) -> None:
    """An option that would change nothing is not taken in silence."""
    for line in ("eval gauge angry.test --label-map 1=2", "finetune base angry --label-map 1=2"):
        with pytest.raises(UsageError, match="anger learns none"):
            session.run(line)


def test_expectations_on_any_metric(session: Session, gauge: FinetuneResult) -> None:
    """Fields are metrics, whatever their kind."""
    session.run("ev = eval gauge angry.test\nexpect ev.rmse < 0.9\nexpect ev.worst_error >= ev.mae")


def test_the_other_task_that_could_learn_a_column_is_said(session: Session, tmp_path: Path) -> None:
    """Whole numbers are learnt as labels; that another task knows the column is told, with the option."""
    path = tmp_path / "whole.csv"
    lines = [f"refund my card {number},{number % 2}" for number in range(40)]
    path.write_text("\n".join(["comment,anger", *lines]))
    notes = {}
    for asked in ("", "--task text-classification"):
        events: list[Any] = []
        code = session.execute(RunRequest(f"finetune base {path} --epochs 0.1 {asked}"), events.append)
        assert code == 0
        notes[asked] = [event.text for event in events if isinstance(event, Note)]
    assert notes[""] == ["learnt by text-classification; anger could learn this too: --task anger"]
    assert notes["--task text-classification"] == []


# ---- two texts


def test_two_texts_are_read_together_and_seen_rows_are_known(session: Session, couples: Path) -> None:
    """A task of two texts trains; what it was trained on is known by both of them."""
    session.run(f"couples = data {couples}")
    result = session.run("matcher = finetune base couples --epochs 1")
    assert isinstance(result, FinetuneResult)
    assert result.task == "pairs"
    assert [metric.name for metric in result.metrics][:2] == ["accuracy", "micro_f1"]
    seen = measured(session, "eval matcher couples.train")
    guard = next(guard for guard in seen.guards if guard.name == "leakage")
    assert guard.count == seen.n
    assert "leakage" not in {guard.name for guard in measured(session, "eval matcher couples.test").guards}
    few = measured(session, "eval matcher couples.train --limit 5")
    guard = next(guard for guard in few.guards if guard.name == "leakage")
    assert (few.n, guard.count) == (5, 5), "of the rows that were measured"
    shown = session.run("predict matcher couples.test --limit 1")
    row = rows_of(session, "couples", "test")[0]
    assert shown.inputs == (f"{row['first']} | {row['second']}",)  # type: ignore[union-attr]


def test_one_text_is_not_enough_for_two(session: Session, couples: Path) -> None:
    """A text alone cannot be predicted, and the line that can is told."""
    session.run(f"couples = data {couples}\nmatcher = finetune base couples --epochs 0.1")
    with pytest.raises(UsageError, match="pairs wants first and second for each row") as caught:
        session.run('predict matcher "my card"')
    assert "predict matcher DATA" in str(caught.value.hint)


# ---- anything else


def test_answers_of_any_kind_are_right_or_wrong(session: Session, tmp_path: Path) -> None:
    """Lists of tags are right when they are what the row says; a plugin's metric takes a closer look."""
    rows = [
        {"words": ["Ada", "wrote"], "shapes": ["upper", "lower"]},
        {"words": ["to", "Babbage"], "shapes": ["lower", "lower"]},
    ]
    path = tmp_path / "shapes.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    result = measured(session, f"eval shapes:plain {path} --task shapes")
    assert [(metric.name, metric.value) for metric in result.metrics] == [
        ("accuracy", 0.5),
        ("shape_accuracy", 0.75),
        ("token_accuracy", 0.75),
    ], "accuracy means accuracy, whatever a plugin calls by that name; one of hfshell's library is there too"
    assert result.wrong == 1
    (wrong,) = result.worst
    assert (wrong.row, wrong.expected, wrong.predicted) == (2, "lower lower", "lower upper")
    assert wrong.text == "to Babbage"


def test_a_task_may_measure_itself(session: Session, tmp_path: Path) -> None:
    """Its own `eval` sees the targets and its own options, and what it returns is the result."""
    path = tmp_path / "verdicts.csv"
    path.write_text("comment,verdict\na text,fine\nanother text,bad\none more text,bad\na last text,fine\n")
    result = measured(session, f"eval judge:hanging {path} --task judge --strict")
    assert [(metric.name, metric.value) for metric in result.metrics] == [("mercy", 0.5), ("strictness", 1.0)]
    assert (result.n, result.task, result.wrong) == (4, "judge", None)
    request = json.loads((session.home.runs / result.run / "request.json").read_text())
    assert request["options"]["strict"] is True
    assert result.fields()["mercy"] == 0.5


# ---- formats of data files


def test_a_plugins_format_is_read_trained_on_and_read_again(
    session: Session, moderator: FinetuneResult, tmp_path: Path
) -> None:
    """A file that only a plugin reads is data like any other: measured, predicted for, parked and revived."""
    path = tmp_path / "held.sent"
    path.write_text(
        "<billing> refund money twice\n<> this my\n<delivery+account> late parcel password email\n"
    )
    session.run(f"held = data test={path}")
    assert measured(session, "eval moderator held.test").n == 3
    assert len(predicted(session, f"predict moderator {path}")) == 3
    before = session.names.get("held").value.fingerprint
    session.names.park("held")
    assert measured(session, "eval moderator held.test").n == 3
    assert session.names.get("held").value.fingerprint == before


@pytest.mark.parametrize(
    ("line", "kind", "said", "place"),
    [
        ("<billing no end", DataError, "a bracket is never closed", "bad.sent:2"),
        ("<crash", PluginError, r"hfshell-kinds 0\.4.*ZeroDivisionError", "{folder}/bad.sent"),
    ],
)
def test_a_bad_file_names_its_place(
    session: Session, tmp_path: Path, line: str, kind: type[Exception], said: str, place: str
) -> None:
    """What the reader says, or what it failed with, with the file."""
    (tmp_path / "bad.sent").write_text(f"<billing> a text\n{line}\n")
    with pytest.raises(kind, match=said) as caught:
        session.run(f"data {tmp_path}/bad.sent")
    assert str(caught.value.place) == place.format(folder=tmp_path)  # type: ignore[attr-defined]
