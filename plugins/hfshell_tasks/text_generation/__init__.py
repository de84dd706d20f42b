"""Text generation: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.text_generation.options import EvalOptions, PredictOptions

_HERE = "hfshell_tasks.text_generation"

SPEC = TaskSpec(
    name="text-generation",
    summary="Going on with a text; perplexity of texts",
    target=f"{_HERE}.task:TextGeneration",
    roles=(
        Role.text("text", "completion", "response", "content", "document", "story", "body", target=True),
        Role.text("prompt", "context", name="prompt", required=False),
    ),
    architectures=("ForCausalLM", "LMHeadModel"),
    metrics=("perplexity", "word_perplexity", "byte_perplexity"),
    options={"eval": EvalOptions, "predict": PredictOptions},
    examples=(
        "writer = finetune story tales",
        "eval story tales.test",
        'predict story "Once upon a time" --max-new-tokens 60',
        'predict story "Once upon a time" --temperature 0.8 --top-p 0.9 --stop "The end"',
    ),
)

RENDERER = RendererSpec(kind="predictions", task="text-generation", target=f"{_HERE}.render:show")


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show texts as they are."""
    return [RENDERER]
