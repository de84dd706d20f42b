"""Turns of a conversation with what was read kept, and without. Prints seconds a turn, and ratios.

    python benchmarks/chat_turns.py [--turns 10] [--model FOLDER]

Without --model it is a random Llama of 6 million weights, made here: what is measured is reading, and that
costs the same whatever a model has learnt. Both conversations are the same, turn by turn, one right behind
the other, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from hfshell import Session
from hfshell.api.results import ChatReply

QUESTION = "And what about the parcel of order {number}, which was to come on Tuesday? " * 6
NEW_TOKENS = 16


def made(folder: Path) -> Path:
    """A random model that can be talked with."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    from tests.models.talking import bytes_tokenizer

    words = bytes_tokenizer(longest=16_384)
    torch.manual_seed(0)
    shape = {"hidden_size": 256, "intermediate_size": 768, "num_hidden_layers": 8, "num_attention_heads": 8}
    config = LlamaConfig(
        vocab_size=len(words), max_position_embeddings=16_384, num_key_value_heads=4, **shape
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--model")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Session() as session, Session() as other:
        model = asked.model or made(Path(folder))
        for one in (session, other):
            one.run(f"m = load {model}")
            one.run(f"chat m warm --max-new-tokens {NEW_TOKENS}")
            one.run("chat m --undo")
        print("turn  tokens  read again  kept    anew    ratio")
        for number in range(1, asked.turns + 1):
            line = f"chat m '{QUESTION.format(number=number)}' --max-new-tokens {NEW_TOKENS}"
            kept = session.run(line)
            other.conversations.forget_read(other.names.get("m").recipe["source"])
            anew = other.run(line)
            assert isinstance(kept, ChatReply)
            assert isinstance(anew, ChatReply)
            read = (kept.prompt_tokens or 0) - (kept.reused_tokens or 0)
            said = "" if kept.text == anew.text else "   other words"
            times = f"{kept.seconds:4.2f} s  {anew.seconds:4.2f} s  {anew.seconds / kept.seconds:4.1f}"
            print(f"{number:4}  {kept.prompt_tokens:6}  {read:10}  {times}{said}", flush=True)


if __name__ == "__main__":
    main()
