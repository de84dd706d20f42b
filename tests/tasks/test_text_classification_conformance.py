"""The built-in tasks of single texts keep to the contract that a stranger's have to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestTextClassification(TaskConformance):
    """Text classification passes every check, with nothing excused."""

    task = "text-classification"


class TestMultiLabelClassification(TaskConformance):
    """Several labels a text pass every check, with nothing excused."""

    task = "multi-label-classification"


class TestTextRegression(TaskConformance):
    """A number a text passes every check, with nothing excused."""

    task = "text-regression"
