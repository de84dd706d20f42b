"""Real models that are small: random BERT and friends with a tokenizer made here, a few kilobytes each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, pre_tokenizers, processors
from tokenizers import models as token_models
from tokenizers.normalizers import BertNormalizer

from hfshell.models.quiet import silenced

CORPUS = (
    "my card was charged twice please refund me",
    "where is my parcel it has not arrived",
    "how do I change the password of my account",
    "the delivery was late and the box was broken",
    "I want my money back for this order",
    "cannot log in with my email address",
)


def tokenizer(corpus: tuple[str, ...] = CORPUS) -> Any:
    """Make a WordPiece tokenizer in BERT's manner: the corpus's words, and letters for all others."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = sorted({word for text in corpus for word in text.lower().split()})
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789'.,!?"))
    pieces = [*special, *letters, *(f"##{letter}" for letter in letters), *words]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    inner = Tokenizer(token_models.WordPiece(vocabulary, unk_token=special[1]))
    inner.normalizer = BertNormalizer()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = {f"{piece[1:-1].lower()}_token": piece for piece in special}
    return transformers.PreTrainedTokenizerFast(tokenizer_object=inner, model_max_length=64, **names)


def settings(vocabulary: int) -> dict[str, Any]:
    """Return what a configuration of the BERT family wants, for about twenty-five thousand weights."""
    return {
        "vocab_size": vocabulary, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": 64,
    }  # fmt: skip


def label_settings(labels: tuple[str, ...]) -> dict[str, Any]:
    """Return what a configuration wants to know of a head's labels."""
    return {
        "id2label": dict(enumerate(labels)),
        "label2id": {label: index for index, label in enumerate(labels)},
    }


def seeded(kind: Any, config: Any, seed: int = 0) -> Any:
    """Make a model with random weights, the same for the same seed, in eval mode.

    Args:
        kind: a transformers class with `_from_config`, or one of its `Auto` classes.
        config: its configuration.
        seed: of the weights; torch's own state stays as it was.
    """
    make = getattr(kind, "from_config", kind)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make(config).eval()


def bert(
    folder: Path,
    *,
    labels: tuple[str, ...] | None = None,
    dtype: torch.dtype = torch.float32,
    seed: int = 0,
    **changes: Any,
) -> Path:
    """Write a tiny random BERT: a base model, or a classifier when there are labels."""
    words = tokenizer()
    chosen = settings(len(words)) | changes
    kind = transformers.BertModel
    if labels is not None:
        kind = transformers.BertForSequenceClassification
        chosen |= {**label_settings(labels), "problem_type": "single_label_classification"}
    module = seeded(kind, transformers.BertConfig(**chosen), seed).to(dtype)
    with silenced():
        module.save_pretrained(folder)
        words.save_pretrained(folder)
    return folder
