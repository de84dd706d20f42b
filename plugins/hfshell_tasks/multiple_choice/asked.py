"""What a row asks, and what is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.api import DataError, ModelError, Row


@dataclass(frozen=True)
class ChoiceScore:
    """A choice and its probability among the others of its row.

    Attributes:
        label: the choice.
        score: its probability, 0..1.
        index: which one it is, from 0.
    """

    label: str
    score: float
    index: int


@dataclass(frozen=True)
class Asked:
    """A row: what is asked, which may be nothing, and the choices."""

    question: str
    choices: tuple[str, ...]

    @classmethod
    def of(cls, row: Row) -> Asked:
        """Read a row; a context stands before the question.

        Raises:
            DataError: there are fewer than two choices.
        """
        choices = tuple(row.get("choices") or ())
        if len(choices) < 2:
            few = "is only one choice" if choices else "are no choices"
            raise DataError(
                f"there {few} for '{row.get('question') or ''!s:.60}'",
                hint='--choices "…" --choices "…", or rows of data that have some',
            )
        texts = (row.get("context"), row.get("question"))
        return cls(" ".join(text for text in texts if text), choices)


def ranked(choices: Sequence[str], scores: Any) -> list[ChoiceScore]:
    """Return choices with their probabilities, the best first.

    Args:
        choices: of a row.
        scores: a float tensor, one number a choice; their softmax is what is given.
    """
    found = [
        ChoiceScore(label, score, index)
        for index, (label, score) in enumerate(zip(choices, scores.softmax(dim=-1).tolist(), strict=True))
    ]
    return sorted(found, key=lambda choice: -choice.score)


def without_beginning(question: str, tokens: int, processor: Any) -> str:
    """Return a question without so many tokens at its beginning: what is asked mostly stands at its end.

    Raises:
        DataError: that would be all of it.
        ModelError: the tokenizer does not say where its tokens stand.
    """
    if not getattr(processor, "is_fast", False):
        raise ModelError(f"{type(processor).__name__} does not say where its tokens stand in a text")
    arguments = {"add_special_tokens": False, "return_offsets_mapping": True, "verbose": False}
    offsets = processor(question, **arguments)["offset_mapping"]
    if tokens >= len(offsets):
        raise too_long(question)
    return question[offsets[tokens][0] :]


def too_long(question: str) -> DataError:
    """Return the error for choices that leave no room for their question."""
    return DataError(
        f"the choices of '{question:.60}' leave no room for the question: they are never cut",
        hint="a larger --max-length, where the model reads more, or leave the row out",
    )
