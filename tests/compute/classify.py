"""A task in the fewest lines, twelve rows for it, and a context without a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api import (
    CancelToken,
    Event,
    Features,
    Guard,
    HeadTask,
    LabelScore,
    LoadedModel,
    Metric,
    ModelView,
    Row,
)
from hfshell.compute.engine import TransformersEngine
from hfshell.errors import Refused
from hfshell.models.loading import load_model
from tests.models import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import torch

BILLING = (
    "my card was charged twice",
    "refund me my money",
    "I want my money back",
    "charged for this order",
)
DELIVERY = ("where is my parcel", "the box was broken", "delivery was late", "my parcel has not arrived")
ACCOUNT = ("change the password", "cannot log in", "my email address", "the password of my account")
LABELS = ("account", "billing", "delivery")


class Classify(HeadTask):
    """Text classification in the fewest lines."""

    name = "classify"
    auto_class: ClassVar[str] = "AutoModelForSequenceClassification"
    problem_type: ClassVar[str | None] = "single_label_classification"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        return model.tokenize([row["text"] for row in rows])

    def decode(
        self,
        logits: torch.Tensor,
        rows: Sequence[Row],
        model: ModelView,
    ) -> Iterator[LabelScore]:
        for scores in logits.softmax(-1):
            best = int(scores.argmax())
            yield LabelScore(model.labels[best], float(scores[best]))


@dataclass(frozen=True)
class Options:
    """The options of a `finetune` command."""

    epochs: float = 5.0
    learning_rate: float = 3e-3
    batch_size: int = 3
    max_length: int | None = 32


@dataclass(frozen=True)
class Data:
    """Rows in splits."""

    train: Sequence[Row]
    validation: Sequence[Row] = ()
    test: Sequence[Row] = ()
    labels: tuple[str, ...] = LABELS
    name: str = "tickets"
    fingerprint: str = "f" * 64


@dataclass
class Surroundings:
    """A context without a session; it measures accuracy."""

    artifacts: Path | None = None
    command: Any = field(default_factory=Options)
    predict_options: Any = None
    offline: bool = True
    device: str = "cpu"
    seed: int = 42
    cancelled: CancelToken = field(default_factory=CancelToken)
    resume: bool = False
    engine: TransformersEngine = field(default_factory=TransformersEngine)
    allowed: frozenset[str] = frozenset()
    events: list[Event] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)

    def told(self, **options: Any) -> Surroundings:
        """Return it, with options on its command line."""
        self.command = Options(**options)
        return self

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def measure(
        self, predictions: Sequence[Any], rows: Sequence[Row], _labels: Sequence[str]
    ) -> Sequence[Metric]:
        right = sum(best.label == row["label"] for best, row in zip(predictions, rows, strict=True))
        return (Metric("accuracy", right / len(rows)),)

    def guard(self, guard: Guard) -> None:
        if guard.severity == "refuse" and guard.name not in self.allowed:
            raise Refused(guard.name, guard.message, hint=guard.hint)
        self.guards.append(guard)


def rows() -> list[Row]:
    kinds = {"billing": BILLING, "delivery": DELIVERY, "account": ACCOUNT}
    return [{"text": text, "label": label} for label, texts in kinds.items() for text in texts]


def base_model(folder: Path) -> LoadedModel:
    """Load a base model, lively enough to learn by heart in a few steps."""
    return load_model(tiny.files(tiny.bert(folder, initializer_range=0.2, hidden_dropout_prob=0.0)))


def trained_model(folder: Path) -> LoadedModel:
    """Load a model with the task's head, read from files as a trained one is."""
    return Classify().load(tiny.files(tiny.bert(folder, labels=LABELS)), None, Surroundings())
