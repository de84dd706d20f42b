"""`load`: bring a model into memory."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec
from hfshell.commands.allowing import allow_option


@dataclass(frozen=True)
class LoadOptions:
    """Options of `load`."""

    source: str = argument("A folder, a Hub id, starter:NAME or run:ID", complete="model", metavar="SOURCE")
    task: str | None = option(None, "Load it with this task's head", complete="task")
    dtype: str = option(
        "float32", "Number format of the weights in memory", choices=("float32", "bfloat16", "float16")
    )
    device: str = option("auto", "Where to place it: auto, cpu, cuda, cuda:1, mps", complete="device")
    allow: tuple[str, ...] = allow_option()


COMMAND = CommandSpec(
    name="load",
    summary="Bring a model into memory",
    options=LoadOptions,
    target="hfshell.session.verbs.load:load",
    section="Models",
    description=(
        "The model stays warm under its name until `unload`; loading it twice costs nothing and shares its "
        "memory. Weights are read from safetensors only, and no code that comes with a model is run."
    ),
    examples=(
        ("base = load minilm", "the starter model, which needs no network"),
        ("router = load run:7f3a91", "the best checkpoint of an earlier run"),
        ("m = load ./my-model --dtype bfloat16", "a folder that transformers wrote"),
    ),
    verb="load",
    binds="model",
)
