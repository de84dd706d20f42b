"""`augment`."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from hfshell.api.guards import Guard
from hfshell.api.results import AugmentedData, AugmentedText, SplitSummary
from hfshell.data import DataOptions, load_data
from hfshell.data.augmentation import Augmentation, augmented, texts_of, write
from hfshell.errors import DataError, UsageError
from hfshell.session.augmenting import METHODS, Way
from hfshell.session.names import Binding

if TYPE_CHECKING:
    from hfshell.api.specs import TaskSpec
    from hfshell.commands.augment import AugmentOptions
    from hfshell.data import DataSet
    from hfshell.session.context import CommandContext

_SHOWN = 3
_PLACED = ("tags", "spans", "answers", "index", "texts", "messages")


def augment(context: CommandContext, options: AugmentOptions) -> AugmentedData:
    """Make a data set with more training rows, and bind it."""
    began = time.perf_counter()
    dataset = context.session.datasets.get(options.data, context).dataset
    if not dataset.train:
        raise DataError(f"{dataset.name} has no rows to train on: nothing else is ever edited")
    columns = _columns(context, dataset)
    new = _made(context, options, dataset, columns)
    for guard in filter(None, (new.leaks(), _pairs(columns, options))):
        context.guard(guard)
    bound = _read(context, dataset, new)
    if context.binding:
        context.session.names.bind(Binding(context.binding, "data", dict(bound.recipe), bound))
    before = texts_of(dataset, "train", columns)
    return AugmentedData(
        name=context.binding or "",
        source=dataset.name,
        method=options.method,
        columns=columns,
        rows=len(new.made),
        unchanged=new.unchanged,
        repeated=new.repeated,
        leaking=new.leaking,
        splits=tuple(SplitSummary(split, len(rows)) for split, rows in bound.splits.items()),
        examples=tuple(
            AugmentedText(" | ".join(before[number]), " | ".join(texts)) for number, texts in _spread(new)
        ),
        fingerprint=bound.fingerprint,
        seconds=time.perf_counter() - began,
    )


def _made(
    context: CommandContext, options: AugmentOptions, dataset: DataSet, columns: tuple[str, ...]
) -> Augmentation:
    rows = texts_of(dataset, "train", columns)
    numbers = [number for number in range(len(rows)) for _ in range(options.copies)]
    way = Way(options, context, random.Random(context.seed))  # noqa: S311 - no secret
    method = METHODS[options.method]
    edited = [method([rows[number][place] for number in numbers], way) for place in range(len(columns))]
    return augmented(dataset, columns, list(zip(numbers, zip(*edited, strict=True), strict=True)))


def _columns(context: CommandContext, dataset: DataSet) -> tuple[str, ...]:
    """Return the columns whose texts may be edited.

    Raises:
        UsageError: the data has no texts, or an edit would make its answers wrong.
    """
    plugins = context.session.plugins
    specs = [plugins.task(name) for name in context.session.datasets.tasks_for(dataset)]
    learning = [spec for spec in specs if spec.target_role] or specs
    for spec in learning:
        if reason := _unsafe(spec):
            raise UsageError(
                f"{dataset.name} is for {spec.name}: {reason}",
                hint="`augment` edits texts whose labels do not hang on single words or places",
            )
    found: dict[str, None] = {}
    for spec in learning:
        seen = dataset.for_task(spec.roles).roles
        found |= dict.fromkeys(
            column
            for role in spec.roles
            if role.kind == "text" and (column := seen.column(role.name)) is not None
        )
    derived = dataset.loaded.parts["train"].rows.derived
    if not found or set(found) & set(derived):
        raise UsageError(
            f"{dataset.name} has no column of texts that could be edited",
            hint="`data … --map text=COLUMN` says which it is",
        )
    return tuple(found)


def _unsafe(spec: TaskSpec) -> str:
    """Say why edited texts would have wrong answers; nothing where they would not."""
    target = spec.target_role
    if any(role.containing for role in spec.roles):
        return "what its texts mark must stay whole"
    if target is None or target.kind in ("label", "number"):
        return ""
    if target.kind in _PLACED:
        return f"its {target.name} hang on the words of the text, and on their places"
    others = any(role.kind == "text" and role.required and not role.target for role in spec.roles)
    return f"its {target.name} would no longer be that of the text" if others else ""


def _pairs(columns: tuple[str, ...], options: AugmentOptions) -> Guard | None:
    """Say that one word may decide how texts go together."""
    if len(columns) < 2 or options.method == "back-translation":
        return None
    names = " and ".join(columns)
    return Guard("pairs", "warn", f"{names} were changed each by itself: what holds of them may not hold now")


def _read(context: CommandContext, dataset: DataSet, new: Augmentation) -> DataSet:
    """Write the rows to hfshell's own folder, and read them: a name that is made again finds them there."""
    home = context.session.home
    folder = write(dataset, new, home.data / "augmented")
    given = DataOptions.from_dict(dataset.recipe["options"])
    plugins = context.session.plugins
    return load_data(
        [f"{split}={folder / split}.jsonl" for split in dataset.loaded.parts],
        DataOptions(map=given.map, validation=0.0, test=0.0, seed=given.seed, dedup=given.dedup),
        list(dict.fromkeys(spec.roles for spec in plugins.tasks() if spec.roles)),
        name=context.binding or dataset.name,
        cancelled=context.cancelled,
        emit=context.emit,
    )


def _spread(new: Augmentation) -> list[tuple[int, tuple[str, ...]]]:
    """Return a few of the new rows, from all over them."""
    count = min(_SHOWN, len(new.made))
    return [new.made[place * len(new.made) // count] for place in range(count)]
