"""The built-in task keeps to the contract that a stranger's has to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestTextClassification(TaskConformance):
    """Text classification passes every check, with nothing excused."""

    task = "text-classification"
