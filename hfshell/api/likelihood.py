"""How likely a model holds texts: the loss of each token, and perplexity over tokens, words and bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from hfshell.api.features import IGNORED, logits_of
from hfshell.api.graded import Graded
from hfshell.api.resampling import Pair, ratio, ratio_interval
from hfshell.api.results import Metric


def token_losses(outputs: Any, batch: Mapping[str, Any]) -> Any:
    """Return the negative log-likelihood of each token that a causal model was to predict, in nats.

    Args:
        outputs: of the model, with logits of shape (features, tokens, vocabulary).
        batch: with `labels`, -100 where nothing is to be predicted.

    Returns:
        A float32 tensor of shape (features, tokens), on the outputs' device; 0 where there is no target,
        as at the first token, which has nothing before it.
    """
    logits, labels = logits_of(outputs)[:, :-1].float(), batch["labels"][:, 1:]
    chosen = logits.gather(-1, labels.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    losses = batch["labels"].new_zeros(batch["labels"].shape, dtype=logits.dtype)
    losses[:, 1:] = (logits.logsumexp(-1) - chosen).masked_fill(labels == IGNORED, 0.0)
    return losses


@dataclass(frozen=True)
class Likelihood:
    """How likely a model holds one text.

    Attributes:
        loss: sum of the negative log-likelihoods of its tokens, in nats.
        tokens: how many were predicted.
        words: of the text that they are, between blanks.
        bytes: of the same, in UTF-8.
    """

    loss: float
    tokens: int
    words: int = 0
    bytes: int = 0

    @classmethod
    def of(cls, text: str, loss: float, tokens: int) -> Likelihood:
        """Return that of a text, its words and bytes counted."""
        return cls(loss, tokens, len(text.split()), len(text.encode("utf-8", "surrogatepass")))


def graded_perplexities(texts: Sequence[Likelihood | None], signature: str = "", *, seed: int = 0) -> Graded:
    """Return what `perplexities` does, with the perplexity of each row: the hardest are shown first.

    Args:
        texts: one a row; None for a row that is not measured.
        signature: how texts were read, for whoever compares.
        seed: of the draws.
    """
    found = perplexities([text for text in texts if text is not None], signature, seed=seed)
    grades = [None if text is None else _perplexity([(text.loss, text.tokens)]) for text in texts]
    return Graded(found, grades, higher_is_better=False)


def perplexities(texts: Sequence[Likelihood], signature: str = "", *, seed: int = 0) -> list[Metric]:
    """Return perplexity per token, the headline, per word and per byte; each over all texts together.

    Those per word and per byte compare models with different tokenizers. The 95 % intervals are of texts
    drawn anew (bootstrap); one text has none.

    Args:
        texts: one a row.
        signature: how texts were read, for whoever compares.
        seed: of the draws.
    """
    names = {"perplexity": "tokens", "word_perplexity": "words", "byte_perplexity": "bytes"}
    return [_metric(name, texts, unit, signature, seed) for name, unit in names.items()]


def _metric(name: str, texts: Sequence[Likelihood], unit: str, signature: str, seed: int) -> Metric:
    units = list(map(attrgetter(unit), texts))
    pairs: list[Pair] = [(text.loss, count) for text, count in zip(texts, units, strict=True)]
    low, high = ratio_interval(pairs, seed=seed, of=_perplexity)
    return Metric(name, _perplexity(pairs), low, high, higher_is_better=False, signature=signature)


def _perplexity(pairs: Sequence[Pair]) -> float | None:
    mean = ratio(pairs)
    if mean is None:
        return None
    try:
        return math.exp(mean)
    except OverflowError:
        return math.inf
