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


def render_guard(guard: Guard, look: Look) -> RenderableType:
    """Return one guard. One that would have refused stands in a result because the user allowed it."""
    word = "warning" if guard.severity == "warn" else "allowed"
    head = Text.assemble((word, "warn"), f" ({guard.name})")
    body = [prose(guard.message)]
    if guard.hint and guard.severity == "warn":
        body.append(prose(guard.hint))
    return beside(head, Group(*body), look)
