"""`save`: write a model to a folder."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class SaveOptions:
    """Options of `save`."""

    model: str = argument("A bound model, or _", complete="bound-model", metavar="MODEL")
    folder: str = argument("Where to write it", complete="folder", metavar="FOLDER")
    overwrite: bool = option(False, "Replace a model folder that is there already")


COMMAND = CommandSpec(
    name="save",
    summary="Write a model to a folder that `load` and transformers read",
    options=SaveOptions,
    target="hfshell.session.verbs.save:save",
    section="Models",
    description=(
        "Writes config, safetensors weights and tokenizer beside the target and renames them into place: "
        "a full disk or a killed process leaves no half model."
    ),
    examples=(
        ("save router ./router", "a folder"),
        ("save _ ./router --overwrite", "the last model used, over an older one"),
    ),
)
