"""The plugins found, and what is wrong with those that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, columns, prose
from hfshell.render.quantities import duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import PluginRow, PluginTable
    from hfshell.render.look import Look

_STATES = {"loaded": "good", "failed": "bad", "incompatible": "bad", "disabled": "dim", "listed": ""}


def render_plugins(table: PluginTable, look: Look) -> RenderableType:
    """Return the plugins, one a line, then the failures with the command that explains them."""
    if not table.plugins:
        return Text("no plugin is installed")
    rows = columns(
        look,
        Column("name", no_wrap=True),
        Column("gives"),
        Column("from"),
        Column("state", no_wrap=True),
        Column("import", justify="right", no_wrap=True),
    )
    for plugin in table.plugins:
        rows.add_row(
            Text(plugin.name, "name"),
            ", ".join(plugin.gives) or Text(plugin.group, "dim"),
            Text(f"{plugin.distribution} {plugin.version}", "dim"),
            Text(plugin.state, _STATES.get(plugin.state, "")),
            "" if plugin.seconds is None else duration(plugin.seconds),
        )
    failures = [_failure(plugin) for plugin in table.plugins if plugin.error]
    return Group(rows, *failures)


def _failure(plugin: PluginRow) -> RenderableType:
    message = Text.assemble((plugin.name, "bad"), f"  {plugin.error}")
    return Group(message, Block(prose(f"`plugins why {plugin.name}`")))
