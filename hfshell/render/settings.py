"""Settings and aliases on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, Flow, columns

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.api.results import AliasTable, SettingRow, SettingShown, SettingTable
    from hfshell.render.look import Look

_WIDE = 100  # cells; from here on the help stands beside a setting


def render_settings(table: SettingTable, look: Look) -> RenderableType:
    """Return the settings, what was chosen standing out, each with its help."""
    if look.width < _WIDE:
        return Group(*(_lines(row, table, look) for row in table.settings))
    rows = columns(
        look,
        Column("setting", no_wrap=True),
        Column("value", no_wrap=True),
        Column("default", no_wrap=True, style="dim"),
        Column("from", no_wrap=True, style="dim"),
        Column("what it is"),
    )
    for row in table.settings:
        rows.add_row(
            Text(row.name, "name"), _value(row), _other(row), row.origin if _chosen(row) else "", row.help
        )
    return rows


def render_setting(setting: SettingShown, look: Look) -> RenderableType:
    """Return a setting with all that is known of it; one that was just changed in a line."""
    line = Text.assemble((setting.name, "name"), (" = ", "dim"), (setting.value, "number"))
    saved = [Text.assemble(("saved in ", "dim"), setting.saved)] if setting.saved else []
    if setting.changed or saved:
        return Flow([line, *saved], look.symbols.separator)
    origin = f"from {setting.origin}" if setting.origin != "default" else "the default"
    facts = [Text(origin, "dim")]
    if setting.value != setting.default:
        facts.append(Text(f"default {setting.default}", "dim"))
    return Group(
        Flow([line, *facts], look.symbols.separator),
        Block(Group(Text(setting.help), Text(f"may be {setting.wanted}", "dim"))),
    )


def render_aliases(table: AliasTable, look: Look) -> RenderableType:
    """Return the aliases, and what each stands for."""
    if not table.aliases:
        return Text("there is no alias", "dim")
    saved = [Text.assemble(("saved in ", "dim"), table.saved)] if table.saved else []
    if table.removed:
        names = Text(", ".join(row.name for row in table.aliases), "name")
        return Flow([Text.assemble(("forgot the alias ", "dim"), names), *saved], look.symbols.separator)
    rows = columns(look, Column(no_wrap=True), Column(), header=False)
    for row in table.aliases:
        rows.add_row(Text(row.name, "name"), Text(row.line, "command"))
    return Group(rows, *saved)


def _lines(row: SettingRow, table: SettingTable, look: Look) -> RenderableType:
    widest = max(len(other.name) for other in table.settings)
    name = Text(row.name, "name")
    if not look.narrow:
        name.pad_right(widest - name.cell_len)
    facts = [name, _value(row)]
    if _chosen(row):
        facts += [Text(f"from {row.origin}", "dim"), Text(f"default {row.default}", "dim")]
    return Group(Flow(facts, "  "), Block(Text(row.help, "dim"), margin="    "))


def _value(row: SettingRow) -> Text:
    return Text(row.value, "number" if _chosen(row) else "")


def _other(row: SettingRow) -> str:
    return row.default if row.value != row.default else ""


def _chosen(row: SettingRow) -> bool:
    return row.origin != "default"
