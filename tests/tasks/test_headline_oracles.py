"""Metrics of real rows, held against scikit-learn's and SciPy's on the predictions that `predict` gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from hfshell.api import EvaluationResult, PredictionResult
from hfshell.session.session import Session
from hfshell.testing.outcome import run_script

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _label(row: Any) -> str:
    return str(row[0].label)


def _number(row: Any) -> float:
    return float(row["score"])


def _index(row: Any) -> int:
    return int(row[0].index)


def _scikit(name: str, **how: Any) -> Callable[[Sequence[Any], Sequence[Any]], float]:
    def measure(expected: Sequence[Any], answered: Sequence[Any]) -> float:
        import sklearn.metrics

        return float(getattr(sklearn.metrics, name)(expected, answered, **how))

    return measure


def _scipy(name: str) -> Callable[[Sequence[Any], Sequence[Any]], float]:
    def measure(expected: Sequence[Any], answered: Sequence[Any]) -> float:
        import scipy.stats

        return float(getattr(scipy.stats, name)(expected, answered).statistic)

    return measure


def _micro_without_other(expected: Sequence[str], answered: Sequence[str]) -> float:
    from sklearn.metrics import f1_score

    relations = sorted({*expected, *answered} - {"Other"})
    return float(f1_score(expected, answered, labels=relations, average="micro", zero_division=0))


LABELS = {
    "accuracy": _scikit("accuracy_score"),
    "macro_f1": _scikit("f1_score", average="macro"),
    "mcc": _scikit("matthews_corrcoef"),
}
NUMBERS = {
    "pearson": _scipy("pearsonr"),
    "spearman": _scipy("spearmanr"),
    "mae": _scikit("mean_absolute_error"),
}
RELATIONS = {"relation_micro_f1": _micro_without_other, "accuracy": _scikit("accuracy_score")}
CHOICES = {"accuracy": _scikit("accuracy_score")}

SETS: Mapping[str, tuple[Callable[[Any], Any], Mapping[str, Any], str]] = MappingProxyType(
    {
        "cola": (_label, LABELS, ""),
        "banking77": (_label, LABELS, ""),
        "chnsenticorp": (_label, LABELS, "--allow unknown-tokens"),
        "mrpc": (_label, LABELS, ""),
        "rte": (_label, LABELS, ""),
        "sick_nli": (_label, LABELS, ""),
        "stsb": (_number, NUMBERS, ""),
        "semeval2010_task8": (_label, RELATIONS, ""),
        "copa": (_index, CHOICES, ""),
        "commonsenseqa": (_index, CHOICES, ""),
    }
)


@pytest.mark.parametrize("name", SETS)
def test_headline_is_that_of_an_oracle(shared: Path, minilm: Path, name: str) -> None:
    """After a few steps, on forty rows of the real set: equal to four digits."""
    assert minilm.is_dir()
    read, oracles, allowed = SETS[name]
    opened = Session()
    try:
        outcome = run_script(
            opened,
            f"d = data {shared / 'data' / name} --limit 40\n"
            f"m = finetune minilm d --epochs 1 --learning-rate 3e-4 --max-length 48 {allowed}\n"
            f"e = eval m d.validation {allowed}\np = predict m d.validation {allowed}\n",
        )
        assert outcome.errors == ()
        dataset: Any = opened.names.get("d").value
        measured = next(item for item in outcome.results if isinstance(item, EvaluationResult))
        predicted = next(item for item in outcome.results if isinstance(item, PredictionResult))
        task = opened.tasks.get(measured.task)
        target = task.spec.target_role
        assert target is not None
        rows = dataset.for_task(task.spec.roles).split("validation")
        expected = [row[target.name] for row in rows]
    finally:
        opened.close()
    answered = [read(row) for row in predicted.rows]
    values = {metric.name: metric.value for metric in measured.metrics}
    assert len(answered) == measured.n > 0
    assert {metric: values[metric] for metric in oracles} == pytest.approx(
        {metric: oracle(expected, answered) for metric, oracle in oracles.items()}, abs=5e-5
    )
