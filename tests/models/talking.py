"""A tiny random model that can be talked with: a Llama that spells in bytes, so that no text is unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}{{ '\n' }}{{ message['content'] }}"
    "<|im_end|>{{ '\n' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant{{ '\n' }}{% endif %}"
)


def bytes_tokenizer(template: str | None = CHATML, *, begins: bool = False, longest: int = 400) -> Any:
    """A tokenizer that spells in bytes, with some control tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: number for number, piece in enumerate([*special, *alphabet])}
    inner = Tokenizer(models.BPE(vocabulary, []))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    if begins:
        inner.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    made = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        additional_special_tokens=special[3:],
        model_max_length=longest,
    )
    made.chat_template = template
    return made


def talker(folder: Path, *, longest: int = 400, seed: int = 0) -> Path:
    """Write the model to a folder. It has a chat template, and writes letters alone."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    words = bytes_tokenizer(longest=longest)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=longest,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
    )
    model = LlamaForCausalLM(config)
    letters = {words.convert_tokens_to_ids(letter) for letter in "abcdefghijklmnopqrstuvwxyz"}
    with torch.no_grad():
        for token in range(len(words)):
            if token not in letters:
                model.lm_head.weight[token] = 0
        model.lm_head.weight *= 8
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    return folder
