"""`help`: what there is, and how it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.local import LocalContext


@dataclass(frozen=True)
class HelpOptions:
    """Words of `help`."""

    words: tuple[str, ...] = argument(
        "A command and perhaps one of its options; a task, a setting, a bound name, a topic; all without it",
        default=(),
        complete="subject",
        metavar="WORD",
    )


COMMAND = CommandSpec(
    name="help",
    summary="List the commands, or explain one of them, or whatever else has a name",
    options=HelpOptions,
    target="hfshell.commands.help:show_help",
    where="local",
    section="Shell",
    description="At the prompt ` ?` behind any word explains that word, and F1 the one at the cursor.",
    examples=(
        ("help", "all commands"),
        ("help finetune", "one of them"),
        ("help finetune --epochs", "an option of it"),
        ("help text-classification", "a task"),
        ("help language", "how lines are written"),
    ),
    raw=True,
)


def show_help(context: LocalContext, options: HelpOptions) -> Result:
    """Explain what was named, or list all commands.

    Raises:
        UsageError: nothing has this name.
    """
    from hfshell.commands.help_pages import overview
    from hfshell.commands.help_words import explain

    return explain(context, options.words) if options.words else overview(context.commands)
