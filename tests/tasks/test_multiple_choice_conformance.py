"""Multiple choice keeps to the contract that a stranger's task has to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestMultipleChoice(TaskConformance):
    """Multiple choice passes every check, with nothing excused."""

    task = "multiple-choice"
