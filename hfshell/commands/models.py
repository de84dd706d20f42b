"""`models`: what is in memory."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class ModelsOptions:
    """Options of `models`: none."""


COMMAND = CommandSpec(
    name="models",
    summary="List the session's models and the memory they take",
    options=ModelsOptions,
    target="hfshell.session.verbs.models:models",
    section="Models",
    examples=(("models", "name, task, size, device, state"),),
)
