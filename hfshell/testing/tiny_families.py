"""Families of tiny models: one has the class that a head names, be it an encoder or one that writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hfshell.testing.tiny_bert import BERT_FRAME, Frame, settings
from hfshell.testing.tiny_data import CannotMakeError

SPREAD = 0.15
"""Standard deviation of random weights: with the usual 0.02 all rows would be answered alike."""

_WRITES_BEHIND = Frame("[CLS] $A", "[CLS] $A $B", {"bos": "[CLS]", "eos": "[SEP]"}, padding_side="left")
_WRITES_ANEW = Frame("[CLS] $A [SEP]", "[CLS] $A [SEP] $B [SEP]", {"bos": "[CLS]", "eos": "[SEP]"})


@dataclass(frozen=True)
class Family:
    """Models of one configuration.

    Attributes:
        configuration: name of the transformers class.
        settings: what it wants for a tiny model, by the tokenizer.
        frame: what its tokenizer puts around texts.
    """

    configuration: str
    settings: Callable[[Any], dict[str, Any]]
    frame: Frame


def _bert(words: Any) -> dict[str, Any]:
    return {**settings(len(words)), "initializer_range": SPREAD}


def _llama(words: Any) -> dict[str, Any]:
    return {
        **settings(len(words)), **_marks(words), "max_position_embeddings": 96, "num_key_value_heads": 2,
        "initializer_range": SPREAD,
    }  # fmt: skip


def _bart(words: Any) -> dict[str, Any]:
    layers = {f"{part}_{name}": value for part in ("encoder", "decoder") for name, value in _LAYERS.items()}
    return {
        **_marks(words), **layers, "vocab_size": len(words), "d_model": 32, "max_position_embeddings": 128,
        "init_std": 0.1, "tie_word_embeddings": False, "decoder_start_token_id": words.eos_token_id,
        "forced_eos_token_id": words.eos_token_id,
    }  # fmt: skip


_LAYERS = {"layers": 2, "attention_heads": 2, "ffn_dim": 64}


def _marks(words: Any) -> dict[str, Any]:
    return {f"{mark}_token_id": getattr(words, f"{mark}_token_id") for mark in ("pad", "bos", "eos")}


BERT = Family("BertConfig", _bert, BERT_FRAME)
LLAMA = Family("LlamaConfig", _llama, _WRITES_BEHIND)
BART = Family("BartConfig", _bart, _WRITES_ANEW)

_WRITERS = {"AutoModelForCausalLM": LLAMA}
"""Where BERT could serve as well, and nobody would take it."""


def family_with(auto_class: str) -> Family:
    """Return a family that has a class, `AutoModelForTokenClassification`.

    Raises:
        CannotMakeError: none of them has it, or transformers knows no such class.
    """
    import transformers

    kind = getattr(transformers, auto_class, None)
    known = getattr(kind, "_model_mapping", (getattr(kind, "config_class", None),))
    for family in (_WRITERS.get(auto_class, BERT), LLAMA, BART):
        if getattr(transformers, family.configuration) in known:
            return family
    raise CannotMakeError(
        f"the kit makes no tiny model for {auto_class}",
        hint="give a small one of your own: override `model` in your TaskConformance",
    )
