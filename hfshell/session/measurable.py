"""Predictions beside what the rows say, in the form in which rows of their kind are measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from hfshell.api import Row
from hfshell.api.data_files import DataFile
from hfshell.api.roles import TYPED
from hfshell.errors import DataError, PluginError, UsageError
from hfshell.evaluation.classification import OneLabel, is_scored, one_label
from hfshell.evaluation.exact import Exact, exact
from hfshell.evaluation.multilabel import SeveralLabels, several_labels
from hfshell.evaluation.regression import Numbers, numbers

if TYPE_CHECKING:
    from hfshell.api.roles import Role
    from hfshell.api.specs import TaskSpec
    from hfshell.evaluation.report import Measurable
    from hfshell.session.chosen import ChosenTask

_T = TypeVar("_T")
_SHOWN = 60


@dataclass(frozen=True)
class Answered:
    """Predictions, what the task's `answer` makes of them, and what the rows say.

    Attributes:
        who: the task, for errors.
        expected: what each row says under the task's target role.
        predictions: whole ones.
        answers: what of them is held against that.
        labels: those that the model knows.
        texts: the text of each row.
        role: the kind of the task's target role.
        choices: what each row chooses from by its index; None when it does not.
    """

    who: str
    expected: list[Any]
    predictions: Sequence[Any]
    answers: list[Any]
    labels: tuple[str, ...]
    texts: list[str]
    role: str
    choices: list[Sequence[str]] | None

    def answers_as(self, read: Callable[[Any], _T | None], wanted: str) -> list[_T]:
        """Read each answer.

        Raises:
            PluginError: an answer cannot be read.
        """
        found: list[_T] = []
        for row, answer in enumerate(self.answers, 1):
            value = read(answer)
            if value is None:
                given = f"{type(answer).__name__} {str(answer)[:_SHOWN]}"
                raise PluginError(
                    f"{self.who} answered {given} for row {row}: {wanted} is wanted",
                    hint="its `answer` says what of a prediction is held against the data",
                )
            found.append(value)
        return found

    def all_labels(self, expected: Iterable[str], answered: Iterable[str]) -> tuple[str, ...]:
        """Return the model's labels, then others that rows have; where it names none, all there are."""
        others = set(expected) if self.labels else {*expected, *answered}
        return (*self.labels, *sorted(others - set(self.labels)))


def measurable(
    chosen: ChosenTask,
    predictions: Sequence[Any],
    rows: Sequence[Row],
    labels: Sequence[str],
    options: Any = None,
) -> Measurable:
    """Make rows fit to be measured, by the kind of the task's target role.

    Args:
        chosen: the task.
        predictions: whole ones, one a row.
        rows: with their targets; labels go by the names that the model has for them.
        labels: those that the model knows.
        options: the task's own of `predict`.

    Raises:
        UsageError: the task has no target role.
        PluginError: an answer is not of the role's kind.
        Refused: predictions and rows do not go together.
        DataError: there are no rows, or one has no target.
    """
    target = target_role(chosen.spec)
    answered = Answered(
        chosen.title,
        _expected(rows, chosen.spec),
        predictions,
        chosen.answers(predictions, options),
        tuple(labels),
        [shown_text(row, chosen.spec) for row in rows],
        str(target.kind),
        _choices(rows, chosen.spec),
    )
    return _MADE[kind_of(target)](answered)


def kind_of(target: Role) -> type[Measurable]:
    """Return as what rows are measured that have a target role."""
    match target.kind, target.multiple:
        case "label", False:
            return OneLabel
        case "label", True:
            return SeveralLabels
        case "number", _:
            return Numbers
    return Exact


def target_role(spec: TaskSpec) -> Role:
    """Return the role that a task's answers are held against.

    Raises:
        UsageError: it has none.
    """
    if spec.target_role is None:
        raise UsageError(
            f"{spec.name} cannot be measured: no column says what is right",
            hint="its plugin has to declare a role with target=True, or an `eval` of its own",
        )
    return spec.target_role


