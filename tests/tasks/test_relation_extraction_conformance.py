"""Relation extraction keeps to the contract that a stranger's task has to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestRelationExtraction(TaskConformance):
    """Relation extraction passes every check, with nothing excused."""

    task = "relation-extraction"
