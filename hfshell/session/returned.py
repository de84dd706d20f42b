"""What tasks return, held against what the contract wants; each fault says what came and what is wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from operator import index
from pathlib import Path
from typing import Any

import msgspec

from hfshell.api.models import LoadedModel
from hfshell.api.results import FinetuneOutcome, Metric
from hfshell.errors import PluginError
from hfshell.models.sidecar import SIDECAR, TRAINED_ON
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
    """Return what a head's `finetune` gave.

    Raises:
        PluginError: it is no outcome, or holds no model of transformers.
    """
    if not isinstance(value, FinetuneOutcome):
        raise _wrong(who, value, "a FinetuneOutcome, as `context.engine` gives it,")
    loaded(value.model, f"{who}, in its outcome,")
    return value


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
        PluginError: it cannot be written as JSON.
    """
    try:
        msgspec.to_builtins(value)
    except (TypeError, ValueError, RecursionError) as error:
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


def metrics(value: Any, who: str) -> tuple[Metric, ...]:
    """Return what a task's own `eval` gave, as metrics.

    Raises:
        PluginError: it is neither numbers by name nor a sequence of `Metric`.
    """
    if isinstance(value, Mapping):
        return tuple(_metric(name, number, who) for name, number in value.items())
    if isinstance(value, Sequence) and all(isinstance(item, Metric) for item in value):
        return tuple(value)
    raise _wrong(who, value, "numbers by name, or a sequence of Metric")


def _metric(name: Any, number: Any, who: str) -> Metric:
    if not isinstance(name, str):
        raise _wrong(who, name, "the name of a metric, a text")
    if isinstance(number, bool) or not isinstance(number, (Real, type(None))):
        raise _wrong(who, number, f"a number or None for {name}")
    return Metric(name, float(number) if number is not None and math.isfinite(number) else None)


def _wrong(who: str, value: Any, wanted: str) -> PluginError:
    given = type(value).__name__
    if value is None:
        given = "None"
    elif type(value) in (str, int, float, bool):  # what else there is may have a repr of its own, of any size
        given = f"{given} {str(value)[:_SHOWN]!r}" if isinstance(value, str) else f"{given} {value}"
    return PluginError(f"{who} returned {given}: {wanted} is wanted")
