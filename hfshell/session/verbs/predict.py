"""`predict`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hfshell.api.results import PredictionResult
from hfshell.errors import UsageError
from hfshell.session.lookup import SPLITS
from hfshell.session.measurable import shown_text
from hfshell.session.returned import prediction

if TYPE_CHECKING:
    from hfshell.api.context import Row
    from hfshell.api.specs import TaskSpec
    from hfshell.commands.predict import PredictCommandOptions
    from hfshell.session.context import CommandContext

SHOWN_CHARACTERS = 200


def predict(context: CommandContext, options: PredictCommandOptions) -> PredictionResult:
    """Use a model on texts, or on the rows of a data set."""
    session = context.session
    warm = session.warm.get(options.model, context)
    chosen = session.tasks.of_model(options.task, warm.model)
    chosen.check("predict")
    context.chosen = chosen
    rows = _rows(context, options, chosen.spec)
    began = time.perf_counter()
    task_options = chosen.options("predict", context)
    whole = chosen.predict(warm.model, rows, task_options, context)
    selected = enumerate(chosen.selected(whole, task_options), 1)
    predictions = tuple(prediction(item, row, f"{chosen.title}: select") for row, item in selected)
    return PredictionResult(
        model=options.model,
        task=chosen.spec.name,
        rows=predictions,
        inputs=tuple(_shown(shown_text(row, chosen.spec), context) for row in rows),
        seconds=time.perf_counter() - began,
    )


def _rows(context: CommandContext, options: PredictCommandOptions, spec: TaskSpec) -> Sequence[Row]:
    if context.text is not None:
        text = _text_role(spec, options)
        return [{text: line} for line in context.text.splitlines() if line.strip()]
    if not options.inputs:
        raise UsageError("predict wants a text", hint=f'predict {options.model} "…"')
    if len(options.inputs) == 1 and _names_data(context, options.inputs[0]):
        found = context.session.datasets.get(options.inputs[0], context, whole=True)
        shown = [role for role in spec.roles if not role.target]
        found.dataset.require(shown)
        return found.dataset.for_task(shown).split(found.measured_split)[: options.limit]
    text = _text_role(spec, options)
    if len(options.inputs) > 1 and _all_bare(context):
        return [{text: " ".join(options.inputs)}]
    return [{text: item} for item in options.inputs]


def _text_role(spec: TaskSpec, options: PredictCommandOptions) -> str:
    """Return the role that a text of the command line is for.

    Raises:
        UsageError: the task wants more than a text, or something else.
    """
    wanted = [role for role in spec.roles if role.required and not role.target]
    texts = [role.name for role in spec.roles if role.kind == "text" and not role.target]
    if len(wanted) > 1 or not texts:
        names = " and ".join(role.name for role in wanted) or "rows"
        raise UsageError(
            f"{spec.name} wants {names} for each row, not a text alone",
            hint=f"predict {options.model} DATA, rows of a file or a data set with these columns",
        )
    return texts[0]


def _names_data(context: CommandContext, word: str) -> bool:
    """Whether a word means data: a data set, a split, a file. In quotes it is a text."""
    if " " in word or any(item.bare is None and item.plain == word for item in context.line.words):
        return False
    name, dot, split = word.partition(".")
    if context.session.names.find(name, "data") is not None:
        return True
    return bool(dot and name) and (split in SPLITS or context.session.datasets.is_file_name(word))


def _all_bare(context: CommandContext) -> bool:
    """Whether no word was quoted or expanded: then a sentence was typed without its quotes."""
    return all(word.bare is not None for word in context.line.words)


def _shown(text: str, context: CommandContext) -> str:
    """Cut a text for a screen; a file gets all of it."""
    if context.line.redirect is not None or len(text) <= SHOWN_CHARACTERS:
        return text
    return text[: SHOWN_CHARACTERS - 1] + "…"
