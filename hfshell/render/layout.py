"""The shapes that all screens share: a margin, a name with what is said of it, facts in a row, columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.measure import Measurement
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from hfshell.render.look import Look

_HEAD = 7  # cells; short names get this many, so that results below each other line up


class Block:
    """Puts a margin before each line of what it holds, and leaves no blanks at the ends of lines."""

    def __init__(self, body: RenderableType, margin: str = "  ", style: str = "") -> None:
        self.body = body
        self.margin = Text(margin, style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        room = options.update_width(max(1, options.max_width - self.margin.cell_len))
        margin = list(self.margin.render(console))
        for line in console.render_lines(self.body, room, pad=False):
            yield from _trimmed([*margin, *line])
            yield Segment.line()


def _trimmed(line: list[Segment]) -> list[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[-1] = Segment(kept[-1].text.rstrip(), kept[-1].style)
    return kept


class Flow:
    """Facts side by side. Lines break between facts, inside one only when it is longer than a line."""

    def __init__(self, facts: Sequence[Text | str], separator: str = "   ") -> None:
        self.facts = [Text(fact) if isinstance(fact, str) else fact for fact in facts]
        self.separator = separator

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        line = Text()
        for fact in self.facts:
            joined = Text.assemble(line, self.separator, fact) if line else fact
            if line and joined.cell_len > options.max_width:
                yield line
                joined = fact
            line = joined
        yield line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widths = [fact.cell_len for fact in self.facts] or [0]
        total = sum(widths) + len(self.separator) * (len(widths) - 1)
        return Measurement(min(max(widths), options.max_width), min(total, options.max_width))


def prose(text: str, style: str = "") -> Text:
    """Return a sentence with the commands in it, between backticks, marked."""
    sentence = Text(text, style)
    sentence.highlight_regex(r"`[^`\n]+`", "command")
    return sentence


def beside(head: Text, body: RenderableType, look: Look, *, least: int = 0) -> RenderableType:
    """Put a body beside a head; below it when the head would take too much of the width.

    Args:
        head: one line.
        body: anything.
        look: the screen.
        least: the fewest cells for the head.
    """
    taken = max(head.cell_len, least)
    if taken > look.width * 0.4:
        return Group(head, Block(body))
    grid = Table.grid(Column(no_wrap=True, min_width=taken), Column(overflow="fold"), padding=(0, 2, 0, 0))
    grid.add_row(head, body)
    return grid


def named(name: str, body: Sequence[RenderableType], look: Look, style: str = "name") -> RenderableType:
    """Put what is said of a name beside it. On a narrow screen the body stands below."""
    head = Text(name, style)
    if look.narrow:
        return Group(head, Block(Group(*body)))
    return beside(head, Group(*body), look, least=_HEAD)


def columns(look: Look, *headings: Column, header: bool = True) -> Table:
    """Return an empty table without rules, its columns apart by white space."""
    table = Table(
        *headings, box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=header, header_style="dim"
    )
    for column in table.columns:
        column.overflow = "fold" if look.plain or not column.no_wrap else "ellipsis"
    return table
