"""BLEU and chrF++ against sacrebleu, its command too."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
import sacrebleu

from tests.tasks.metrics.measuring import measured, reported, value

WORDS = ("The", "dog", "runs", "through", "a", "field", ",", "and", "3.5", "men", "don't", "watch", "it", ".")


def translations(count: int = 80, characters: bool = False) -> tuple[list[str], list[str]]:
    """Return references and texts that are like them."""
    draw = random.Random(4)
    words = tuple("一只狗跑过田野而三个人看着它。") if characters else WORDS
    expected = [draw.choices(words, k=draw.randint(1, 18)) for _ in range(count)]
    answers = [[draw.choice(words) if draw.random() < 0.3 else word for word in row] for row in expected]
    joint = "" if characters else " "
    return [joint.join(row) for row in expected], [joint.join(row) for row in answers]


@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_as_the_command_of_sacrebleu_has_it(name: str, tmp_path: Path) -> None:
    """Score and signature are those that a paper would give."""
    expected, answers = translations()
    for file, lines in (("references", expected), ("system", answers)):
        (tmp_path / file).write_text("\n".join(lines) + "\n")
    words = ["--chrf-word-order", "2"] if name == "chrf" else []
    command = [sys.executable, "-m", "sacrebleu", "references", "-i", "system", "-m", name, *words, "-w", "8"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True, timeout=100)
    said = json.loads(done.stdout)
    found = measured(name, expected, answers)
    assert found.value == pytest.approx(said["score"], abs=1e-6)
    assert found.signature == said["signature"]
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high  # type: ignore[operator]


@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_several_references(name: str) -> None:
    """Rows may have as many as they like; the signature says so."""
    first, answers = translations()
    second = [text.replace("dog", "fox") for text in first]
    oracle = {
        "bleu": sacrebleu.corpus_bleu(answers, [first, second]),
        "chrf": sacrebleu.corpus_chrf(answers, [first, second], word_order=2),
    }[name]
    found = measured(name, [list(pair) for pair in zip(first, second, strict=True)], answers)
    assert found.value == pytest.approx(oracle.score, abs=1e-9)
    assert "nrefs:2" in found.signature
    some = [
        [one, other] if at % 2 else [one] for at, (one, other) in enumerate(zip(first, second, strict=True))
    ]
    assert "nrefs:var" in measured(name, some, answers).signature


def test_chinese_is_cut_into_characters() -> None:
    """Where most references are Chinese; words between spaces would be whole sentences."""
    expected, answers = translations(characters=True)
    oracle = sacrebleu.corpus_bleu(answers, [expected], tokenize="zh", force=True).score
    found = measured("bleu", expected, answers)
    assert found.value == pytest.approx(oracle, abs=1e-9)
    assert "tok:zh" in found.signature
    assert found.value != pytest.approx(sacrebleu.corpus_bleu(answers, [expected], force=True).score, abs=1)
    english, _ = translations(len(expected) + 1)
    assert "tok:13a" in measured("bleu", expected + english, answers + english).signature


def test_a_score_of_the_corpus_is_no_mean_of_rows() -> None:
    """Yet rows are graded, and the worst of them come first."""
    expected = ["the dog runs through a field", "men watch it and run"]
    answers = ["the dog runs through a field", "dogs eat the cat"]
    outcome = reported("bleu", expected, answers, "text")
    assert outcome.metrics[0].value == pytest.approx(sacrebleu.corpus_bleu(answers, [expected]).score)
    assert [row.row for row in outcome.worst] == [2]
    assert outcome.worst[0].grade == 0


@pytest.mark.parametrize("name", ["bleu", "chrf"])
def test_nothing_written_scores_nothing(name: str) -> None:
    """A model that is silent gets 0, not an error."""
    assert value(name, ["the dog runs"], [""]) == 0
