"""The tasks of two texts keep to the contract that a stranger's have to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestSentencePairClassification(TaskConformance):
    """Pairs with a label pass every check, with nothing excused."""

    task = "sentence-pair-classification"


class TestSentencePairRegression(TaskConformance):
    """Pairs with a number pass every check, with nothing excused."""

    task = "sentence-pair-regression"