def label_role(spec: TaskSpec) -> str:
    """Return the name of the role that holds the labels, or tags, to be learnt.

    Raises:
        UsageError: the task learns no labels.
    """
    target = spec.target_role
    if target is None or target.kind not in ("label", "tags"):
        raise UsageError(f"--label-map names labels, and {spec.name} learns none")
    return target.name


def shown_text(row: Row, spec: TaskSpec) -> str:
    """Return what a row holds for reading: its texts, or what else a task does without its target."""
    present = [role for role in spec.roles if not role.target and row.get(role.name) is not None]
    texts = [role for role in present if role.kind in TYPED]
    return " | ".join(_read(row[role.name], role.kind) for role in texts or present)


def _read(value: Any, kind: str) -> str:
    if isinstance(value, DataFile):
        return value.shown
    if isinstance(value, str):  # as the line of `predict` gives it
        return value
    match kind:
        case "tokens":
            return " ".join(value)
        case "choices" | "texts":
            return " / ".join(value)
        case "messages":
            return " / ".join(str(message["content"]) for message in value)
    return str(value)


def _expected(rows: Sequence[Row], spec: TaskSpec) -> list[Any]:
    """Return what answers are held against: the target, or all texts that a row has beside it."""
    target = target_role(spec)
    several = [role.name for role in spec.roles if role.target and role.of == target.name]
    found = [next((row[name] for name in several if row.get(name)), None) for row in rows]
    values = [row.get(target.name) if more is None else more for row, more in zip(rows, found, strict=True)]
    missing = next((number for number, value in enumerate(values, 1) if value is None), None)
    if missing is not None:
        raise DataError(f"row {missing} has no {target.name} to measure against")
    return values


def _choices(rows: Sequence[Row], spec: TaskSpec) -> list[Sequence[str]] | None:
    """Return what each row chooses from, when the target is the index of one of its choices."""
    target = spec.target_role
    role = next((role.name for role in spec.roles if role.kind == "choices" and not role.target), None)
    if role is None or target is None or str(target.kind) != "index":
        return None
    return [row[role] for row in rows]


def _one_label(answered: Answered) -> Measurable:
    expected = [str(value) for value in answered.expected]
    answers = answered.answers_as(_as_label, "a label")
    predicted = [prediction if is_scored(prediction) else None for prediction in answered.predictions]
    return one_label(expected, predicted, answered.all_labels(expected, answers), answered.texts, answers)


def _several_labels(answered: Answered) -> Measurable:
    expected = [tuple(map(str, value)) for value in answered.expected]
    answers = answered.answers_as(_as_labels, "a sequence of labels")
    labels = answered.all_labels(_flat(expected), _flat(answers))
    return several_labels(expected, answered.predictions, labels, answered.texts, answers)


def _numbers(answered: Answered) -> Measurable:
    expected = [float(value) for value in answered.expected]
    return numbers(expected, answered.answers_as(_as_number, "a number"), answered.texts)


def _exact(answered: Answered) -> Measurable:
    answers = answered.answers_as(_as_json, "JSON types")
    return exact(answered.expected, answers, answered.texts, answered.role, answered.choices)


_MADE: Mapping[type[Measurable], Callable[[Answered], Measurable]] = MappingProxyType(
    {OneLabel: _one_label, SeveralLabels: _several_labels, Numbers: _numbers, Exact: _exact}
)


def _flat(sets: Iterable[Iterable[str]]) -> set[str]:
    return {label for labels in sets for label in labels}


def _as_label(answer: Any) -> str | None:
    return answer if isinstance(answer, str) else None


def _as_labels(answer: Any) -> tuple[str, ...] | None:
    if not isinstance(answer, (list, tuple, set, frozenset)):
        return None
    return tuple(answer) if all(isinstance(label, str) for label in answer) else None


def _as_number(answer: Any) -> float | None:
    return None if isinstance(answer, bool) or not isinstance(answer, Real) else float(answer)


def _as_json(answer: Any) -> Any:
    try:
        return msgspec.to_builtins(answer)
    except (TypeError, ValueError, RecursionError):
        return None
