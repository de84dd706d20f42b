"""A data set with more training rows: how many there are now, what was dropped, a few of the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hfshell.render.layout import Flow, named
from hfshell.render.quantities import many, whole
from hfshell.render.safe_text import one_line

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import AugmentedData
    from hfshell.render.look import Look

_TEXT_SHOWN = 300


def render_augmented(data: AugmentedData, look: Look) -> RenderableType:
    """Return rows and splits, what was dropped, and examples before and after."""
    separator = look.symbols.separator
    splits = Text(separator).join(Text(f"{split.name} {whole(split.rows)}") for split in data.splits)
    added = Text.assemble((many(data.rows, "row"), "number"), f" more to train on, by {data.method}")
    body: list[RenderableType] = [Flow([added, splits])]
    dropped = {
        "unchanged": data.unchanged,
        "already in train": data.repeated,
        "in validation or test": data.leaking,
    }
    told = [f"{whole(count)} {why}" for why, count in dropped.items() if count]
    if told:
        body.append(Text.assemble(("dropped ", "dim"), separator.join(told)))
    for example in data.examples:
        before, after = (
            one_line(text, _TEXT_SHOWN, plain=look.plain) for text in (example.before, example.after)
        )
        body.append(Text(before, "dim"))
        body.append(Text.assemble((f"{look.symbols.becomes} ", "dim"), after))
    return named(data.name or "_", body, look)
