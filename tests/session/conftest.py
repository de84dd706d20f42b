"""A tiny model and a small table that can be learnt, for sessions."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from tests.models.tiny import bert

TOPICS = {
    "billing": ("card", "charged", "twice", "refund", "money"),
    "delivery": ("parcel", "delivery", "late", "box", "broken"),
    "account": ("change", "password", "account", "log", "email"),
}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT of thirty thousand weights, as a model folder."""
    return bert(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred and fifty messages in three queues, as a csv file."""
    draw = random.Random(7)
    path = tmp_path_factory.mktemp("data") / "messages.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["message", "queue"])
        for number in range(150):
            queue = list(TOPICS)[number % 3]
            words = draw.choices(TOPICS[queue], k=draw.randint(4, 9))
            writer.writerow([f"{' '.join(words)} {number}", queue])
    return path
