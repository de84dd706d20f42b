"""Chat: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.chat.options import EvalOptions, PredictOptions

_HERE = "hfshell_tasks.chat"

SPEC = TaskSpec(
    name="chat",
    summary="Replies in a conversation, of several turns too",
    target=f"{_HERE}.task:Chat",
    roles=(Role.messages(), Role.text("prompt", "instruction", name="prompt", required=False)),
    architectures=("ForCausalLM", "LMHeadModel"),
    metrics=("perplexity", "word_perplexity", "byte_perplexity"),
    options={"eval": EvalOptions, "predict": PredictOptions},
    assumed=False,
    self_supervised=True,
    examples=(
        "helper = finetune story talks --task chat",
        "eval helper talks.test",
        'predict helper "Where is my parcel?" --system "You are brief."',
    ),
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show replies as they are."""
    return [RendererSpec("predictions", f"{_HERE}.render:show", task=SPEC.name)]
