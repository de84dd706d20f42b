"""Zero-shot classification keeps to the contract that a stranger's task has to keep."""

from __future__ import annotations

from pathlib import Path

from hfshell.testing import TaskConformance
from hfshell.testing.tiny_bert import bert


class TestZeroShotClassification(TaskConformance):
    """It passes every check, with nothing excused."""

    task = "zero-shot-classification"

    def model(self, folder: Path) -> Path:
        """Write an encoder without a head."""
        return bert(folder, initializer_range=0.25)
