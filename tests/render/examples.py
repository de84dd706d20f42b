"""Results as a session makes them."""

from __future__ import annotations

from hfshell.api.results import (
    DataSample,
    DataSummary,
    EvaluationResult,
    Finding,
    FinetuneResult,
    LabelCount,
    LabelReport,
    LabelScore,
    Metric,
    PredictionResult,
    RoleFound,
    SplitSummary,
    WrongRow,
)

LABELS = ("billing", "refunds", "account")
ACCURACY = Metric("accuracy", 0.943, 0.901, 0.968)
CONFUSION = ((44, 2, 0), (1, 39, 3), (0, 5, 98))


def evaluation(
    labels: tuple[str, ...] = LABELS,
    confusion: tuple[tuple[int, ...], ...] = CONFUSION,
    accuracy: Metric = ACCURACY,
    baseline: float | None = 0.536,
) -> EvaluationResult:
    """A model measured on the test split."""
    supports = [sum(row) for row in confusion]
    right = sum(row[index] for index, row in enumerate(confusion))
    n = sum(supports)
    return EvaluationResult(
        model="router",
        data="tickets",
        split="test",
        task="text-classification",
        run="7f3a91",
        n=n,
        metrics=(accuracy, Metric("macro_f1", 0.935), Metric("ece", None)),
        baseline=baseline,
        labels=labels,
        per_label=tuple(
            LabelReport(label, 0.91, None, round(0.5 + index / 100, 2), support)
            for index, (label, support) in enumerate(zip(labels, supports, strict=True))
        ),
        confusion=confusion,
        wrong=n - right,
        worst=(
            WrongRow(87, "refund my refund", "billing", "refunds", 0.98),
            WrongRow(9, "where is it\nplease", "account", "refunds", 0.71),
        ),
        seconds=3.2,
        rows_per_second=61.0,
    )


def finetune(**changes: object) -> FinetuneResult:
    """A finished run."""
    fields: dict[str, object] = {
        "name": "router",
        "run": "7f3a91",
        "task": "text-classification",
        "base": "base",
        "data": "tickets",
        "labels": LABELS,
        "metrics": (Metric("accuracy", 0.917, 0.85, 0.96), Metric("macro_f1", 0.91)),
        "measured_on": "validation",
        "n": 64,
        "baseline": 0.25,
        "epochs": 3.0,
        "steps": 96,
        "rows": 1536,
        "losses": (1.9, 1.1, 0.6, 0.213),
        "validation": ({"accuracy": 0.7}, {"accuracy": 0.95}, {"accuracy": 0.917}),
        "best_epoch": 2.0,
        "seconds": 28.2,
        "rows_per_second": 41.2,
        "new_head": True,
        "folder": "runs/7f3a91",
    }
    return FinetuneResult(**(fields | changes))  # type: ignore[arg-type]


def predictions(count: int = 1) -> PredictionResult:
    """Predictions of one label set, one a row."""
    rows = tuple([LabelScore("billing", 0.94), LabelScore("refunds", 0.04)] for _ in range(count))
    inputs = tuple(f"text number {number}" for number in range(1, count + 1))
    return PredictionResult(model="router", task="text-classification", rows=rows, inputs=inputs, seconds=0.1)


def data_summary(**changes: object) -> DataSummary:
    """A data set as it was read."""
    fields: dict[str, object] = {
        "name": "tickets",
        "source": "tickets.csv",
        "rows": 1480,
        "splits": (SplitSummary("train", 1184), SplitSummary("validation", 148), SplitSummary("test", 148)),
        "how": "stratified, seed 42",
        "columns": ("id", "message", "queue"),
        "roles": (RoleFound("text", "message", "values"), RoleFound("label", "queue", "name")),
        "labels": tuple(LabelCount(f"label{number}", number * 10) for number in range(1, 12)),
        "audit": (Finding("duplicates", "warn", "2 texts stood in both train and test", 2),),
        "tasks": ("text-classification",),
        "fingerprint": "abc",
        "seconds": 0.2,
    }
    return DataSummary(**(fields | changes))  # type: ignore[arg-type]


def sample() -> DataSample:
    """Two rows of a split."""
    rows = (
        {"text": "where is my parcel, I have been waiting for nine days\nplease", "label": "delivery"},
        {"text": "charged twice", "label": "billing"},
    )
    return DataSample(name="tickets", split="test", total=148, rows=rows)
