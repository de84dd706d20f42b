"""Models in memory, texts to learn, and a context, for the engine's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.api import LoadedModel
from tests.compute.classify import Data, Surroundings, base_model, rows, trained_model


@pytest.fixture
def base(tmp_path: Path) -> LoadedModel:
    """A base model in memory."""
    return base_model(tmp_path / "base")


@pytest.fixture
def trained(tmp_path: Path) -> LoadedModel:
    """A model that may predict."""
    return trained_model(tmp_path / "trained")


@pytest.fixture
def data() -> Data:
    """Twelve texts that can be learnt by heart."""
    return Data(train=rows(), validation=rows())


@pytest.fixture
def context(tmp_path: Path) -> Surroundings:
    """A context with a run's folder."""
    (tmp_path / "run").mkdir()
    return Surroundings(tmp_path / "run")
