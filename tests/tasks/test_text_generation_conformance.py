"""Text generation keeps to the contract that a stranger's task has to keep."""

from __future__ import annotations

from typing import ClassVar

from hfshell.testing import TaskConformance


class TestTextGeneration(TaskConformance):
    """Text generation passes every check."""

    task = "text-generation"
    options: ClassVar[dict[str, str]] = {"predict": "--max-new-tokens 6"}
