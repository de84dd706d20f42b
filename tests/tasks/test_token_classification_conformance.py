"""The tagger keeps to the contract that a stranger's has to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestTokenClassification(TaskConformance):
    """Token classification passes every check, with nothing excused."""

    task = "token-classification"
