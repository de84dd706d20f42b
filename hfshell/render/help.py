"""Help: all commands, and one command's page."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Group
from rich.table import Column
from rich.text import Text

from hfshell.render.layout import Block, columns, prose
from hfshell.render.look import spelled_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from hfshell.api.results import HelpEntry, HelpOption, HelpOverview, HelpPage
    from hfshell.render.look import Look

_MARGIN = 2
_LINE = 96  # cells; longer lines of prose are hard to read


def render_overview(overview: HelpOverview, look: Look) -> RenderableType:
    """Return the commands under their sections' headings, names and summaries in line."""
    overview = spelled_out(overview) if look.plain else overview
    listed = (*overview.commands, *overview.topics)
    widest = max((len(entry.name) for entry in listed), default=0)
    parts: list[RenderableType] = []
    for section, entries in groupby(_by_section(listed), key=lambda entry: entry.section):
        parts += [Text(section, "heading"), Block(_entries(list(entries), widest, look)), ""]
    return Group(
        *parts, prose("`help WORD` explains a command, a topic, a task, a setting, a name; so does `WORD ?`")
    )


def _by_section(entries: Sequence[HelpEntry]) -> list[HelpEntry]:
    sections = list(dict.fromkeys(entry.section for entry in entries))
    return sorted(entries, key=lambda entry: sections.index(entry.section))


def _entries(entries: list[HelpEntry], widest: int, look: Look) -> RenderableType:
    table = columns(look, Column(no_wrap=True, min_width=widest), Column(), header=False)
    for entry in entries:
        table.add_row(Text(entry.name, "command"), prose(entry.summary))
    return table


def render_page(page: HelpPage, look: Look) -> RenderableType:
    """Return usage and summary, description, arguments, options with defaults, by task, and examples."""
    page = spelled_out(page) if look.plain else page
    arguments = [option for option in page.options if option.positional]
    options = [option for option in page.options if not option.positional]
    groups = groupby(sorted(options, key=lambda option: option.task), key=lambda option: option.task)
    parts: list[RenderableType] = [_usage(page), prose(page.summary)]
    if page.description:
        parts += ["", _paragraph(page.description, look)]
    if page.terms:
        parts += ["", Block(_terms(page.terms, look))]
    if arguments:
        parts += ["", Text("Arguments", "heading"), Block(_options(arguments, look))]
    for task, lines in groups:
        heading = f"Options of {task}" if task else "Options"
        parts += ["", Text(heading, "heading"), Block(_options(list(lines), look))]
    if page.examples:
        parts += ["", Text("Examples", "heading"), Block(_examples(page.examples, look))]
    return Group(*parts)


def _usage(page: HelpPage) -> Text:
    name, _, rest = page.usage.partition(" ")
    return Text.assemble((name, "bold cyan"), f" {rest}")


def _paragraph(text: str, look: Look) -> RenderableType:
    table = columns(look, Column(max_width=_LINE), header=False)
    table.add_row(prose(text))
    return table


def _options(options: list[HelpOption], look: Look) -> RenderableType:
    heads = [_head(option) for option in options]
    if look.narrow:
        return Group(
            *(Group(head, Block(_said(option))) for head, option in zip(heads, options, strict=True))
        )
    room = min(max(head.cell_len for head in heads), look.width // 2)
    table = columns(look, Column(no_wrap=True, min_width=room), Column(), header=False)
    for head, option in zip(heads, options, strict=True):
        if head.cell_len > room:
            table.add_row(head, "")
            table.add_row("", _said(option))
        else:
            table.add_row(head, _said(option))
    return table


def _head(option: HelpOption) -> Text:
    head = Text(option.flag, "option")
    return head.append(f" {option.value}", "dim") if option.value else head


def _said(option: HelpOption) -> Text:
    said = prose(option.help)
    return said.append(f"  [{option.default}]", "dim") if option.default else said


def _terms(terms: Sequence[tuple[str, str]], look: Look) -> RenderableType:
    """Return words and what they mean, side by side where there is room for both."""
    widest = max(cell_len(line) for term, _ in terms for line in term.split("\n"))
    if widest > look.width // 2:
        return Group(
            *(Group(Text(term, "option"), Block(prose(said), margin="    ")) for term, said in terms)
        )
    table = columns(look, Column(no_wrap=True, min_width=widest), Column(), header=False)
    for term, said in terms:
        table.add_row(Text(term, "option"), prose(said))
    return table


def _examples(examples: Sequence[tuple[str, str]], look: Look) -> RenderableType:
    lines = [Text(line, "command") for line, _ in examples]
    widest = max(line.cell_len for line in lines)
    longest = max(len(meaning) for _, meaning in examples)
    if widest + longest + 3 * _MARGIN > look.width:
        pairs = zip(lines, examples, strict=True)
        return Group(*(Group(line, Block(prose(said, "dim"), margin="    ")) for line, (_, said) in pairs))
    table = columns(look, Column(no_wrap=True), Column(), header=False)
    for line, (_, said) in zip(lines, examples, strict=True):
        table.add_row(line, prose(said, "dim"))
    return table
