"""Code generation keeps to the contract that a stranger's task has to keep."""

from __future__ import annotations

from typing import ClassVar

from hfshell.testing import TaskConformance


class TestCodeGeneration(TaskConformance):
    """Code generation passes every check."""

    task = "code-generation"
    options: ClassVar[dict[str, str]] = {
        "eval": "--run-code --max-new-tokens 6",
        "predict": "--max-new-tokens 6",
    }
