"""Guards that spoke while a result was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from hfshell.render.layout import beside, prose

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.guards import Guard
    from hfshell.render.look import Look


_WORDS = {"warn": ("warning", "warn"), "refuse": ("allowed", "warn"), "danger": ("danger", "error")}


def render_guard(guard: Guard, look: Look) -> RenderableType:
    """Return one guard. One that would have refused stands in a result because the user allowed it."""
    word, style = _WORDS[guard.severity]
    head = Text.assemble((word, style), f" ({guard.name})")
    body = [prose(guard.message, style if guard.severity == "danger" else "")]
    if guard.hint and guard.severity != "refuse":
        body.append(prose(guard.hint))
    return beside(head, Group(*body), look)
