"""What tasks answer is held against what rows say, and what cannot be is told, with the task's name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hfshell.api import LabelScore, Role, TaskSpec
from hfshell.errors import DataError, PluginError, Refused, UsageError
from hfshell.evaluation.report import Measurable, report
from hfshell.session.chosen import ChosenTask
from hfshell.session.measurable import label_role, measurable, shown_text

LABEL, LABELS, NUMBER = Role.label(), Role.labels(), Role.number()
TAGS = Role("tags", "tags", target=True)


class Echo:
    """A task that predicts nothing by itself."""

    def load(self, source: Any, options: Any, context: Any) -> str:
        raise NotImplementedError

    def predict(self, model: Any, rows: Any, options: Any, context: Any) -> list[Any]:
        raise NotImplementedError


def chosen(target: Role | None, task: Any = None) -> ChosenTask:
    roles = (Role.text(), target) if target else (Role.text(),)
    spec = TaskSpec("echo", "Says what it is told", "echo:Echo", roles=roles)
    return ChosenTask(spec, task or Echo(), ("hfshell-echo", "0.3"))


def held(
    target: Role, predictions: list[Any], expected: list[Any], labels: tuple[str, ...] = (), task: Any = None
) -> Measurable:
    rows = [{"text": "a text", target.name: value} for value in expected]
    return measurable(chosen(target, task), predictions, rows, labels)


def accuracy(rows: Measurable) -> float | None:
    return rows.metric("accuracy", intervals=False).value


def test_plain_labels_are_answers() -> None:
    """A task need give no scores; one that names no labels is measured over those that there are."""
    rows = held(LABEL, ["spam", "ham", "spam"], ["spam", "spam", "ham"])
    assert accuracy(rows) == pytest.approx(1 / 3)
    found = report(rows)
    assert found.labels == ("ham", "spam")
    assert [(row.row, row.score) for row in found.worst] == [(2, None), (3, None)], "nobody said how sure"


def test_labels_of_the_model_come_first() -> None:
    """In the model's order, then what else rows say; an answer that the model does not know is a fault."""
    rows = held(LABEL, ["spam", "ham"], ["spam", "eggs"], ("spam", "ham"))
    assert report(rows).labels == ("spam", "ham", "eggs")
    with pytest.raises(Refused, match="eggs was predicted"):
        held(LABEL, ["eggs"], ["spam"], ("spam", "ham"))


def test_the_tasks_own_answer_counts() -> None:
    """What `answer` makes of a prediction is measured, not its best score."""

    class Careful(Echo):
        def answer(self, prediction: list[LabelScore]) -> str:
            return next(item.label for item in prediction if item.score < 0.5)

    scored = [[LabelScore("spam", 0.9), LabelScore("ham", 0.1)]]
    assert accuracy(held(LABEL, scored, ["ham"], ("spam", "ham"), Careful())) == 1.0
    assert accuracy(held(LABEL, scored, ["ham"], ("spam", "ham"))) == 0.0


@pytest.mark.parametrize("labels", [("b", "a"), ["a", "b"], {"a", "b"}])
def test_several_labels_may_be_any_collection(labels: Any) -> None:
    """Lists, tuples and sets of labels are sets of labels."""
    rows = held(LABELS, [labels], [("a", "b")], ("a", "b", "c"))
    assert rows.metric("subset_accuracy", intervals=False).value == 1.0


@pytest.mark.parametrize("number", [2, 2.0, np.float32(2), np.int64(2)])
def test_numbers_of_libraries_are_numbers(number: Any) -> None:
    """Whatever counts as a real number is one."""
    assert held(NUMBER, [number], [2.5]).metric("mae", intervals=False).value == 0.5


