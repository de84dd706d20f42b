"""`undo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results.sessions import Holding, Undone, UndoneName

if TYPE_CHECKING:
    from hfshell.commands.undo import UndoOptions
    from hfshell.session.context import CommandContext
    from hfshell.session.names import Binding

_LONGEST = 60


def undo(context: CommandContext, options: UndoOptions) -> Undone:  # noqa: ARG001 - a verb's signature
    """Give the names of the last line back what they held before it."""
    names = context.session.names
    undone = names.undo()
    return Undone(
        line=undone.line,
        names=tuple(
            UndoneName(name, _holding(held), _holding(holds)) for name, (held, holds) in undone.names.items()
        ),
        left=names.undoable,
    )


def _holding(binding: Binding | None) -> Holding | None:
    if binding is None:
        return None
    recipe = binding.recipe
    texts = {
        "model": recipe.get("source", ""),
        "data": " ".join(recipe.get("sources", ())),
        "result": recipe.get("kind", ""),
        "value": recipe.get("text", ""),
    }
    text = str(texts[binding.kind])
    return Holding(binding.kind, text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
