"""Oracles of perplexity: transformers alone, one text at a time, without batches or padding."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from benchmarks.tasks.case import Evidence, Oracle

Texts = Callable[[Path], Sequence[str]]


def perplexity(texts: Texts) -> Oracle:
    """Return the oracle of the perplexity of texts: per token, word and byte.

    Each text stands alone, behind the token that begins a text where the tokenizer puts one there.

    Args:
        texts: gives them, from the folder of the sets; each must be short enough for one window.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        model, tokenizer = loaded(evidence.model)
        chosen = texts(evidence.data)[: evidence.count]
        encoded = [_ids(tokenizer, text) for text in chosen]
        # without a token that begins a text, nothing is before its first token: that has no likelihood
        said = [
            text if starts else text[_end_of_first(tokenizer, text) :]
            for text, (_, starts) in zip(chosen, encoded, strict=True)
        ]
        loss = sum(nats(model, ids, range(1, len(ids))) for ids, _ in encoded)
        return {
            "perplexity": math.exp(loss / sum(len(ids) - 1 for ids, _ in encoded)),
            "word_perplexity": math.exp(loss / sum(len(text.split()) for text in said)),
            "byte_perplexity": math.exp(loss / sum(len(text.encode()) for text in said)),
        }

    return measured


def loaded(folder: Path) -> tuple[Any, Any]:
    """Return the causal model in a folder, and its tokenizer."""
    return AutoModelForCausalLM.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)


def nats(model: Any, ids: Sequence[int], places: Iterable[int]) -> float:
    """Return the negative log-likelihood of the tokens at some places, each behind all before it.

    Raises:
        ValueError: the tokens are more than the model reads.
    """
    if len(ids) > model.config.max_position_embeddings:
        raise ValueError(f"a text of {len(ids)} tokens does not fit into one window")
    with torch.inference_mode():
        logs = model(torch.tensor([list(ids)])).logits[0].double().log_softmax(-1)
    return -sum(float(logs[place - 1, ids[place]]) for place in places)


def _ids(tokenizer: Any, text: str) -> tuple[list[int], bool]:
    """Return a text's tokens, and whether the first one begins any text."""
    bare = tokenizer(text, add_special_tokens=False)["input_ids"]
    whole = tokenizer(text)["input_ids"]
    starts = whole[: len(bare)] != bare
    return ([whole[0], *bare] if starts else bare), starts


def _end_of_first(tokenizer: Any, text: str) -> int:
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return int(offsets[0][1])
