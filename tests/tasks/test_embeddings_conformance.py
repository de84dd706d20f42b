"""The tasks of vectors keep to the contract that a stranger's tasks have to keep."""

from __future__ import annotations

from hfshell.testing import TaskConformance


class TestFeatureExtraction(TaskConformance):
    """Vectors pass every check."""

    task = "feature-extraction"


class TestSentenceSimilarity(TaskConformance):
    """Scored pairs pass every check."""

    task = "sentence-similarity"


class TestRetrieval(TaskConformance):
    """Queries and documents pass every check."""

    task = "retrieval"
