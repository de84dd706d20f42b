"""Real models that are small: random BERT and friends with a tokenizer made here, a few kilobytes each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer, pre_tokenizers, processors
from tokenizers import models as token_models
from tokenizers.normalizers import BertNormalizer

from hfshell.api.models import ModelFolder
from hfshell.models.inspection import inspect_folder
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
    inner = Tokenizer(token_models.WordPiece(vocabulary, unk_token="[UNK]"))
    inner.normalizer = BertNormalizer()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        mask_token="[MASK]", model_max_length=64,
    )  # fmt: skip


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
    settings = {
        "vocab_size": len(words), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": 64,
    } | changes  # fmt: skip
    kind = transformers.BertModel
    if labels is not None:
        kind = transformers.BertForSequenceClassification
        settings |= {
            "id2label": dict(enumerate(labels)),
            "label2id": {label: index for index, label in enumerate(labels)},
            "problem_type": "single_label_classification",
        }
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        module = kind(transformers.BertConfig(**settings)).to(dtype)
    with silenced():
        module.save_pretrained(folder)
        words.save_pretrained(folder)
    return folder


def files(folder: Path) -> ModelFolder:
    """Inspect a folder under its own path."""
    return inspect_folder(folder, source=str(folder))


def checksum(module: torch.nn.Module) -> str:
    """Hash all weights and buffers, by name."""
    import hashlib

    digest = hashlib.sha256()
    for name, tensor in sorted(module.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().to(torch.float32).contiguous().numpy().tobytes())
    return digest.hexdigest()
