"""What is imported ahead costs the collector of garbage nothing; what a user loaded stays in its sight."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from hfshell import Session


@pytest.mark.parametrize("line", ["", "m = load {}", "load {}"], ids=["nothing", "bound", "warm alone"])
def test_the_libraries_are_passed_over_and_a_model_is_not(tiny_model: Path, line: str) -> None:
    """A model that is loaded before the imports are done is given back as any other."""
    with Session(config=False) as session:
        session.run(line.format(tiny_model))
        before = gc.get_freeze_count()
        session.preload()
        assert (gc.get_freeze_count() > before) is (not line)
