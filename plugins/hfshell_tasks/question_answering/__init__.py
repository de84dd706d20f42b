"""Question answering: its declaration. The work is in `task`, imported on first use."""

from __future__ import annotations

from hfshell.api import MetricSpec, RendererSpec, Role, TaskSpec, hookimpl
from hfshell_tasks.question_answering.options import PredictOptions, ReadingOptions

SPEC = TaskSpec(
    name="question-answering",
    summary="The passage of a text that answers a question, or that there is none",
    target="hfshell_tasks.question_answering.task:QuestionAnswering",
    roles=(
        Role.text("question", "query", name="question"),
        Role.text("context", "passage", "paragraph", "document", "text", name="context"),
        Role.answers(),
    ),
    architectures=("ForQuestionAnswering",),
    metrics=("exact_match", "answer_f1", "no_answer_accuracy"),
    options={"predict": PredictOptions, "eval": ReadingOptions, "finetune": ReadingOptions},
    examples=(
        "qa = finetune minilm manual --learning-rate 1e-4",
        "eval qa manual.test",
        'predict qa "Who wrote?" --context "Ada Lovelace wrote to Babbage."',
    ),
)
RENDERER = RendererSpec(
    kind="predictions",
    target="hfshell_tasks.question_answering.render:answers_in_place",
    task=SPEC.name,
)
METRIC = MetricSpec(
    "no_answer_accuracy",
    "Share of the questions without an answer that were answered with none",
    "hfshell_tasks.question_answering.metrics:NoAnswerAccuracy",
    minimum=0,
    maximum=1,
)


@hookimpl
def hfshell_tasks() -> list[TaskSpec]:
    """Offer the task."""
    return [SPEC]


@hookimpl
def hfshell_metrics() -> list[MetricSpec]:
    """Offer what is measured of questions without an answer."""
    return [METRIC]


@hookimpl
def hfshell_renderers() -> list[RendererSpec]:
    """Show answers in their texts."""
    return [RENDERER]
