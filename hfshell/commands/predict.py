"""`predict`: use a model."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec
from hfshell.commands.allowing import allow_option


@dataclass(frozen=True)
class PredictCommandOptions:
    """Options of `predict`."""

    model: str = argument("A bound model, a model source, or _", complete="model", metavar="MODEL")
    inputs: tuple[str, ...] = argument(
        "Texts, each in quotes; or a data set, NAME.split", default=(), complete="text", metavar="TEXT"
    )
    task: str | None = option(None, "The task, when the model does not say", complete="task")
    limit: int | None = option(None, "Only the first rows of a data set", minimum=1)
    max_length: int | None = option(None, "Longest input in tokens; the model's own without it", minimum=8)
    allow: tuple[str, ...] = allow_option()


COMMAND = CommandSpec(
    name="predict",
    summary="Use a model on texts or on a data set",
    options=PredictCommandOptions,
    target="hfshell.session.verbs.predict:predict",
    section="Work",
    description=(
        "A text of several words stands in quotes; bare words are read together as one text. With a heredoc "
        "each line is a text."
    ),
    examples=(
        ('predict router "my card was charged twice"', "one text"),
        ("predict router tickets.test > predictions.jsonl", "a whole split, to a file"),
    ),
    verb="predict",
    heredoc=True,
)
