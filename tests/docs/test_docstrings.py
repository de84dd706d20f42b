"""Examples in the docstrings of what is public: Python that compiles, and names that are there."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from types import ModuleType

import pytest

import hfshell.api
import hfshell.testing

WANTED = {
    "CancelToken", "CommandSpec", "DataFormatSpec", "Guard", "HeadTask", "MetricSpec", "ModelSourceSpec",
    "ModelView", "Progress", "RendererSpec", "Result", "Role", "Task", "TaskSpec", "argument", "option",
}  # fmt: skip
"""Names that are easier to understand by an example."""


def examples(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the examples of a module's public names."""
    for name in module.__all__:
        text = inspect.cleandoc(getattr(module, name).__doc__ or "")
        for part in text.split("::\n")[1:]:
            lines = part.strip("\n").splitlines()
            end = next((index for index, line in enumerate(lines) if line and line[0] != " "), len(lines))
            yield name, textwrap.dedent("\n".join(lines[:end]))


EXAMPLES = [*examples(hfshell.api), *examples(hfshell.testing)]


@pytest.mark.parametrize(("name", "code"), EXAMPLES)
def test_example_compiles(name: str, code: str) -> None:
    """Who copies an example gets no SyntaxError."""
    assert ast.parse(code).body


def test_what_wants_an_example_has_one() -> None:
    """An example is lost by no edit."""
    assert {name for name, _ in EXAMPLES} >= WANTED
