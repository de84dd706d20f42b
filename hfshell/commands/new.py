"""`new`: a model with random weights, to be pretrained."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class NewOptions:
    """Options of `new`. The defaults make a model that two processor cores train in minutes."""

    architecture: str = argument(
        "What to make: bert, llama, gpt2, bart, t5; vit, which sees; ast, which hears",
        metavar="ARCHITECTURE",
        complete="architecture",
    )
    data: str | None = argument(
        "Texts that its tokenizer learns from", complete="data", metavar="DATA", default=None
    )
    vocabulary: int = option(
        8000, "Most tokens that its tokenizer knows; without DATA it spells in bytes", minimum=300
    )
    hidden: int = option(128, "Size of a token's vector", minimum=8)
    layers: int = option(4, "Layers, in each stack", minimum=1)
    heads: int = option(4, "Attention heads of a layer", minimum=1)
    length: int | None = option(
        None,
        "Longest input: 512 tokens; of vit the side of a picture, 64 pixels; of ast 128 times 10 ms",
        minimum=8,
    )
    seed: int | None = option(None, "Seed of the random weights; the session's without it", minimum=0)


COMMAND = CommandSpec(
    name="new",
    summary="Make a model with random weights, to be pretrained",
    options=NewOptions,
    target="hfshell.session.verbs.new:new",
    section="Models",
    description=(
        "Its tokenizer is trained on the training rows of DATA: byte pairs over bytes, so that no text is "
        "beyond it. Until `finetune` has trained it, it predicts nothing. `new:ARCHITECTURE` is one of the "
        "usual size whose tokenizer spells in bytes, wherever a model source is wanted."
    ),
    examples=(
        ("base = new llama plays --vocabulary 2000", "a writer, its tokens learnt from the data set plays"),
        ("eye = finetune new:vit photos/", "one that sees, brought to folders of pictures"),
        ("m = finetune new:gpt2 plays.txt --task text-generation", "bytes for tokens, in one line"),
    ),
    binds="model",
)
