"""Tokenizers made from texts, or from the 256 bytes alone: for models that begin with nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["encoder", "causal", "encoder-decoder"]

_BYTES = 256


@dataclass(frozen=True)
class Marks:
    """Special tokens, and where a tokenizer puts them.

    Attributes:
        tokens: by their name in transformers.
        single, pair: templates around one text and around two.
    """

    tokens: dict[str, str]
    single: str
    pair: str


MARKS: dict[Kind, Marks] = {
    "encoder": Marks(
        {
            "pad_token": "[PAD]",
            "unk_token": "[UNK]",
            "cls_token": "[CLS]",
            "sep_token": "[SEP]",
            "mask_token": "[MASK]",
        },
        "[CLS] $A [SEP]",
        "[CLS] $A [SEP] $B:1 [SEP]:1",
    ),
    "causal": Marks(
        {"pad_token": "<pad>", "unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>"},
        "<s> $A",
        "<s> $A $B",
    ),
    "encoder-decoder": Marks(
        {
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "bos_token": "<s>",
            "eos_token": "</s>",
            "mask_token": "<mask>",
        },
        "<s> $A </s>",
        "<s> $A </s> $B </s>",
    ),
}


def train_tokenizer(kind: Kind, texts: Iterable[str], *, vocabulary: int, length: int) -> Any:
    """Make a tokenizer of byte pairs (Sennrich et al. 2016, over bytes as GPT-2 has them).

    No text is beyond it: what it does not know as a whole it spells in bytes.

    Args:
        kind: of the model that it is for.
        texts: what it learns its tokens from; none leave it with single bytes.
        vocabulary: most tokens that it knows, special ones and the 256 bytes among them.
        length: longest input of its model, in tokens.

    Returns:
        A transformers tokenizer.
    """
    import tokenizers
    import transformers
    from tokenizers import decoders, models, pre_tokenizers, processors, trainers

    marks = MARKS[kind]
    words = tokenizers.Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=max(vocabulary, _BYTES + len(marks.tokens)),
        special_tokens=[_marked(name, token) for name, token in marks.tokens.items()],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    words.train_from_iterator(texts, trainer)
    special = [(token, words.token_to_id(token)) for token in marks.tokens.values()]
    words.post_processor = processors.TemplateProcessing(
        single=marks.single, pair=marks.pair, special_tokens=special
    )
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=words,
        model_max_length=length,
        padding_side="left" if kind == "causal" else "right",
        clean_up_tokenization_spaces=False,
        **marks.tokens,
    )


def _marked(name: str, token: str) -> Any:
    """Return a special token; a mask takes the blank before it, as RoBERTa's does.

    A word's token holds that blank: left outside, it would be a token of its own that no text has there.
    """
    import tokenizers

    return tokenizers.AddedToken(token, lstrip=name == "mask_token", normalized=False, special=True)


def texts_in(value: Any) -> Iterable[str]:
    """Yield all texts that a row holds, whatever its columns are."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from texts_in(item)
