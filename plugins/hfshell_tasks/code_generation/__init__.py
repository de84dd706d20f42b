"""Code generation: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.code_generation.options import EvalOptions, PredictOptions

_HERE = "hfshell_tasks.code_generation"

SPEC = TaskSpec(
    name="code-generation",
    summary="Python programs for what they are to do, measured by running their tests",
    target=f"{_HERE}.task:CodeGeneration",
    roles=(
        Role.text("text", "instruction", "question", "description", "problem", name="prompt"),
        Role.text("canonical_solution", "reference_solution", "solution", "output", name="code", target=True),
        Role.texts("test_list", "test", "unit_tests", name="tests", required=False),
        Role.text("test_setup_code", "test_setup", "test_imports", name="setup", required=False),
        Role.text("entry_point", name="entry_point", required=False),
    ),
    architectures=("ForCausalLM", "LMHeadModel"),
    metrics=("pass_at_1", "perplexity"),
    options={"eval": EvalOptions, "predict": PredictOptions},
    assumed=False,
    examples=(
        'predict coder "Write a function add that adds two numbers" --task code-generation',
        "eval coder mbpp.test --task code-generation --run-code",
        "eval coder mbpp.test --task code-generation --run-code --samples 20 --k 10 --temperature 0.8",
    ),
)

RENDERER = RendererSpec(kind="predictions", task="code-generation", target=f"{_HERE}.render:show")


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show programs as they are."""
    return [RENDERER]
