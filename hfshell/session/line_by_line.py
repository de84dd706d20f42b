"""`predict NAME` without a text, at the prompt: each line that follows is a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from hfshell.api.results import SubPrompt
from hfshell.api.roles import TYPED
from hfshell.session.options_again import options_again

if TYPE_CHECKING:
    from hfshell.api.specs import TaskSpec
    from hfshell.commands.predict import PredictCommandOptions
    from hfshell.session.context import CommandContext


def sub_prompt_for(
    context: CommandContext, options: PredictCommandOptions, spec: TaskSpec, given: Mapping[str, Any]
) -> SubPrompt | None:
    """Return what a line opens that gives nothing to predict; None where it is to fail, or has enough.

    Args:
        context: the command's surroundings.
        options: the command's.
        spec: the task.
        given: what options say of roles.
    """
    if options.inputs or context.text is not None or not context.interactive:
        return None
    if context.line.binding or context.line.redirect:
        return None
    open_roles = [role for role in spec.roles if not role.target and role.name not in given]
    needed = [role for role in open_roles if role.required]
    typed = next((role for role in open_roles if role.kind in TYPED), None)
    if typed is None or (not needed and given):
        return None
    declared = {item.name for item in fields(spec.options["predict"])} if "predict" in spec.options else ()
    others = [role for role in needed if role is not typed]
    wanted = [role for role in others if role.name in declared]
    if len(wanted) < len(others) and typed.required:
        return None  # only rows have what is missing; a text that may stand for a row is not required
    return SubPrompt(
        command="predict",
        model=options.model,
        task=spec.name,
        options=options_again(context, without=("model", "inputs")),
        wanted=tuple(f"--{role.name.replace('_', '-')}" for role in wanted),
    )
