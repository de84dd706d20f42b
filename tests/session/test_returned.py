"""What tasks return becomes what hfshell keeps, or a fault that names the task and what is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hfshell.api import FinetuneOutcome, Metric
from hfshell.errors import PluginError
from hfshell.session import returned

OUTCOME = FinetuneOutcome(object(), "", 1.0, 10, 100, (0.5,), ({"f1": 0.5},), 1.0, 2.0, 50.0)
Measured: Any = Metric


def test_numbers_of_numpy_become_pythons() -> None:
    """So that a result can be written, and compared."""
    for given in ([Measured("accuracy", np.float32(0.5), np.float64(0.25))], {"accuracy": np.float16(0.5)}):
        (metric,) = returned.metrics(given, "task x")
        assert metric.value == 0.5
        assert type(metric.value) is float
        assert type(metric.low) in (float, type(None))
    outcome = returned.outcome(replace(OUTCOME, epochs=np.float32(1), steps=np.int64(10)), "task x")  # type: ignore[arg-type]
    assert outcome == OUTCOME
    assert (type(outcome.epochs), type(outcome.steps)) == (float, int)
    assert outcome.model is OUTCOME.model


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([Measured(5, 0.5)], "returned int 5: the name of a metric"),
        ([Measured("accuracy", "high")], "returned str 'high': a number or None for accuracy"),
        ([Measured("accuracy", 0.5, True)], "returned bool True: a number or None for accuracy"),
        ({"accuracy": float("inf")}, "returned inf for accuracy: where it is not defined, None"),
        (
            [Measured("accuracy", np.float64("nan"))],
            "returned nan for accuracy: where it is not defined, None",
        ),
        ([Metric("accuracy", 0.5), Metric("accuracy", 0.6)], "returned accuracy twice"),
    ],
)
def test_a_wrong_metric_is_told(given: Any, said: str) -> None:
    """Who reads the result must not be the one who finds it."""
    with pytest.raises(PluginError) as caught:
        returned.metrics(given, "task x (x 0.1): eval")
    assert caught.value.message.startswith(f"task x (x 0.1): eval {said}")


@pytest.mark.parametrize("wrong", [{"epochs": "x"}, {"folder": None}, {"losses": 0.5}, {"steps": object()}])
def test_a_wrong_outcome_is_told(wrong: dict[str, Any]) -> None:
    """Each field of an outcome is held against its type."""
    with pytest.raises(
        PluginError, match=r"^task x \(x 0\.1\): finetune returned a FinetuneOutcome that is none"
    ):
        returned.outcome(replace(OUTCOME, **wrong), "task x (x 0.1): finetune")
