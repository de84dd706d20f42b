"""Answers in their texts: `…[Ada Lovelace] wrote to Babbage.  0.97`."""

from __future__ import annotations

from collections.abc import Sequence

from hfshell.api import Line, PredictionResult, Span, Stack
from hfshell_tasks.question_answering.answers import Answer

SHOWN = 20
"""Questions."""

_AROUND = 60
"""Characters before and behind an answer."""

_BETWEEN = " | "
"""What stands between a question and its text among the inputs of a result."""


def answers_in_place(result: PredictionResult) -> Stack | None:
    """Return a line an answer; None where a text is not whole, and an answer would stand beside it."""
    lines: list[Line] = []
    for prediction, shown in zip(result.rows[:SHOWN], result.inputs, strict=False):
        answers: Sequence[Answer] = prediction if isinstance(prediction, list) else [prediction]
        found = _question_and_text(shown, answers)
        if found is None:
            return None
        question, text = found
        if len(result.rows) > 1:
            lines.append(Line((Span(question, "name"),)))
        lines += [_line(answer, text) for answer in answers]
    if len(result.rows) > SHOWN:
        lines.append(Line((Span(f"the first {SHOWN} of {len(result.rows):,} are shown", "dim"),)))
    return Stack(tuple(lines)) if lines else None


def _question_and_text(shown: str, answers: Sequence[Answer]) -> tuple[str, str] | None:
    """Part an input where all answers stand in their places behind the bar."""
    at = shown.find(_BETWEEN)
    while at >= 0:
        text = shown[at + len(_BETWEEN) :]
        if all(text[answer.start : answer.end] == answer.answer for answer in answers):
            return shown[:at], text
        at = shown.find(_BETWEEN, at + 1)
    return None


def _line(answer: Answer, text: str) -> Line:
    score = Span(f"  {answer.score:.2f}", "number")
    if not answer.answer:
        return Line((Span("no answer", "dim"), score))
    before, behind = _before(text[: answer.start]), _behind(text[answer.end :])
    return Line((before, Span(answer.answer, "mark"), behind, score))


def _before(text: str) -> str:
    """Return the last words of a text."""
    flat = _flat(text)
    if len(flat) <= _AROUND:
        return flat
    _, space, words = flat[-_AROUND:].partition(" ")
    return f"…{words if space else flat[-_AROUND:]}"


def _behind(text: str) -> str:
    """Return the first words of a text."""
    flat = _flat(text)
    if len(flat) <= _AROUND:
        return flat
    words, space, _ = flat[:_AROUND].rpartition(" ")
    return f"{words if space else flat[:_AROUND]}…"


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")
