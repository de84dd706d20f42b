"""Answers that a model cannot learn as they stand: counted, and said before it trains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hfshell.api import DataError, Guard, Row
from hfshell_tasks.question_answering.options import ReadingOptions
from hfshell_tasks.question_answering.windows import Passage

_AT_ONCE = 512
_SHARE = 0.99


@dataclass(frozen=True)
class _Tokens:
    """What the tokens of an answer are.

    Attributes:
        count: how many; 0 when there are none.
        is_exact: whether their text is the answer's.
    """

    count: int
    is_exact: bool


def answer_guards(rows: Sequence[Row], processor: Any, options: ReadingOptions) -> Iterator[Guard]:
    """Look at the answers that are to be learnt.

    Yields:
        `answer-offsets` where answers are of no token, or of tokens that hold more; `answer-length` where
        the longest ones are beyond what may be answered.

    Raises:
        DataError: an answer does not stand at its offset.
    """
    found = list(_tokens_of_answers(rows, processor))
    missing = sum(not tokens.count for tokens in found)
    inexact = sum(tokens.count > 0 and not tokens.is_exact for tokens in found)
    if missing or inexact:
        yield Guard(
            "answer-offsets",
            "warn",
            f"of {len(found):,} answers {missing:,} map to no token, and {inexact:,} end within one: "
            "the model cannot give them exactly",
            count=missing + inexact,
        )
    lengths = sorted(tokens.count for tokens in found)
    longest = lengths[min(int(_SHARE * len(lengths)), len(lengths) - 1)] if lengths else 0
    if longest > options.max_answer_tokens:
        beyond = sum(length > options.max_answer_tokens for length in lengths)
        yield Guard(
            "answer-length",
            "warn",
            f"{beyond:,} of {len(lengths):,} answers are longer than {options.max_answer_tokens} tokens: "
            "they will not be found whole",
            hint=f"--max-answer-tokens {longest} covers 99 % of them",
            count=beyond,
        )


def _tokens_of_answers(rows: Iterable[Row], processor: Any) -> Iterator[_Tokens]:
    """Yield what the first answer of each row is in tokens; rows without one are passed over."""
    answered = [row for row in rows if row["answers"] is not None and row["answers"]["text"]]
    for begin in range(0, len(answered), _AT_ONCE):
        part = answered[begin : begin + _AT_ONCE]
        arguments = {"add_special_tokens": False, "truncation": False, "return_offsets_mapping": True}
        texts = [row["context"] for row in part]
        for row, offsets in zip(
            part, processor(texts, verbose=False, **arguments)["offset_mapping"], strict=True
        ):
            yield _tokens(row, offsets)


def _tokens(row: Row, offsets: Sequence[tuple[int, int]]) -> _Tokens:
    text, start = row["answers"]["text"][0], row["answers"]["answer_start"][0]
    end = start + len(text)
    if row["context"][start:end] != text:
        raise DataError(f"an answer does not stand at {start:,} of its text: {text!r:.60}")
    places = Passage(0, offsets, 0).tokens_of(start, end)
    if places is None:
        return _Tokens(0, is_exact=False)
    first, last = places
    found = row["context"][offsets[first][0] : offsets[last][1]]
    return _Tokens(last - first + 1, is_exact=found.strip() == text.strip())
