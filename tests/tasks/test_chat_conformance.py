"""Chat keeps to the contract that a stranger's task has to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestChat(TaskConformance):
    """Chat passes every check, with nothing excused."""

    task = "chat"
