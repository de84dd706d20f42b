"""Names that were probably meant."""

from __future__ import annotations

import pytest

from hfshell.language import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "candidates", "expected"),
    [
        ("finetun", ["finetune", "eval"], "did you mean finetune?"),
        ("FINETUNE", ["finetune", "eval"], "did you mean finetune?"),
        ("--epoch", ["--epochs", "--seed"], "did you mean --epochs?"),
        ("modle", ["model", "models"], "did you mean model or models?"),
        ("laod", ["unload", "load"], "did you mean load?"),
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


def test_long_words_are_not_compared() -> None:
    """A pasted megabyte is no misspelling, and comparing it would take minutes."""
    assert nearest("a" * 60, ["a" * 59]) == ("a" * 59,)
    assert nearest("a" * 61, ["a" * 60]) == ()
