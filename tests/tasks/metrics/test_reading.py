"""Exact match and F1 of answers against the definitions of the official scripts, written down anew here."""

from __future__ import annotations

import collections
import json
import random
import re
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.errors import PluginError
from tests.tasks.metrics.measuring import measured, reported, value

WORDS = (
    "the",
    "The",
    "a",
    "red",
    "fox",
    "fox,",
    "jumps",
    "over",
    "an",
    "old",
    "dog.",
    "U.S.",
    "1998",
    "état",
)


def gold(*texts: str) -> dict[str, list[Any]]:
    return {"text": list(texts), "answer_start": [0] * len(texts)}


def squad_tokens(text: str) -> list[str]:
    """Normalise as SQuAD's evaluation does, step by step."""
    lowered = text.lower()
    without = "".join(character for character in lowered if character not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", without, flags=re.UNICODE).split()


def squad(right: list[str], given: str) -> tuple[float, float]:
    """Return exact match and F1 of one answer as SQuAD v2.0 defines them."""
    candidates = [text for text in right if squad_tokens(text)] or [""]
    exact = max(float(squad_tokens(text) == squad_tokens(given)) for text in candidates)
    scores = []
    for text in candidates:
        one, other = squad_tokens(text), squad_tokens(given)
        if not one or not other:
            scores.append(float(one == other))
            continue
        same = sum((collections.Counter(one) & collections.Counter(other)).values())
        precision, recall = same / len(other), same / len(one)
        scores.append(2 * precision * recall / (precision + recall) if same else 0.0)
    return exact, max(scores)


def questions(count: int = 400) -> tuple[list[dict[str, list[Any]]], list[str]]:
    """Return random answers of a few words, some of them none, and the right ones beside them."""
    draw = random.Random(2)

    def text() -> str:
        return " ".join(draw.choices(WORDS, k=draw.randint(1, 5)))

    expected = [gold(*(text() for _ in range(draw.randint(0, 3)))) for _ in range(count)]
    answers = [
        draw.choice([*row["text"], text(), "", " ".join([*row["text"][:1], "fox"])]) for row in expected
    ]
    return expected, answers


def test_as_squad_has_it() -> None:
    """Over several right answers, none, and empty ones: the mean of what SQuAD v2.0 gives each row."""
    expected, answers = questions()
    oracle = [squad(row["text"], given) for row, given in zip(expected, answers, strict=True)]
    for place, name in enumerate(("exact_match", "answer_f1")):
        found = measured(name, expected, answers)
        assert found.value == pytest.approx(sum(pair[place] for pair in oracle) / len(oracle), abs=1e-12)
        assert found.low is not None
        assert found.high is not None
        assert found.low < found.value < found.high  # type: ignore[operator]
        assert found.signature == "SQuAD v2.0, words"


@given(st.lists(st.sampled_from(WORDS), max_size=6), st.lists(st.sampled_from(WORDS), max_size=6))
def test_overlap_has_no_side(one: list[str], other: list[str]) -> None:
    """F1 of one answer is the same when sides are changed, in 0 to 1, and no less than exact match."""
    left, right = " ".join(one), " ".join(other)
    found = value("answer_f1", [gold(left)], [right])
    assert found == value("answer_f1", [gold(right)], [left])
    assert found is not None
    assert value("exact_match", [gold(left)], [right]) <= found <= 1  # type: ignore[operator]


def test_no_answer_is_right_where_there_is_none() -> None:
    """An empty answer scores 1 there, 0 elsewhere; an answer to what has none scores 0."""
    expected = [gold(), gold(), gold("red fox")]
    answers = [{"answer": "", "score": 0.8}, {"answer": "fox", "score": 0.2}, {"answer": "", "score": 0.5}]
    for name in ("exact_match", "answer_f1"):
        outcome = reported(name, expected, answers, "answers")
        assert outcome.metrics[0].value == pytest.approx(1 / 3)
        assert (outcome.wrong, outcome.baseline) == (2, None)
        assert [row.row for row in outcome.worst] == [2, 3]


def cmrc_pieces(text: str) -> list[str]:
    """Cut a text as CMRC's evaluation does; its words of other scripts here lie between spaces."""
    pieces, word = [], ""
    for character in text.lower().strip():
        if character in "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』":
            continue
        if "\u4e00" <= character <= "\u9fa5":
            pieces += [*word.split(), character]
            word = ""
        else:
            word += character
    return [*pieces, *word.split()]


def cmrc(right: list[str], given: str) -> float:
    """Return F1 by the longest common stretch, each pair of ends looked at."""
    scores = [0.0]
    found = cmrc_pieces(given)
    for text in right:
        there = cmrc_pieces(text)
        stretches = [
            end - start
            for start in range(len(there))
            for end in range(start + 1, len(there) + 1)
            if any(there[start:end] == found[at : at + end - start] for at in range(len(found)))
        ]
        longest = max(stretches, default=0)
        scores.append(2 * longest / (len(there) + len(found)) if longest else 0.0)
    return max(scores)


def test_chinese_is_held_against_by_its_characters() -> None:
    """As CMRC 2018 has it: words of SQuAD would make every answer all right or all wrong."""
    pairs = [
        ("光荣和ω-force", "光荣和ω-force开发"),
        ("《战国无双3》", "战国无双3"),
        ("村雨城", "谜之村雨城"),
        ("2009 年 4 月", "4 月 2009 年"),
        ("任天堂", "光荣"),
        ("1998", "1998"),
    ]
    expected, answers = [gold(right) for right, _ in pairs], [given for _, given in pairs]
    oracle = [cmrc([right], given) for right, given in pairs]
    assert len(set(oracle)) > 3
    found = measured("answer_f1", expected, answers)
    assert found.value == pytest.approx(sum(oracle) / len(oracle), abs=1e-12)
    assert found.signature == "CMRC 2018, characters"
    assert value("exact_match", expected, answers) == pytest.approx(2 / 6)


@pytest.mark.parametrize("answer", [None, 3, ["red"], {"text": "red"}])
def test_what_is_no_text_is_the_tasks_fault(answer: object) -> None:
    """The hint says what is wanted."""
    with pytest.raises(PluginError, match="was answered to a question") as caught:
        value("exact_match", [gold("red")], [answer])
    assert "a text is wanted" in json.dumps(caught.value.hint)
