"""Options that the task adds to the commands."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import option


@dataclass(frozen=True)
class ReadingOptions:
    """How texts are read and answers chosen; for all verbs."""

    window: int = option(384, "Tokens read at once: the question, and a part of the text", minimum=16)
    overlap: int = option(128, "Tokens that a part of the text shares with the one before", minimum=0)
    max_answer_tokens: int = option(30, "Longest answer", minimum=1)
    no_answer: str = option(
        "learnt",
        "Whether a question may be left without an answer; as in the training data without it",
        choices=("learnt", "allowed", "never"),
    )
    no_answer_threshold: float = option(
        0.0,
        "How far above the best answer's the score of no answer must be: in logits, as SQuAD v2 has it, where"
        " a text is one window",
    )


@dataclass(frozen=True)
class PredictOptions(ReadingOptions):
    """Options of `predict`."""

    question: str | None = option(None, "The question of all rows", complete="text")
    context: str | None = option(None, "The text that answers all questions", complete="text")
    top_k: int = option(1, "How many answers to give for each question, the best first", minimum=1)
