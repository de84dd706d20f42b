from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hfshell.api import Metric
from hfshell.api.results import FinetuneResult
from hfshell.runs import RunRequestRecord, RunStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "data" / "runs")


@pytest.fixture
def asked() -> Callable[..., RunRequestRecord]:
    """Make requests that differ where they are told to."""

    def build(**changes: Any) -> RunRequestRecord:
        values: dict[str, Any] = {
            "task": "text-classification",
            "command": "router = finetune base tickets --epochs 3",
            "options": {"model": "base", "data": "tickets", "epochs": 3.0, "resume": None, "allow": ()},
            "model": {"source": "starter:minilm"},
            "data": {"name": "tickets", "fingerprint": "d41d8c"},
            "seed": 42,
            "name": "router",
        }
        return RunRequestRecord(**(values | changes))

    return build


@pytest.fixture
def finetuned() -> FinetuneResult:
    return FinetuneResult(
        name="router", run="7f3a91", task="text-classification", base="base", data="tickets",
        labels=("billing", "refunds"), metrics=(Metric("accuracy", 0.9, 0.8, 0.95),), measured_on="test",
        n=48, baseline=0.25, epochs=3.0, steps=36, rows=384, losses=(0.7, 0.2), validation=({"mcc": 0.9},),
        best_epoch=3.0, seconds=28.0, rows_per_second=41.0, new_head=True, folder="model",
    )  # fmt: skip
