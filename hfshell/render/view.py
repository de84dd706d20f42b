"""Views of plugins on the screen: lines, tables, bars, and stacks of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from hfshell.api.view import Bars, Line, Stack, Table, View
from hfshell.render.bars import render_bars
from hfshell.render.spans import span_text
from hfshell.render.view_table import render_table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.render.look import Look


def render_view(view: View, look: Look) -> RenderableType:
    """Return a view for the screen; its strings have been made safe."""
    match view:
        case Line(spans):
            return Text.assemble(*(span_text(span, look) for span in spans))
        case Table():
            return render_table(view, look)
        case Bars(bars, maximum):
            return render_bars([(bar.label, bar.value) for bar in bars], look, maximum=maximum)
        case Stack(views):
            return Group(*(render_view(item, look) for item in views))
