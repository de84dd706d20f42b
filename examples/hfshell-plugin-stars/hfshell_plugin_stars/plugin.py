"""What the package gives, as data: a task, two metrics, a way to show predictions. Nothing heavy here."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import MetricSpec, RendererSpec, Role, TaskSpec, hookimpl, option


@dataclass(frozen=True)
class PredictOptions:
    """What `predict` takes for this task, beside its own options."""

    half: bool = option(False, "Round to half stars")


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Give the task."""
    return [
        TaskSpec(
            name="stars",
            summary="How many stars, 1 to 5, a review deserves",
            target="hfshell_plugin_stars.task:Stars",
            roles=(Role.text(), Role.number("stars", "rating", name="stars")),
            architectures=("ForSequenceClassification",),
            metrics=("quadratic_kappa", "mean_absolute_error"),
            options={"predict": PredictOptions},
            examples=(
                "critic = finetune minilm reviews.csv --task stars",
                'predict critic "the soup was cold but the view is lovely" --half',
            ),
            api=1,
        )
    ]


@hookimpl
def hfshell_metrics() -> list[MetricSpec]:
    """Give the metrics: one of our own, one of scikit-learn's as it stands."""
    return [
        MetricSpec(
            name="quadratic_kappa",
            summary="Agreement beyond chance; being two stars off costs four times as much as one",
            target="hfshell_plugin_stars.metrics:quadratic_kappa",
            minimum=-1,
            maximum=1,
            api=1,
        ),
        MetricSpec(
            name="mean_absolute_error",
            summary="How many stars predictions are off, on average",
            target="sklearn.metrics:mean_absolute_error",
            higher_is_better=False,
            minimum=0,
            api=1,
        ),
    ]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Give the look of predictions."""
    return [RendererSpec(kind="predictions", task="stars", target="hfshell_plugin_stars.view:show", api=1)]
