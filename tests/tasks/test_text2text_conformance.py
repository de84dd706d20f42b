"""Tasks that write texts for texts keep to the contract that a stranger's have to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestSummarization(TaskConformance):
    """Summaries pass every check, with nothing excused."""

    task = "summarization"


class TestTranslation(TaskConformance):
    """Translations pass every check, with nothing excused."""

    task = "translation"


class TestText2Text(TaskConformance):
    """Texts for texts pass every check, with nothing excused."""

    task = "text2text-generation"
