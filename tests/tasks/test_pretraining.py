"""Pretraining from nothing on real texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.api import EvaluationResult
from hfshell.session.session import Session
from hfshell.testing.outcome import run_script


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_an_encoder_learns_more_than_how_often_words_stand(shared: Path) -> None:
    """Plays, line by line: a new tokenizer and a new model find out more than the commonest token."""
    texts = shared / "data" / "tinyshakespeare"
    opened = Session()
    try:
        outcome = run_script(
            opened,
            f"plays = data train={texts / 'train.txt'} test={texts / 'dev.txt'} --limit 6000\n"
            "base = new bert plays --vocabulary 2000 --layers 2 --length 128\n"
            "reader = finetune base plays --epochs 5 --learning-rate 2e-3\n"
            "ev = eval reader plays.test\n",
        )
    finally:
        opened.close()
    assert outcome.errors == ()
    result = next(item for item in outcome.results if isinstance(item, EvaluationResult))
    metrics = {metric.name: metric for metric in result.metrics}
    assert (metrics["masked_accuracy"].low or 0) > (metrics["unigram_accuracy"].value or 1)
