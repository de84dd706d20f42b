"""Zero-shot classification: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.zero_shot.options import LabelOptions

_HERE = "hfshell_tasks.zero_shot"

SPEC = TaskSpec(
    name="zero-shot-classification",
    summary="One of any labels for each text, without training",
    target=f"{_HERE}.task:ZeroShot",
    roles=(Role.text(), Role.label()),
    architectures=("ForSequenceClassification",),
    metrics=("accuracy", "macro_f1"),
    options={"predict": LabelOptions, "eval": LabelOptions},
    capabilities=frozenset({"load", "eval", "predict"}),
    assumed=False,
    examples=(
        "zero = load minilm --task zero-shot-classification",
        'predict zero "my card was charged twice" --labels billing,delivery',
        "eval zero tickets.test",
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Say how labels with their scores look."""
    return [RendererSpec("predictions", f"{_HERE}.render:show_labels", task=SPEC.name)]
