"""A stranger's head reaches the engine whole, and what it gives is bounded before it is kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import HeadTask, LabelScore, Metric, Role, TaskSpec
from hfshell.api.cancel import CancelToken
from hfshell.api.models import LoadedModel
from hfshell.errors import Interrupted, PluginError
from hfshell.session.chosen import ChosenTask
from hfshell.session.contained_head import ContainedHead

ROWS = ({"text": "a"}, {"text": "b"}, {"text": "c"})
Give = Callable[..., Any]


class Stranger(HeadTask):
    """A head of which a test says what it gives."""

    auto_class = "AutoModelForSequenceClassification"
    name = "h-any"
    plugin = ("hfshell-any", "0.4")

    def __init__(self, **given: Give) -> None:
        self._given = given

    def encode(self, rows: Any, model: Any) -> Any:
        """Give features."""
        return self._given["encode"](rows)

    def decode(self, logits: Any, rows: Any, model: Any) -> Any:
        """Give predictions."""
        return self._given["decode"](rows)


class Overriding(Stranger):
    """A head that predicts in its own way."""

    def predict(self, model: Any, rows: Any, options: Any, context: Any) -> Any:
        """Give predictions."""
        return self._given["predict"](rows)


class Judge(Stranger):
    """A head that measures itself, and has all else that may be left out."""

    def eval(self, model: Any, rows: Any, options: Any, context: Any) -> Any:
        """Measure."""
        return [Metric("mercy", 0.5)]

    def select(self, prediction: Any, options: Any) -> Any:
        """Choose."""
        return "selected"

    def answer(self, prediction: Any) -> Any:
        """Say what is measured."""
        return "answered"


class Calls:
    """Stands for the containment: notes what was called, and what was a sign of life."""

    def __init__(self) -> None:
        self.what: list[str] = []
        self.alive = 0

    def run(self, what: str, function: Give, *arguments: Any) -> Any:
        """Call."""
        self.what.append(what)
        return function(*arguments)

    def sign(self) -> None:
        """Take note."""
        self.alive += 1


@pytest.fixture
def calls() -> Calls:
    """Nothing called."""
    return Calls()


@pytest.fixture
def context() -> Any:
    """A context that a user may interrupt."""
    return SimpleNamespace(cancelled=CancelToken())


def chosen(head: HeadTask, calls: Calls) -> ChosenTask:
    """Choose a task with that head, as a session does."""
    spec = TaskSpec(name="h-any", summary="Any", target="any:Any", roles=(Role.text(), Role.label()))
    task = ContainedHead(head, calls.run, calls.sign)
    return ChosenTask(spec, task, head.plugin, calls.run, calls.sign)


def model() -> LoadedModel:
    """A model of which nobody asks anything."""
    return object.__new__(LoadedModel)


def test_every_optional_method_reaches_the_head(calls: Calls, context: Any) -> None:
    """What a head does itself is asked of it, in containment; a head without `eval` has none."""
    judge = chosen(Judge(), calls)
    assert judge.has_eval
    assert tuple(judge.evaluate(model(), ROWS, None, context)) == (Metric("mercy", 0.5),)
    assert judge.selected([1], None) == ["selected"]
    assert judge.answers([1]) == ["answered"]
    assert calls.what == ["eval", "select", "answer"]
    assert not chosen(Stranger(), calls).has_eval


def test_a_decode_without_end_is_read_one_too_far(calls: Calls) -> None:
    """It must not fill the memory before anybody counts."""
    read = itertools.count()
    head = ContainedHead(Stranger(decode=lambda _rows: read), calls.run, calls.sign)
    assert head.decode(None, ROWS, None) == [0, 1, 2, 3]  # type: ignore[arg-type]
    assert next(read) == 4


@pytest.mark.parametrize("given", [{"a": 1}, "abc", None])
def test_a_decode_that_gives_no_sequence_is_refused(calls: Calls, given: Any) -> None:
    """The keys of a mapping are no predictions, even where there are as many as rows."""
    head = ContainedHead(Stranger(decode=lambda _rows: given), calls.run, calls.sign)
    with pytest.raises(
        PluginError, match=r"h-any \(hfshell-any 0\.4\): decode returned .*one prediction a row"
    ):
        head.decode(None, ROWS[:1], None)  # type: ignore[arg-type]


def test_an_own_predict_is_heard_row_by_row(calls: Calls, context: Any) -> None:
    """Each row is a sign of life, and none beyond the first too many is asked for."""
    read = itertools.count()
    task = chosen(Overriding(predict=lambda _rows: read), calls)
    with pytest.raises(PluginError, match="more predictions than rows"):
        list(task.predict(model(), ROWS, None, context))
    assert next(read) == 4
    assert calls.alive >= 4


def test_an_own_predict_can_be_interrupted(calls: Calls, context: Any) -> None:
    """Ctrl-C ends it at the next row."""
    given: list[int] = []

    def rows_of(rows: Any) -> Iterator[int]:
        for number, _ in enumerate(rows):
            context.cancelled.set()
            given.append(number)
            yield number

    task = chosen(Overriding(predict=rows_of), calls)
    with pytest.raises(Interrupted):
        list(task.predict(model(), ROWS, None, context))
    assert given == [0]


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_not_finite_is_refused(calls: Calls, context: Any, score: float) -> None:
    """As JSON it would be nothing, and nobody would know why."""
    for prediction in ([LabelScore("a", score)], LabelScore("a", score), score):
        task = chosen(Overriding(predict=lambda _rows, given=prediction: [0.5, given, 0.5]), calls)
        with pytest.raises(PluginError, match=r"hfshell-any 0\.4.*(nan|inf) for row 2"):
            list(task.predict(model(), ROWS, None, context))


def test_a_prediction_is_json_as_the_socket_writes_it(calls: Calls, context: Any) -> None:
    """Python's own idea of plain types is wider than JSON's."""
    task = chosen(Overriding(predict=lambda rows: [{1: "a", None: 2} for _ in rows]), calls)
    with pytest.raises(PluginError, match="no JSON for row 1"):
        list(task.predict(model(), ROWS, None, context))


@pytest.mark.parametrize("given", [7j, "a", [0, "b"], None])
def test_a_target_that_is_no_number_is_refused(calls: Calls, given: Any) -> None:
    """Else it is torch that fails, and names nobody."""
    stranger: Any = Stranger()
    stranger.target = lambda _value, _model: given
    head = ContainedHead(stranger, calls.run, calls.sign)
    with pytest.raises(PluginError, match=r"h-any \(hfshell-any 0\.4\): target returned .* a number"):
        head.targets(["x"], None)  # type: ignore[arg-type]
    stranger.target = lambda _value, _model: [0, 1.0]
    assert head.targets(["x"], None) == [[0, 1.0]]  # type: ignore[arg-type]
