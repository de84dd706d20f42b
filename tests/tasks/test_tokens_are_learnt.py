"""Tiny models that know nothing learn what stands where: labels at the wrong tokens could not be learnt."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hfshell.testing import Outcome
from hfshell.testing.tiny_bert import bert

Run = Callable[..., Outcome]

THINGS = ("my card", "order", "the broken box", "parcel", "qux", "zim zam")
PLACES = ("account", "my address", "email", "vex", "ply fro")
OTHERS = ("was", "late", "and", "it", "has", "charged", "twice", "please", "want", "back", "how", "do")


def tagged(draw: random.Random) -> Mapping[str, Any]:
    """Make words in any order, of which things and places are tagged; some are of several pieces."""
    parts = [draw.choice((*THINGS, *PLACES, *OTHERS)) for _ in range(draw.randint(3, 7))]
    tokens: list[str] = []
    tags: list[str] = []
    for part in parts:
        words = part.split()
        kind = "THING" if part in THINGS else "PLACE" if part in PLACES else ""
        tokens += words
        tags += [f"{'I' if place else 'B'}-{kind}" if kind else "O" for place in range(len(words))]
    return {"tokens": tokens, "tags": tags}


def asked(draw: random.Random) -> Mapping[str, Any]:
    """Make a text with a thing and, mostly, a place, and a question for one of them."""
    words = [draw.choice(OTHERS) for _ in range(draw.randint(3, 8))]
    thing, place = draw.choice(THINGS[:4]), draw.choice(PLACES[:3])
    words.insert(draw.randint(0, len(words)), thing)
    if draw.random() < 0.8:
        words.insert(draw.randint(0, len(words)), place)
    context = " ".join(words)
    question, wanted = draw.choice((("what", thing), ("where", place)))
    found = context.find(wanted)
    answers = {"text": [wanted], "answer_start": [found]} if found >= 0 else {"text": [], "answer_start": []}
    return {"question": question, "context": context, "answers": answers}


@pytest.fixture
def learn(run_hfsh: Run, tmp_path: Path) -> Callable[..., Outcome]:
    """Train a tiny random model on rows, and measure it on others."""

    def run(make: Callable[[random.Random], Mapping[str, Any]], rows: int, epochs: int) -> Outcome:
        draw = random.Random(3)
        _write([make(draw) for _ in range(rows)], tmp_path / "rows.jsonl")
        bert(tmp_path / "base", initializer_range=0.1)
        outcome = run_hfsh(
            f"""
            d = data {tmp_path / "rows.jsonl"} --validation 0.1 --test 0.15
            m = finetune {tmp_path / "base"} d --epochs {epochs} --learning-rate 4e-3
            ev = eval m d.test
            """
        )
        outcome.assert_ok()
        return outcome

    return run


@pytest.mark.slow
def test_tags_are_learnt(learn: Callable[..., Outcome]) -> None:
    """Words of one piece and of several, each with its own tag."""
    found = learn(tagged, rows=360, epochs=8)["ev"].fields()
    assert found["entity_f1"] > 0.9
    assert found["token_accuracy"] > 0.95


@pytest.mark.slow
def test_answers_are_learnt(learn: Callable[..., Outcome]) -> None:
    """From begin to end, by what is asked; and that there is none."""
    found = learn(asked, rows=500, epochs=10)["ev"].fields()
    assert found["exact_match"] > 0.9
    assert found["answer_f1"] > 0.9
    assert found["no_answer_accuracy"] > 0.5


def _write(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
