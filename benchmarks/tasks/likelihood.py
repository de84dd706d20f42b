"""Oracles of perplexity: transformers alone, one text at a time, without batches or padding."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

from benchmarks.tasks import gold
from benchmarks.tasks.case import Evidence, Oracle

Texts = Callable[[Path], Sequence[str]]


def perplexity(texts: Texts) -> Oracle:
    """Return the oracle of the perplexity of texts: per token, word and byte.

    Each text stands alone, behind the token that begins a text where the tokenizer puts one there.

    Args:
        texts: gives them, from the folder of the sets; each must be short enough for one window. Blank
            ones count as rows, and have no tokens.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        model, tokenizer = _loaded(evidence.model, AutoModelForCausalLM)
        chosen = [text for text in texts(evidence.data)[: evidence.count] if text.strip()]
        encoded = [_ids(tokenizer, text) for text in chosen]
        # without a token that begins a text, nothing is before its first token: that has no likelihood
        said = [
            text if starts else text[_end_of_first(tokenizer, text) :]
            for text, (_, starts) in zip(chosen, encoded, strict=True)
        ]
        loss = math.fsum(_nats(model, ids) for ids, _ in encoded)
        return {
            "perplexity": math.exp(loss / sum(len(ids) - 1 for ids, _ in encoded)),
            "word_perplexity": math.exp(loss / sum(len(text.split()) for text in said)),
            "byte_perplexity": math.exp(loss / sum(len(text.encode()) for text in said)),
        }

    return measured


def replies(file: str) -> Oracle:
    """Return the oracle of the perplexity of what an assistant says, by the plain template.

    Names stand on lines of their own, and an end behind each reply, which is not counted. Of what is longer
    than a window, each next window begins with the last half of the one before it.

    Args:
        file: with `messages`, under the folder of the sets.
    """

    def measured(evidence: Evidence) -> Mapping[str, float]:
        model, tokenizer = _loaded(evidence.model, AutoModelForCausalLM)
        losses, texts = [], []
        for row in gold.records(evidence.data / file)[: evidence.count]:
            text, spans = _rendered(row["messages"], tokenizer)
            encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
            places = {
                number
                for number, (start, end) in enumerate(encoded["offset_mapping"])
                if any(first <= start and end <= last for first, last in spans)
            }
            losses += _slid(model, encoded["input_ids"], places)
            texts.append(" ".join(one["content"] for one in row["messages"] if one["role"] == "assistant"))
        whole = math.fsum(losses)
        return {
            "perplexity": math.exp(whole / len(losses)),
            "word_perplexity": math.exp(whole / sum(len(text.split()) for text in texts)),
            "byte_perplexity": math.exp(whole / sum(len(text.encode()) for text in texts)),
        }

    return measured


def pseudo_perplexity(texts: Texts) -> Oracle:
    """Return the oracle of the perplexity of each token behind a mask, all others seen."""

    def measured(evidence: Evidence) -> Mapping[str, float]:
        model, tokenizer = _loaded(evidence.model, AutoModelForMaskedLM)
        chosen = [text for text in texts(evidence.data)[: evidence.count] if text.strip()]
        losses = []
        for text in chosen:
            ids = tokenizer(text)["input_ids"]
            for place in range(1, len(ids) - 1):
                hidden = [*ids[:place], tokenizer.mask_token_id, *ids[place + 1 :]]
                losses.append(-float(_logs(model, hidden)[place, ids[place]]))
        words = sum(len(text.split()) for text in chosen)
        return {
            "pseudo_perplexity": math.exp(math.fsum(losses) / len(losses)),
            "pseudo_word_perplexity": math.exp(math.fsum(losses) / words),
        }

    return measured


def _loaded(folder: Path, kind: Any) -> tuple[Any, Any]:
    return kind.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)


def _logs(model: Any, ids: Sequence[int]) -> torch.Tensor:
    """Return log-probabilities, shape (tokens, vocabulary)."""
    with torch.inference_mode():
        logits: torch.Tensor = model(torch.tensor([list(ids)])).logits[0]
    return logits.double().log_softmax(-1)


def _nats(model: Any, ids: Sequence[int]) -> float:
    """Return the negative log-likelihood of all tokens but the first.

    Raises:
        ValueError: they are more than the model reads.
    """
    if len(ids) > model.config.max_position_embeddings:
        raise ValueError(f"a text of {len(ids)} tokens does not fit into one window")
    logs = _logs(model, ids)
    return -math.fsum(float(logs[place - 1, ids[place]]) for place in range(1, len(ids)))


def _slid(model: Any, ids: Sequence[int], places: set[int]) -> list[float]:
    """Return the negative log-likelihood of the tokens at some places, each in the first window that has it.

    The first token begins all windows.
    """
    longest = model.config.max_position_embeddings
    losses, start, done = [], 1, 1
    while done < len(ids):
        end = min(start + longest - 1, len(ids))
        logs = _logs(model, [ids[0], *ids[start:end]])
        losses += [-float(logs[place - start, ids[place]]) for place in range(done, end) if place in places]
        start, done = end - longest // 2, end
    return losses


def _rendered(messages: Sequence[Mapping[str, str]], tokenizer: Any) -> tuple[str, list[tuple[int, int]]]:
    """Return a conversation as one text, and where replies stand in it."""
    text, spans = str(tokenizer.bos_token), []
    for message in messages:
        text += f"{message['role'].capitalize()}:\n"
        start = len(text)
        text += message["content"].strip()
        if message["role"] == "assistant":
            spans.append((start, len(text)))
            text += str(tokenizer.eos_token)
        text += "\n"
    return text, spans


def _ids(tokenizer: Any, text: str) -> tuple[list[int], bool]:
    """Return a text's tokens, and whether the first one begins any text."""
    bare = tokenizer(text, add_special_tokens=False)["input_ids"]
    whole = tokenizer(text)["input_ids"]
    starts = whole[: len(bare)] != bare
    return ([whole[0], *bare] if starts else bare), starts


def _end_of_first(tokenizer: Any, text: str) -> int:
    offsets = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return int(offsets[0][1])