@pytest.mark.parametrize(
    ("target", "answer", "said"),
    [
        (LABEL, 3, "answered int 3 for row 2: a label is wanted"),
        (LABEL, {"label": "a"}, "a label is wanted"),
        (LABEL, None, "answered NoneType"),
        (LABELS, "a", "answered str a for row 2: a sequence of labels is wanted"),
        (LABELS, [1], "a sequence of labels is wanted"),
        (NUMBER, "2", "answered str 2 for row 2: a number is wanted"),
        (NUMBER, True, "answered bool True"),
        (NUMBER, [2.0], "a number is wanted"),
        (TAGS, object(), "JSON types is wanted"),
    ],
)
def test_an_answer_of_another_kind_is_the_plugins_fault(target: Role, answer: Any, said: str) -> None:
    """The task, its plugin, the row and what is wanted are named."""
    good: Any = {LABEL: "a", LABELS: ("a",), NUMBER: 1.0, TAGS: ["O"]}[target]
    with pytest.raises(PluginError, match=said) as caught:
        held(target, [good, answer], [good, good])
    assert caught.value.message.startswith("task echo (hfshell-echo 0.3) answered")


def test_rows_without_a_target_cannot_be_measured() -> None:
    """A row that does not say what is right is not counted as wrong."""
    with pytest.raises(DataError, match="row 2 has no label"):
        held(LABEL, ["a", "a"], ["a", None])
    with pytest.raises(UsageError, match="echo cannot be measured"):
        measurable(chosen(None), ["a"], [{"text": "a"}], ())


def test_fewer_predictions_than_rows_are_refused() -> None:
    """Of any kind: the numbers would be of other rows."""
    for target, value in ((LABEL, "a"), (LABELS, ("a",)), (NUMBER, 1.0), (TAGS, ["O"])):
        with pytest.raises(Refused) as caught:
            held(target, [value], [value, value])
        assert caught.value.guard == "count"


def test_only_labels_are_mapped() -> None:
    """A label map is for a task that learns labels, one or several, or one for each word."""
    assert [label_role(chosen(role).spec) for role in (LABEL, LABELS, TAGS)] == ["label", "labels", "tags"]
    for role in (NUMBER, None):
        with pytest.raises(UsageError, match="echo learns none"):
            label_role(chosen(role).spec)


def test_what_a_row_is_known_by() -> None:
    """Its texts; where there are none, what else the task reads; never what it learns."""
    pair = TaskSpec("pair", "", "x:Y", roles=(Role.text(name="one"), Role.text(name="other"), LABEL))
    assert shown_text({"one": "a", "other": "b", "label": "c"}, pair) == "a | b"
    assert shown_text({"one": "a", "other": None}, pair) == "a"
    words = TaskSpec("words", "", "x:Y", roles=(Role("words", "tokens"), TAGS))
    assert shown_text({"words": ("a", "b"), "tags": ["O"]}, words) == "a b"
    assert shown_text({"words": "a b"}, words) == "a b"
    said = ({"role": "user", "content": "why?"}, {"role": "assistant", "content": "so"})
    other = TaskSpec("other", "", "x:Y", roles=(Role("said", "messages"), Role("of", "choices"), LABEL))
    assert shown_text({"said": said, "of": ("a", "b")}, other) == "why? / so | a / b"


def test_an_index_is_read_among_the_choices_of_its_row() -> None:
    """Wrong rows say what was chosen, not its number, and chance is the guess."""
    roles = (
        Role.text("question", name="question"),
        Role("choices", "choices"),
        Role("label", "index", target=True),
    )
    spec = TaskSpec("quiz", "", "x:Y", roles=roles)
    rows = [
        {"question": "a colour", "choices": ("red", "blue"), "label": 0},
        {"question": "a way", "choices": ("left", "right"), "label": 1},
    ]
    found = report(measurable(ChosenTask(spec, Echo()), [1, 1], rows, ()))
    (wrong,) = found.worst
    assert (wrong.text, wrong.expected, wrong.predicted) == ("a colour", "red", "blue")
    assert (found.metrics[0].value, found.baseline, found.guess) == (0.5, 0.5, "random")
