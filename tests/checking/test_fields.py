"""The fields that results may have: held against what the commands really give."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from hfshell.api.results import Metric
from hfshell.checking.fields import RESULTS, fields_of, is_field
from tests.checking.place import COMMANDS, PLUGINS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", RESULTS)
def test_results_are_what_the_commands_return(name: str) -> None:
    """The table cannot go stale: it is what the functions say that they return."""
    module, _, function = COMMANDS.get(name).target.partition(":")
    work = getattr(importlib.import_module(module), function)
    assert work.__annotations__["return"] == RESULTS[name].__name__


def test_metrics_of_our_own_tasks_are_known() -> None:
    """A metric that one of our tasks gives by its name is declared, or asked for by an option."""
    fields = fields_of("eval", None, PLUGINS)
    assert fields is not None
    given = [
        name
        for path in (ROOT / "plugins").rglob("*.py")
        for name in _metrics(path.read_text(encoding="utf-8"))
    ]
    assert given
    assert [name for name in given if not is_field(name, fields)] == []


def _metrics(text: str) -> list[str]:
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    made = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == Metric.__name__]
    first = [node.args[0] for node in made if node.args]
    return [str(node.value) for node in first if isinstance(node, ast.Constant)]


def test_fields_of_a_task() -> None:
    """A task that is known narrows the metrics; its plain fields and intervals stay."""
    fields = fields_of("eval", frozenset({"text-classification"}), PLUGINS)
    assert fields is not None
    assert {"accuracy", "accuracy_low", "macro_f1_high", "n", "baseline", "seconds"} <= fields
    assert not {"chrf", "metrics", "labels", "kind"} & fields


def test_what_nobody_knows() -> None:
    """Predictions, and results of plugins' commands, may have any field."""
    assert fields_of("predict", None, PLUGINS) is None
    assert fields_of("search", None, PLUGINS) is None
    assert fields_of("eval", frozenset({"no-such-task"}), PLUGINS) is None
