"""Real models that are small: random BERT and friends with a tokenizer made here, a few kilobytes each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
import transformers
from tokenizers import Tokenizer, decoders, pre_tokenizers, processors
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


@dataclass(frozen=True)
class Frame:
    """What a tokenizer puts around texts.

    Attributes:
        single: the template of a text, as `tokenizers` has it.
        pair: that of two.
        marks: more names of special pieces, `{"eos": "[SEP]"}`.
        segments: whether a model wants to know which of two texts a token is of.
        padding_side: where short texts are filled up.
    """

    single: str
    pair: str
    marks: Mapping[str, str]
    segments: bool = False
    padding_side: Literal["left", "right"] = "right"


_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")

BERT_FRAME = Frame(
    "[CLS] $A [SEP]",
    "[CLS] $A [SEP] $B:1 [SEP]:1",
    {"cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"},
    segments=True,
)

_CHAT = "{% for said in messages %}{{ said['role'] }}: {{ said['content'] }} {% endfor %}"


def tokenizer(corpus: tuple[str, ...] = CORPUS, frame: Frame = BERT_FRAME) -> Any:
    """Make a WordPiece tokenizer in BERT's manner: the corpus's words, and letters for all others."""
    words = sorted({word for text in corpus for word in text.lower().split()})
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789'.,$#"))
    pieces = [*_SPECIAL, *letters, *(f"##{letter}" for letter in letters), *words]
    vocabulary = {piece: index for index, piece in enumerate(dict.fromkeys(pieces))}
    inner = Tokenizer(token_models.WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106 - no secret
    inner.normalizer = BertNormalizer()
    inner.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    inner.decoder = decoders.WordPiece()
    inner.post_processor = processors.TemplateProcessing(
        single=frame.single, pair=frame.pair, special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    marks = {"pad": "[PAD]", "unk": "[UNK]", **frame.marks}
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner,
        model_max_length=64,
        model_input_names=["input_ids", *(["token_type_ids"] if frame.segments else []), "attention_mask"],
        padding_side=frame.padding_side,
        chat_template=_CHAT,
        **{f"{mark}_token": piece for mark, piece in marks.items()},
    )


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
