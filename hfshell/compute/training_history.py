"""What happened in a training run so far; it travels in each checkpoint, so that a resumed run has it all."""

from __future__ import annotations

import json
import math
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hfshell.api import Metric

HISTORY_FILE = "history.json"
_STRETCHES = 60
_SMOOTHED_OVER = 10


@dataclass(frozen=True)
class ValidationRecord:
    """Metrics measured at the end of an epoch; a metric that is not defined is absent."""

    step: int
    epoch: float
    metrics: Mapping[str, float]


@dataclass
class TrainingHistory:
    """Losses, validation and time of a run.

    Attributes:
        total_steps: optimizer steps that the whole run has.
        sums, counts: loss over equal stretches of the run, at most 60: their sums and how many steps.
        validation: oldest first.
        rows, seconds: trained on, and spent, over all sessions of the run.
        headline: the metric by which the best epoch is chosen; empty before the first validation.
        higher_is_better: which way it is better.
    """

    total_steps: int
    sums: list[float] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    validation: list[ValidationRecord] = field(default_factory=list)
    rows: int = 0
    seconds: float = 0.0
    headline: str = ""
    higher_is_better: bool = True

    def __post_init__(self) -> None:
        stretches = max(1, min(_STRETCHES, self.total_steps))
        self.sums = self.sums or [0.0] * stretches
        self.counts = self.counts or [0] * stretches
        self._micro_losses: list[float] = []
        self._recent: deque[float] = deque(maxlen=_SMOOTHED_OVER)

    def add_batch(self, loss: float, rows: int) -> None:
        """Add a batch of the step under way; its loss is already divided by the number of batches."""
        self._micro_losses.append(loss)
        self.rows += rows

    def close_step(self, step: int) -> None:
        """Add the step that ended, counted from 1."""
        loss, self._micro_losses = math.fsum(self._micro_losses), []
        stretch = min((step - 1) * len(self.sums) // self.total_steps, len(self.sums) - 1)
        self.sums[stretch] += loss
        self.counts[stretch] += 1
        self._recent.append(loss)

    def add_validation(self, step: int, epoch: float, metrics: Sequence[Metric]) -> None:
        """Add what was measured behind a step; metrics that are not defined (None, NaN) are left out."""
        if metrics:
            self.headline, self.higher_is_better = metrics[0].name, metrics[0].higher_is_better
        defined = {
            metric.name: metric.value
            for metric in metrics
            if metric.value is not None and math.isfinite(metric.value)
        }
        self.validation.append(ValidationRecord(step, epoch, defined))

    @property
    def losses(self) -> tuple[float, ...]:
        """Mean loss of each stretch that has begun."""
        return tuple(total / count for total, count in zip(self.sums, self.counts, strict=True) if count)

    @property
    def recent_loss(self) -> float | None:
        """Mean loss of the last 10 steps of this session."""
        return math.fsum(self._recent) / len(self._recent) if self._recent else None

    @property
    def newest_metrics(self) -> dict[str, float]:
        """Metrics of the newest validation; empty before the first."""
        return dict(self.validation[-1].metrics) if self.validation else {}

    def is_validated(self, step: int) -> bool:
        """Whether the state after a step was measured."""
        return any(record.step == step for record in self.validation)

    def ranked(self) -> list[ValidationRecord]:
        """Return the validations that have the headline metric, the best first, of equals the earliest."""
        sign = -1 if self.higher_is_better else 1
        measured = [record for record in self.validation if self.headline in record.metrics]
        return sorted(measured, key=lambda record: sign * record.metrics[self.headline])

    def to_json(self) -> str:
        """Return the history as it stands in a checkpoint."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, checkpoint: Path) -> TrainingHistory:
        """Read the history that a verified checkpoint holds."""
        body: dict[str, Any] = json.loads((checkpoint / HISTORY_FILE).read_text(encoding="utf-8"))
        records = [ValidationRecord(**record) for record in body.pop("validation")]
        return cls(**body, validation=records)
