"""Names that were probably meant."""

from __future__ import annotations

import time

import pytest

from hfshell.language import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("finetun", ["finetune", "eval"], "did you mean finetune?"),
        ("FINETUNE", ["finetune", "eval"], "did you mean finetune?"),
        ("--epoch", ["--epochs", "--seed"], "did you mean --epochs?"),
        ("modle", ["model", "models"], "did you mean model or models?"),
        ("zebra", ["finetune", "eval"], None),
        ("x", [], None),
        ("", ["eval"], None),
    ],
)
def test_did_you_mean(word: str, candidates: list[str], expected: str | None) -> None:
    """Near names are offered, best first, and none when none is near."""
    assert did_you_mean(word, candidates) == expected


def test_candidates_keep_their_case() -> None:
    """The name is offered as it is spelled."""
    assert nearest("hf_home", ["HF_HOME"]) == ("HF_HOME",)


def test_long_words_cost_nothing() -> None:
    """A pasted megabyte is no misspelling, and is not compared."""
    began = time.process_time()
    assert did_you_mean("a" * 1_000_000, ["a" * 1_000, "b"] * 1_000) is None
    assert time.process_time() - began < 1
