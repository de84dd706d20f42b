"""`undo`: give names back what they held."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class UndoOptions:
    """`undo` takes no words."""


COMMAND = CommandSpec(
    name="undo",
    summary="Give the names of the last line that bound or forgot some back what they held before",
    description=(
        "Said again it goes back further, twenty lines at most. Models and data come back parked, and are "
        "loaded on their next mention; a model that its task cannot save is gone once its memory was wanted. "
        "Runs and files stay as they are."
    ),
    options=UndoOptions,
    target="hfshell.session.verbs.undo:undo",
    section="Session",
    examples=(
        ("undo", "after `router = finetune …`: the router of before"),
        ("undo", "after `unload --all`: all names again"),
    ),
    binds="nothing",
)
