"""What tasks return, held against what the contract wants; each fault says what came and what is wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral, Real
from operator import index
from pathlib import Path
from typing import Any

import msgspec

from hfshell.api.graded import Graded
from hfshell.api.models import LoadedModel
from hfshell.api.results import FinetuneOutcome, LabelScore, Metric
from hfshell.errors import PluginError
from hfshell.models.sidecar import SIDECAR, TRAINED_ON
from hfshell.session.emitted import plain_number
from hfshell.storage import MANIFEST

_RESERVED = (SIDECAR, TRAINED_ON, MANIFEST)
_SHOWN = 60


def model(value: Any, who: str) -> Any:
    """Return a model that a task's `load` or `finetune` gave.

    Raises:
        PluginError: there is none.
    """
    if value is None:
        raise _wrong(who, value, "a model, any object but None")
    return value


def loaded(value: Any, who: str) -> LoadedModel:
    """Return the model that a head's `load` or `finetune` gave.

    Raises:
        PluginError: it is none of transformers.
    """
    if not isinstance(value, LoadedModel):
        raise _wrong(who, value, "a LoadedModel, as `context.engine` gives it,")
    return value


def outcome(value: Any, who: str) -> FinetuneOutcome:
    """Return how a task's `finetune` says that training went, with Python's own numbers.

    Raises:
        PluginError: it is no outcome, or a field of it is of the wrong type.
    """
    if not isinstance(value, FinetuneOutcome):
        raise _wrong(who, value, "a FinetuneOutcome, as `context.engine` gives it,")
    try:
        plain = msgspec.to_builtins(replace(value, model=None), enc_hook=plain_number)
        return replace(msgspec.convert(plain, FinetuneOutcome), model=value.model)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise PluginError(f"{who} returned a FinetuneOutcome that is none: {error}") from None


def new_model(value: Any, before: Any, who: str) -> Any:
    """Return the model that a `finetune` gave; what is only a value may be the same as before.

    Raises:
        PluginError: there is none, or it is the one that it was given.
    """
    if value is before and not isinstance(value, (str, bytes, int, float, tuple, type(None))):
        raise PluginError(
            f"{who} returned the very model that it was given: a new one is wanted",
            hint="the one that it is given stays as it was; `copy.deepcopy` makes one to change",
        )
    return model(value, who)


def files(folder: Path, who: str) -> None:
    """Look at what a task's `save` wrote.

    Raises:
        PluginError: nothing, or what hfshell itself writes.
    """
    names = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()]
    if not names:
        raise PluginError(
            f"{who} wrote nothing: the model in files is wanted",
            hint="it fills the empty folder that it is given, and `load` reads it again",
        )
    for name in _RESERVED:
        if name in names:
            raise PluginError(f"{who} wrote {name}: that file is hfshell's", hint="choose another name")


def labels(value: Any, who: str) -> tuple[str, ...]:
    """Return what a task's `labels` gave.

    Raises:
        PluginError: it is no sequence of texts.
    """
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise _wrong(who, value, "a sequence of texts")
    for item in value:
        if not isinstance(item, str):
            raise _wrong(who, item, "texts alone in the sequence")
    return tuple(str(item) for item in value)


def size(value: Any, who: str) -> int:
    """Return what a task's `size` gave, in bytes.

    Raises:
        PluginError: it is no whole number from 0 on.
    """
    try:
        count = index(value)
    except TypeError:
        raise _wrong(who, value, "bytes, a whole number") from None
    if isinstance(value, bool) or count < 0:
        raise _wrong(who, value, "bytes, a whole number from 0 on")
    return count


def prediction(value: Any, row: int, who: str) -> Any:
    """Return one of a task's predictions.

    Args:
        value: the prediction.
        row: counts from 1.
        who: the task and the verb, for the error.

    Raises:
        PluginError: it cannot be written as JSON, or a score in it is no finite number.
    """
    _refuse_endless(value, row, who)
    try:
        msgspec.json.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise PluginError(
            f"{who} gave a prediction that is no JSON for row {row}: {error}",
            hint="JSON types are wanted, or dataclasses of them; of a numpy number float(…) makes one",
        ) from None
    return value


def predictions(value: Any, who: str) -> Any:
    """Return what a task's `predict` gave, to be gone through.

    Raises:
        PluginError: it cannot be gone through.
    """
    if isinstance(value, (str, bytes, Mapping)) or not hasattr(value, "__iter__"):
        raise _wrong(who, value, "one prediction a row, in order")
    return value


def targets(value: Any, rows: int, who: str) -> list[Any]:
    """Return what a head learns from, one target a row.

    Raises:
        PluginError: there are more or fewer, or one is neither a number nor a list of numbers.
    """
    found = list(predictions(value, who))
    if len(found) != rows:
        raise PluginError(f"{who} gave {len(found):,} targets for {rows:,} rows: one a row is wanted")
    for item in found:
        if not _is_numeric(item):
            raise _wrong(who, item, "a number, or a list of numbers,")
    return found


def _is_numeric(value: Any) -> bool:
    plain = value.tolist() if hasattr(value, "tolist") else value
    return all(map(_is_numeric, plain)) if isinstance(plain, (list, tuple)) else isinstance(plain, Real)


def metrics(value: Any, who: str) -> tuple[Metric, ...]:
    """Return what a task's own `eval` gave, as metrics with Python's own numbers.

    Raises:
        PluginError: it is neither numbers by name nor a sequence of `Metric`; a number is none, or not
            finite; or a name stands twice.
    """
    if isinstance(value, Mapping):
        value = [Metric(name, number) for name, number in value.items()]
    elif not isinstance(value, Sequence) or not all(isinstance(item, Metric) for item in value):
        raise _wrong(who, value, "numbers by name, or a sequence of Metric")
    found = tuple(_metric(item, who) for item in value)
    names = [item.name for item in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise PluginError(f"{who} returned {twice} twice: one of each metric is wanted")
    return found


def graded(value: Any, rows: int, who: str) -> Graded:
    """Return what a task's own `eval` gave, with its grades of rows; none where it gave metrics alone.

    Raises:
        PluginError: as `metrics` does; or there are more or fewer grades, or answers, than rows, or one is of
            the wrong type.
    """
    found = metrics(value, who)
    if not isinstance(value, Graded):
        return Graded(found, ())
    grades, answers = tuple(value.grades), tuple(value.answers)
    for what, given in (("grades", grades), ("answers", answers or grades)):
        if len(given) != rows:
            raise PluginError(f"{who} gave {len(given):,} {what} for {rows:,} rows: one a row is wanted")
    for answer in answers:
        if not isinstance(answer, str):
            raise _wrong(who, answer, "a text for each answer")
    return Graded(
        found,
        tuple(_number(f"the grade of row {row}", grade, who) for row, grade in enumerate(grades, 1)),
        answers,
        _number("the best grade", value.best, who),
        bool(value.higher_is_better),
    )


def _metric(given: Metric, who: str) -> Metric:
    if not isinstance(given.name, str):
        raise _wrong(who, given.name, "the name of a metric, a text")
    value, low, high = (_number(given.name, number, who) for number in (given.value, given.low, given.high))
    if not isinstance(given.signature, str):
        raise _wrong(who, given.signature, f"a text for the signature of {given.name}")
    return Metric(given.name, value, low, high, bool(given.higher_is_better), given.signature)


def _number(name: str, number: Any, who: str) -> float | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, Real):
        raise _wrong(who, number, f"a number or None for {name}")
    if not _is_finite(number):
        raise PluginError(f"{who} returned {number} for {name}: where it is not defined, None is wanted")
    return float(number)


def _refuse_endless(value: Any, row: int, who: str) -> None:
    """Refuse a prediction that is a number, or holds scores, not finite: as JSON they would be nothing."""
    for item in value if isinstance(value, (list, tuple)) else (value,):
        number = item.score if isinstance(item, LabelScore) else item
        if isinstance(item, LabelScore) and (isinstance(number, bool) or not isinstance(number, Real)):
            raise PluginError(f"{who} gave a score for row {row} that is no number: {type(number).__name__}")
        if isinstance(number, Real) and not isinstance(number, Integral) and not _is_finite(number):
            raise PluginError(
                f"{who} gave {number} for row {row}: a finite number is wanted",
                hint="the model's weights or its dtype may be to blame: load it with --dtype float32",
            )


def _is_finite(number: Any) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number beyond all floats
        return False


def _wrong(who: str, value: Any, wanted: str) -> PluginError:
    given = type(value).__name__
    if value is None:
        given = "None"
    elif type(value) in (str, int, float, bool):  # what else there is may have a repr of its own, of any size
        given = f"{given} {str(value)[:_SHOWN]!r}" if isinstance(value, str) else f"{given} {value}"
    return PluginError(f"{who} returned {given}: {wanted} is wanted")
