"""Answers from what a model says of each token: that an answer begins, and that it ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import Any

from hfshell_tasks.question_answering.answers import Answer
from hfshell_tasks.question_answering.options import ReadingOptions
from hfshell_tasks.question_answering.windows import Passage

KEPT = 20
"""Answers of each question, as the official SQuAD run keeps them."""


def best_answers(text: str, windows: Iterable[tuple[Passage, Any]], options: ReadingOptions) -> list[Answer]:
    """Return the best answers to a question, the best first; at least one, that there is none.

    No answer is as likely as the window says that finds it least likely, and first when it is likelier than
    the best passage by the threshold.

    Args:
        text: what the windows are parts of.
        windows: each with the logits of its tokens, shape (tokens, 2): begin and end.
        options: longest answer, and when there is none.
    """
    found: dict[tuple[int, int], float] = {}
    nothing = 0.0
    for passage, logits in windows:
        begins, ends = _logs(passage, logits)
        nothing = min(nothing, float(begins[-1] + ends[-1]))
        for score, start, end in _spans(begins[:-1], ends[:-1], options.max_answer_tokens):
            span = _trimmed(text, passage.offsets[start][0], passage.offsets[end][1])
            found[span] = max(score, found.get(span, score))
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[:KEPT]
    answers = [Answer(text[start:end], exp(score), start, end) for (start, end), score in best if start < end]
    if options.no_answer == "never" and answers:
        return answers
    empty = Answer("", exp(nothing), 0, 0)
    wins = not best or nothing - best[0][1] > options.no_answer_threshold
    return [empty, *answers] if wins else _ranked([*answers, empty])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the spaces at its ends: some tokenizers count that before a word to it."""
    found = text[start:end]
    return start + len(found) - len(found.lstrip()), start + len(found.rstrip())


def _ranked(answers: Sequence[Answer]) -> list[Answer]:
    """Keep the first answer first, and the others by their scores."""
    first, *others = answers
    return [first, *sorted(others, key=lambda item: -item.score)]


def _logs(passage: Passage, logits: Any) -> tuple[Any, Any]:
    """Return logarithms of the probabilities of the text's tokens, and behind them that of no answer."""
    import torch

    places = [*range(passage.first, passage.first + len(passage.offsets)), passage.null]
    scores = torch.log_softmax(logits[places].double(), dim=0)
    return scores[:, 0], scores[:, 1]


def _spans(begins: Any, ends: Any, longest: int) -> list[tuple[float, int, int]]:
    """Return the best spans of at most so many tokens: score, first and last token."""
    import torch

    count = len(begins)
    if not count:
        return []
    scores = begins[:, None] + ends[None, :]
    allowed = torch.ones(count, count, dtype=torch.bool).triu().tril(longest - 1)
    scores = scores.masked_fill(~allowed, -torch.inf).flatten()
    values, places = scores.topk(min(KEPT, int(allowed.sum())))
    return [
        (score, *divmod(place, count)) for score, place in zip(values.tolist(), places.tolist(), strict=True)
    ]
