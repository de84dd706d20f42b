"""`predict`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from hfshell.api.results import PredictionResult, SubPrompt
from hfshell.api.roles import TYPED
from hfshell.checking.disk import exists, path_of
from hfshell.errors import UsageError
from hfshell.session.line_by_line import sub_prompt_for
from hfshell.session.lookup import SPLITS
from hfshell.session.measurable import shown_text
from hfshell.session.predicting import predicted

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.roles import Role
    from hfshell.api.specs import TaskSpec
    from hfshell.commands.predict import PredictCommandOptions
    from hfshell.data import DataSet
    from hfshell.session.context import CommandContext

SHOWN_CHARACTERS = 200
WHOLE_ROWS = 20
WHOLE_CHARACTERS = 20_000
"""Of the rows that a screen has room for: an entity, or an answer, is shown in its place."""


def predict(context: CommandContext, options: PredictCommandOptions) -> PredictionResult | SubPrompt:
    """Use a model on texts, or on the rows of a data set; at the prompt, open a prompt for texts."""
    session = context.session
    warm = session.warm.get(options.model, context)
    chosen = session.tasks.of_model(options.task, warm.model)
    chosen.check("predict")
    context.chosen = chosen
    task_options = chosen.options("predict", context)
    given = _given(chosen.spec, task_options)
    if opened := sub_prompt_for(context, options, chosen.spec, given):
        return opened
    rows = _rows(context, options, chosen.spec, given)
    began = time.perf_counter()
    predictions = predicted(chosen, warm, rows, task_options, context)
    return PredictionResult(
        model=options.model,
        task=chosen.spec.name,
        rows=predictions,
        inputs=tuple(
            _shown(shown_text(row, chosen.spec), context, number) for number, row in enumerate(rows)
        ),
        seconds=time.perf_counter() - began,
    )


def _given(spec: TaskSpec, options: Any) -> dict[str, Any]:
    """Return what the task's own options say of roles: `--context` of a role called context."""
    names = [role.name for role in spec.roles if not role.target]
    values = {name: getattr(options, name, None) for name in names}
    return {name: value for name, value in values.items() if value not in (None, ())}


def _rows(
    context: CommandContext, options: PredictCommandOptions, spec: TaskSpec, given: Mapping[str, Any]
) -> Sequence[Row]:
    """Return the rows to predict: typed texts, or those of a data set; what options say is in each."""
    if context.text is not None:
        text = _text_role(spec, options, given)
        return [{**given, text: line} for line in context.text.splitlines() if line.strip()]
    asked = [role for role in spec.roles if not role.target]
    if not options.inputs:
        if (given or not asked) and all(role.name in given for role in asked if role.required):
            return [given]
        raise UsageError("predict wants a text", hint=f'predict {options.model} "…"')
    if len(options.inputs) == 1 and _names_data(context, options.inputs[0], spec):
        found = context.session.datasets.get(options.inputs[0], context, whole=True)
        context.labels = found.dataset.for_task(spec.roles).labels
        shown = [role for role in spec.roles if not role.target]
        if not _has_text_instead(found.dataset.for_task(shown), spec, given):
            needed = [role for role in shown if role.name not in given]
            context.session.datasets.require(found.dataset, needed)
        rows = found.dataset.for_task(shown).split(found.measured_split)[: options.limit]
        return [{**row, **given} for row in rows] if given else rows
    text = _text_role(spec, options, given)
    is_prose = any(role.name == text and role.kind == "text" for role in spec.roles)
    if is_prose and len(options.inputs) > 1 and _all_bare(context):
        return [{**given, text: " ".join(options.inputs)}]
    return [{**given, text: item} for item in options.inputs]


def _is_needed(role: Role) -> bool:
    return role.required and not role.target


def _has_text_instead(dataset: DataSet, spec: TaskSpec, given: Mapping[str, Any]) -> bool:
    """Whether rows lack the one role that is needed, and hold a text that could be typed instead of it."""
    needed = [role for role in spec.roles if _is_needed(role) and role.name not in given]
    texts = [role for role in spec.roles if role.kind == "text" and not (role.target or role.required)]
    lacks = len(needed) == 1 and dataset.roles.column(needed[0].name) is None
    return lacks and any(dataset.roles.column(role.name) for role in texts)


def _text_role(spec: TaskSpec, options: PredictCommandOptions, given: Mapping[str, Any]) -> str:
    """Return the role that a text of the command line is for.

    Raises:
        UsageError: the task wants more than a text, or something else.
    """
    open_roles = [role for role in spec.roles if not role.target and role.name not in given]
    wanted = [role for role in open_roles if role.required]
    texts = [role.name for role in open_roles if role.kind in TYPED]
    if len(wanted) > 1 or not texts:
        names = " and ".join(role.name for role in wanted) or "rows"
        declared = (
            {item.name for item in fields(spec.options["predict"])} if "predict" in spec.options else ()
        )
        ways = [f'--{role.name.replace("_", "-")} "…"' for role in wanted[1:] if role.name in declared]
        typed = f'predict {options.model} "…" {" ".join(ways)}' if ways else None
        rows = f"predict {options.model} DATA, rows of a file or a data set with these columns"
        raise UsageError(
            f"{spec.name} wants {names} for each row, not a text alone",
            hint=f"{typed}   or   {rows}" if typed and len(ways) == len(wanted) - 1 else rows,
        )
    return texts[0]


def _names_data(context: CommandContext, word: str, spec: TaskSpec) -> bool:
    """Whether a word means data: a data set, a split, a file, a folder. In quotes it is a text.

    A file that is there is none for a task that reads files: it is one picture, or one sound.
    """
    if " " in word or any(item.bare is None and item.plain == word for item in context.line.words):
        return False
    name, dot, split = word.partition(".")
    if context.session.names.find(name, "data") is not None:
        return True
    if bool(dot and name) and (split in SPLITS or context.session.datasets.is_file_name(word)):
        return True
    reads_files = any(role.kind == "file" and not role.target for role in spec.roles)
    return exists(word) and (path_of(word).is_dir() or not reads_files)


def _all_bare(context: CommandContext) -> bool:
    """Whether no word was quoted or expanded: then a sentence was typed without its quotes."""
    return all(word.bare is not None for word in context.line.words)


def _shown(text: str, context: CommandContext, number: int) -> str:
    """Cut a text for a screen; a file gets all of it, and whatever shows the first rows most of theirs."""
    most = WHOLE_CHARACTERS if number < WHOLE_ROWS else SHOWN_CHARACTERS
    if context.line.redirect is not None or len(text) <= most:
        return text
    return text[: most - 1] + "…"
