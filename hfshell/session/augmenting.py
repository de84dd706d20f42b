"""Ways to make new texts of texts: by chance, by a model that fills masks, by two that translate.

`METHODS` names them. A method is a function of texts, each wanted once, that returns as many: a text that it
cannot change comes back as it is.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from hfshell.data.augmentation import edited, hide
from hfshell.errors import ModelError, UsageError

if TYPE_CHECKING:
    from hfshell.commands.augment import AugmentOptions
    from hfshell.session.chosen import ChosenTask
    from hfshell.session.context import CommandContext
    from hfshell.session.warm_model import WarmModel

_PROPOSALS = 20
"""Words that a model proposes for each mask, among which one is drawn."""

_TEMPERATURE = 0.7
"""How wildly a text is translated of which several versions are wanted."""

_LONGEST, _ROOM = 512, 16
"""A translation has at most so many tokens, and hardly ever more than its text has characters."""


@dataclass(frozen=True)
class Way:
    """How new texts are made.

    Attributes:
        options: the command's own.
        context: the command's surroundings.
        draw: where chance comes from.
    """

    options: AugmentOptions
    context: CommandContext
    draw: random.Random


Method = Callable[[Sequence[str], Way], list[str]]


def by_words(texts: Sequence[str], way: Way) -> list[str]:
    """Swap words, and leave words out."""
    if way.options.model:
        raise UsageError("words are swapped without a model", hint="--method mask uses one")
    return [edited(text, way.options.rate, way.draw) for text in texts]


def by_masks(texts: Sequence[str], way: Way) -> list[str]:
    """Hide words, and put others in their place that a model finds likely there."""
    chosen, warm = _task("fill-mask", _wanted(way.options.model, "mask", "--model"), way.context)
    mask = getattr(getattr(warm.model, "processor", None), "mask_token", None)
    if not mask:
        raise ModelError(f"{way.options.model} has no mask to hide words with")
    hidden = [hide(text, way.options.rate, way.draw, mask) for text in texts]
    asked = [one for one in hidden if one.words]
    rows = [{_text_role(chosen): one.masked(mask)} for one in asked]
    options = _options(chosen, top_k=_PROPOSALS)
    found = iter(chosen.predict(warm.model, rows, options, way.context) if rows else ())
    return [one.filled(next(found), way.draw) if one.words else one.text for one in hidden]


def by_translation(texts: Sequence[str], way: Way) -> list[str]:
    """Translate into another language and back."""
    there = _wanted(way.options.model, "back-translation", "--model")
    back = _wanted(way.options.model_back, "back-translation", "--model-back")
    return _translated(back, _translated(there, texts, way), way)


METHODS: Mapping[str, Method] = MappingProxyType(
    {"words": by_words, "mask": by_masks, "back-translation": by_translation}
)


def _translated(model: str, texts: Sequence[str], way: Way) -> list[str]:
    chosen, warm = _task("translation", model, way.context)
    wanted: dict[str, Any] = {"max_new_tokens": min(_LONGEST, max(map(len, texts)) + _ROOM)}
    if way.options.copies > 1:
        wanted["temperature"] = _TEMPERATURE
    rows = [{_text_role(chosen): text} for text in texts]
    found = chosen.predict(warm.model, rows, _options(chosen, **wanted), way.context)
    return [str(answer) for answer in chosen.answers(found)]


def _task(name: str, model: str, context: CommandContext) -> tuple[ChosenTask, WarmModel]:
    """Return a task and a model for it; one that was trained for a task of its own is used for that."""
    session = context.session
    warm = session.warm.get(model, context)
    chosen = session.tasks.get(name)
    own = session.tasks.get(warm.model.task) if warm.model.task else chosen
    if own.spec.architectures == chosen.spec.architectures:  # a model for texts in general may translate
        chosen = own
    chosen.check("predict", warm.model)
    context.chosen = chosen
    return chosen, warm


def _text_role(chosen: ChosenTask) -> str:
    return next(role.name for role in chosen.spec.roles if role.kind == "text" and not role.target)


def _options(chosen: ChosenTask, **wanted: Any) -> Any:
    """Return a task's options of `predict`, those that it knows as they are wanted here."""
    declared = chosen.spec.options.get("predict")
    known = {field.name for field in fields(declared)} if declared else set()
    return chosen.options_of("predict", {name: value for name, value in wanted.items() if name in known})


def _wanted(model: str | None, method: str, flag: str) -> str:
    if model is None:
        raise UsageError(f"--method {method} wants a model", hint=f"{flag} MODEL")
    return model
