"""Perplexity: from sums over texts, per token, word and byte."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn.functional import cross_entropy

from hfshell.api import Likelihood, perplexities, token_losses


class _Outputs:
    logits = torch.randn(3, 5, 7, generator=torch.Generator().manual_seed(0))


def test_token_losses_are_those_of_cross_entropy() -> None:
    """Each token's loss is what torch says of it; where nothing is predicted it is 0."""
    labels = torch.tensor([[1, 2, 3, 4, 5], [-100, -100, 6, 0, -100], [3, -100, -100, -100, -100]])
    losses = token_losses(_Outputs, {"labels": labels})
    expected = cross_entropy(_Outputs.logits[:, :-1].transpose(1, 2), labels[:, 1:], reduction="none")
    assert losses.shape == labels.shape
    assert torch.allclose(losses[:, 1:], expected)
    assert losses[:, 0].tolist() == [0, 0, 0]
    assert losses[2].sum() == 0


def test_perplexity_is_over_all_texts_together() -> None:
    """Long texts weigh more than short ones: a mean of the texts' perplexities would be another number."""
    texts = [Likelihood.of("one two", 2.0, 4), Likelihood.of("drei vier fünf", 9.0, 6)]
    tokens, words, characters = perplexities(texts)
    assert (tokens.name, words.name, characters.name) == ("perplexity", "word_perplexity", "byte_perplexity")
    assert tokens.value == pytest.approx(math.exp(11 / 10))
    assert words.value == pytest.approx(math.exp(11 / 5))
    assert characters.value == pytest.approx(math.exp(11 / (7 + 15)))
    assert not tokens.higher_is_better


def test_interval_holds_the_value_and_narrows_with_texts() -> None:
    """Drawn anew, many texts of two kinds agree more than a few; one text has no interval."""
    kinds = [Likelihood(2.0, 4), Likelihood(9.0, 6)]
    few, many = perplexities(kinds * 4)[0], perplexities(kinds * 800)[0]
    for metric in (few, many):
        assert metric.low is not None
        assert metric.high is not None
        assert metric.value is not None
        assert metric.low < metric.value < metric.high
    assert (many.high or 0) - (many.low or 0) < 0.2 * ((few.high or 0) - (few.low or 0))
    assert perplexities(kinds[:1])[0].low is None


def test_nothing_predicted_is_no_perplexity() -> None:
    """Without a token there is no number, rather than 1."""
    assert [metric.value for metric in perplexities([Likelihood(0.0, 0)] * 3)] == [None, None, None]
