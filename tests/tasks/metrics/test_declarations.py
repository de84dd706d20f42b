"""Metrics that any task may name are light to declare, and what they declare is so."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hfshell.api.counted import CountedMetric
from hfshell.plugin_host import PluginHost
from hfshell.session.custom_metrics import BUILT_IN
from hfshell_tasks.metrics import SPECS
from tests.tasks.metrics.measuring import named

HEAVY = ("torch", "numpy", "sacrebleu", "rouge_score", "nltk", "lxml", "rich")
PERFECT = {
    "entity": (("B-PER", "I-PER", "O"), ("B-PER", "I-PER", "O")),
    "token": (("B-PER", "O"), ("B-PER", "O")),
    "relation": ("Cause-Effect(e1,e2)", "Cause-Effect(e1,e2)"),
    "exact": ({"text": ["a red fox"], "answer_start": [0]}, {"answer": "The red fox!", "score": 0.9}),
    "answer": ({"text": ["a red fox"], "answer_start": [0]}, "red fox"),
}
TEXTS = ("the quick brown fox jumps", "the quick brown fox jumps")


def test_declarations_import_nothing_heavy() -> None:
    """All of the modules, too: libraries wait until something is measured."""
    modules = sorted({spec.target.partition(":")[0] for spec in SPECS})
    code = (
        f"import sys, {', '.join(modules)}; print(*sorted(set({HEAVY!r}) & set(sys.modules)), {len(modules)})"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert found.stdout.split() == ["5"]


def test_they_are_installed() -> None:
    """A task names them without naming a package, and none stands for a metric that hfshell has."""
    given = {spec.name for spec in PluginHost(third_party=False).metrics()}
    assert {spec.name for spec in SPECS} <= given
    assert not {spec.name for spec in SPECS} & BUILT_IN


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_perfect_answer_has_the_largest_value(spec: object) -> None:
    """Each name is a metric of counts that reaches its declared end and no further."""
    name, largest = spec.name, spec.maximum  # type: ignore[attr-defined]
    metric = named(name)
    assert isinstance(metric.target(), CountedMetric)
    expected, answer = PERFECT.get(name.partition("_")[0], TEXTS)
    measured = metric.measure([expected] * 3, [answer] * 3, intervals=True)
    assert measured.value == pytest.approx(largest)
    assert measured.high == measured.value
