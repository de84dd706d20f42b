"""The plugins found, what they give, and what is wrong with those that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, Flow, columns, prose
from hfshell.render.quantities import duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import PluginRow, PluginTable
    from hfshell.render.look import Look

_STATES = {"ready": "good", "failed": "bad", "incompatible": "bad", "disabled": "dim", "listed": ""}
_BROKEN = ("failed", "incompatible")
_NAME = 24  # cells
_WIDE = 100  # cells; from here on all that is known of a plugin stands on one line


def render_plugins(table: PluginTable, look: Look) -> RenderableType:
    """Return the plugins, with what is wrong with them and what to do about it."""
    if not table.plugins:
        return Text("no plugin is installed")
    clashes = [prose(clash, "warn") for clash in table.clashes]
    if look.width < _WIDE:
        return Group(_list(table, look), *clashes)
    troubles = [line for plugin in table.plugins for line in _troubles(plugin, f"{plugin.name}  ")]
    return Group(_table(table, look), *troubles, *clashes)


def _table(table: PluginTable, look: Look) -> RenderableType:
    rows = columns(
        look,
        Column("name", no_wrap=True),
        Column("package", no_wrap=True),
        Column("state", no_wrap=True),
        Column("import", justify="right", no_wrap=True),
        Column("gives"),
    )
    for plugin in table.plugins:
        rows.add_row(
            Text(plugin.name, "name"), _package(plugin), _state(plugin), _seconds(plugin), _gives(plugin)
        )
    return rows


def _list(table: PluginTable, look: Look) -> RenderableType:
    widest = 0 if look.narrow else max(cell_len(plugin.name) for plugin in table.plugins)
    lines: list[RenderableType] = []
    for plugin in table.plugins:
        name = Text(plugin.name, "name")
        name.append(" " * (min(widest, _NAME) - name.cell_len))
        facts = [name, _state(plugin), Text(_seconds(plugin)), _package(plugin)]
        lines.append(Flow([fact for fact in facts if fact], "  "))
        gives = [Text(_gives(plugin))] if plugin.gives else []
        below = [*gives, *_troubles(plugin)]
        if below:
            lines.append(Block(Group(*below)))
    return Group(*lines)


def _package(plugin: PluginRow) -> Text:
    return Text(f"{plugin.distribution} {plugin.version}", "dim")


def _state(plugin: PluginRow) -> Text:
    return Text(plugin.state, _STATES.get(plugin.state, ""))


def _seconds(plugin: PluginRow) -> str:
    return "" if plugin.seconds is None else duration(plugin.seconds)


def _gives(plugin: PluginRow) -> str:
    return ", ".join(plugin.gives)


def _troubles(plugin: PluginRow, start: str = "") -> list[Text]:
    """Return what keeps a plugin from being used, and what its author should mend."""
    broken = plugin.state in _BROKEN
    lines = [prose(f"{start}{plugin.error}", "bad" if broken else "dim")] if plugin.error else []
    if broken:
        lines.append(prose(f"{'  ' if start else ''}`plugins why {plugin.name}`"))
    return [*lines, *(prose(f"{start}{remark}", "warn") for remark in plugin.remarks)]
