"""The reader keeps to the contract that a stranger's has to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestQuestionAnswering(TaskConformance):
    """Question answering passes every check, with nothing excused."""

    task = "question-answering"
