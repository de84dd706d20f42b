"""Multiple choice: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.multiple_choice.options import EvalOptions, PredictOptions

_HERE = "hfshell_tasks.multiple_choice"

SPEC = TaskSpec(
    name="multiple-choice",
    summary="Which of several choices is right: common sense, endings, exams",
    target=f"{_HERE}.task:MultipleChoice",
    roles=(
        Role.text(
            *("question", "ctx", "premise", "goal", "sentence", "prompt", "query", "stem", "text"),
            name="question",
            required=False,
        ),
        Role.choices(),
        Role.index(),
        Role.text("context", "article", "passage", "support", name="context", required=False),
    ),
    architectures=("ForMultipleChoice", "ForCausalLM", "LMHeadModel"),
    metrics=("accuracy",),
    options={"predict": PredictOptions, "eval": EvalOptions},
    assumed=False,
    examples=(
        "sense = finetune minilm copa",
        'predict sense "The glass fell, so" --choices "it broke." --choices "it flew."',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Say how choices look."""
    return [RendererSpec("predictions", f"{_HERE}.render:show_choices", task=SPEC.name)]
