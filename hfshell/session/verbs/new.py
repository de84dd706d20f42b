"""`new`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from hfshell.errors import UsageError
from hfshell.models.fresh import Recipe, make
from hfshell.models.fresh_senses import SENSES
from hfshell.models.vocabularies import texts_in
from hfshell.session.loading import new_models
from hfshell.session.warm_model import summarise

if TYPE_CHECKING:
    from hfshell.api.results import ModelSummary
    from hfshell.commands.new import NewOptions
    from hfshell.data import DataSet
    from hfshell.session.context import CommandContext


def new(context: CommandContext, options: NewOptions) -> ModelSummary:
    """Make a model with random weights, bring it into memory, and bind it."""
    began = time.perf_counter()
    dataset = context.session.datasets.get(options.data, context).dataset if options.data else None
    usual = Recipe.usual(options.architecture)
    if dataset is not None and options.architecture in SENSES:
        raise UsageError(
            f"{options.architecture} reads no texts: it has no tokenizer to learn from {options.data}",
            hint=f"new {options.architecture}; `finetune` brings it to the data",
        )
    recipe = replace(
        usual,
        hidden=options.hidden,
        layers=options.layers,
        heads=options.heads,
        length=options.length or usual.length,
        seed=context.seed,
    )
    if dataset is not None:
        recipe = replace(recipe, vocabulary=options.vocabulary, data=dataset.fingerprint)
    make(new_models(), recipe, _texts(dataset) if dataset else (), context.cancelled.raise_if_set)
    warm = context.session.warm
    found = warm.load(recipe.source, None, "float32", "auto", context)
    warm.bind(context.binding, found.key)
    return summarise(context.binding or "", found, time.perf_counter() - began)


def _texts(dataset: DataSet) -> Iterator[str]:
    """Yield the texts of the training rows, of a test set those that it has."""
    splits = (dataset.train, dataset.validation, dataset.test)
    for row in next((rows for rows in splits if rows), ()):
        yield from texts_in({name: row[name] for name in row})
