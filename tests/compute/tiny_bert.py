"""A BERT of 30 thousand weights, its tokenizer and rows to train it on, made in the process."""

from __future__ import annotations

import functools
import random
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

POSITIVE = ("good", "great", "fine", "lovely", "bright", "warm")
NEGATIVE = ("bad", "awful", "poor", "dull", "cold", "grim")
NEUTRAL = ("the", "a", "film", "plot", "cast", "song", "was", "is", "very", "so", "and", "but", "it", "this")
WORDS = (*POSITIVE, *NEGATIVE, *NEUTRAL)


@functools.cache
def make_tokenizer() -> Any:
    """Return a tokenizer of whole words."""
    vocabulary = {word: index for index, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=32,
    )


def make_module(seed: int = 0, labels: int = 2, kind: str = "BertForSequenceClassification") -> Any:
    """Return a model with random weights, the same for the same seed, in eval mode."""
    config = transformers.BertConfig(
        vocab_size=len(WORDS) + 4,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return getattr(transformers, kind)(config).eval()


def make_features(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return encoded rows of different lengths; the label says which kind of word a row holds more of."""
    tokenizer, draw, features = make_tokenizer(), random.Random(seed), []
    while len(features) < count:
        words = draw.choices(WORDS, k=draw.randint(3, 14))
        score = sum((word in POSITIVE) - (word in NEGATIVE) for word in words)
        if score:
            features.append({**tokenizer(" ".join(words)), "labels": int(score > 0)})
    return features
