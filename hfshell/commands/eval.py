"""`eval`: measure a model on a split."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec
from hfshell.commands.allowing import allow_option


@dataclass(frozen=True)
class EvalOptions:
    """Options of `eval`."""

    model: str = argument("A bound model, a model source, or _", complete="model", metavar="MODEL")
    data: str = argument("A bound data set, NAME.split, or a file", complete="data", metavar="DATA")
    task: str | None = option(None, "The task, when the model does not say", complete="task")
    limit: int | None = option(None, "Measure only the first rows", minimum=1)
    max_length: int | None = option(None, "Longest input in tokens; the model's own without it", minimum=8)
    label_map: str | None = option(
        None,
        "Data labels by their model names: 0=billing,1=refunds",
        metavar="A=B,…",
        complete="label-map",
    )
    allow: tuple[str, ...] = allow_option()


COMMAND = CommandSpec(
    name="eval",
    summary="Measure a model on a data set, with intervals and a baseline",
    options=EvalOptions,
    target="hfshell.session.verbs.eval:evaluate",
    section="Work",
    description=(
        "Without a split, `test` is measured. Each score comes with the number of rows, a 95 % interval and "
        "what guessing the most frequent label would score."
    ),
    examples=(
        ("ev = eval router tickets.test", "then `expect ev.accuracy >= 0.85`"),
        ("eval router other.csv --label-map 0=billing,1=refunds", "labels by other names"),
    ),
    verb="eval",
)
