"""Blocks of Markdown as lines. How a block looks depends on nothing that stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from rich import box
from rich.table import Table
from rich.text import Text

from hfshell.render.safe_text import safe_text
from hfshell.render.streaming.code import ColouredCode
from hfshell.render.streaming.inline import inline_text

if TYPE_CHECKING:
    from markdown_it.token import Token
    from rich.console import Console, JustifyMethod
    from rich.segment import Segment

_NARROWEST = 12
_APART = ("heading", "fence", "code_block", "table", "hr")
"""Blocks that always stand apart from what is before and behind them."""

CODE_MARGIN = 2
_DIGITS = 2
"""Numbers of list items are aligned as if there were no more than 99, for nobody knows how many will come."""


def parser() -> MarkdownIt:
    """Return the parser: CommonMark with tables, but for what would change text that was shown before.

    A line of `---` below a paragraph is a rule, not what makes a heading of it; `[name]: address` defines
    nothing. HTML is text.
    """
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return made.disable(["lheading", "reference", "html_block", "html_inline", "text_join"])


@dataclass(frozen=True)
class Source:
    """Text with its top-level blocks.

    Attributes:
        lines: of the text.
        blocks: in order.
        after_blank: whether a blank line stands before the first.
    """

    lines: Sequence[str]
    blocks: Sequence[SyntaxTreeNode]
    after_blank: bool = False

    @classmethod
    def parse(cls, text: str, markdown: MarkdownIt, *, after_blank: bool = False) -> Source:
        """Read a text."""
        return cls(text.split("\n"), SyntaxTreeNode(markdown.parse(text)).children, after_blank)

    def is_blank_before(self, node: SyntaxTreeNode) -> bool:
        """Whether a blank line stands before a block, within whatever quotes it."""
        first = start_of(node)
        return self.after_blank if first == 0 else not self.lines[first - 1].strip(" \t>")


def start_of(node: SyntaxTreeNode) -> int:
    """Return the number of a block's first line."""
    return node.map[0] if node.map else 0


@dataclass(frozen=True)
class Blocks:
    """Renders blocks.

    Attributes:
        console: of the screen, for its styles.
        width: in cells.
    """

    console: Console
    width: int

    def stands_apart(self, source: Source, before: str, node: SyntaxTreeNode) -> bool:
        """Whether a blank line goes before a block.

        Args:
            source: that it is of.
            before: type of the block before it.
            node: it.
        """
        return before in _APART or node.type in _APART or source.is_blank_before(node)

    def lines(self, node: SyntaxTreeNode, source: Source, *, number: int | None = None) -> list[Text]:
        """Return a block as lines.

        Args:
            node: the block.
            source: that it is of.
            number: of the first item of a list that is numbered; its own without it.
        """
        match node.type:
            case "paragraph":
                return self.wrapped(inline_text(inline_of(node)))
            case "heading":
                text = inline_text(inline_of(node))
                text.stylize("heading underline" if node.tag == "h1" else "heading")
                return self.wrapped(text)
            case "fence" | "code_block":
                code = node.content.split("\n")[:-1]
                coloured = ColouredCode(node.info if node.type == "fence" else "", self.console)
                return [line for text in coloured.add(code) for line in self.code_lines(text)]
            case "blockquote":
                inner = self._narrower(2)._joined(node.children, source)  # noqa: SLF001 - of its own kind
                return [Text.assemble(("▌ ", "dim"), line) for line in inner]
            case "bullet_list" | "ordered_list":
                return self.items(node, node.children, source, number=number)
            case "table":
                return self._table(node)
            case "hr":
                return [Text("─" * self.width, "dim")]
            case _:
                return self.wrapped(Text(safe_text(node.content)))

    def items(
        self,
        node: SyntaxTreeNode,
        items: Sequence[SyntaxTreeNode],
        source: Source,
        *,
        number: int | None = None,
        follows: bool = False,
    ) -> list[Text]:
        """Return items of a list as lines.

        Args:
            node: the list.
            items: some of its items.
            source: that it is of.
            number: of the first of them; None counts from what the list begins with.
            follows: whether an item stands before them.
        """
        ordered = node.type == "ordered_list"
        first = int(node.attrs.get("start", 1)) if number is None else number
        found: list[Text] = []
        for place, item in enumerate(items):
            if (found or follows) and source.is_blank_before(item):
                found.append(Text())
            mark = f"{first + place:>{_DIGITS}}. " if ordered else "• "
            inner = self._narrower(len(mark))._joined(item.children, source) or [Text()]  # noqa: SLF001 - of its own kind
            found.append(Text.assemble((mark, "command"), inner[0]))
            found += [Text.assemble(" " * len(mark), line) if line else line for line in inner[1:]]
        return found

    def wrapped(self, text: Text) -> list[Text]:
        """Return a paragraph as lines."""
        lines = text.wrap(self.console, self.width, justify="left", overflow="fold")
        for line in lines:
            line.rstrip()
        return list(lines)

    def code_lines(self, line: Text) -> list[Text]:
        """Return a line of code, folded where it is longer than the screen is wide."""
        line.expand_tabs(4)
        room = max(_NARROWEST, self.width - CODE_MARGIN)
        cells = range(room, len(line.plain), room) if line.plain.isascii() else ()
        parts = line.divide(cells) if cells else [line]
        if not line.plain.isascii():
            parts = line.wrap(self.console, room, justify="left", overflow="fold")
        return [Text.assemble(" " * CODE_MARGIN, part) if part else part for part in parts]

    def _joined(self, nodes: Sequence[SyntaxTreeNode], source: Source) -> list[Text]:
        found: list[Text] = []
        before = ""
        for node in nodes:
            if found and self.stands_apart(source, before, node):
                found.append(Text())
            found += self.lines(node, source)
            before = node.type
        return found

    def _narrower(self, cells: int) -> Blocks:
        return replace(self, width=max(_NARROWEST, self.width - cells))

    def _table(self, node: SyntaxTreeNode) -> list[Text]:
        rows = [row for part in node.children for row in part.children]
        table = Table(
            box=box.SIMPLE, pad_edge=False, show_edge=False, border_style="dim", header_style="heading"
        )
        for cell in rows[0].children:
            table.add_column(inline_text(inline_of(cell)), justify=_side(cell), overflow="fold")
        for row in rows[1:]:
            table.add_row(*(inline_text(inline_of(cell)) for cell in row.children))
        options = self.console.options.update(width=self.width, height=None)
        lines = self.console.render_lines(table, options, pad=False)
        return [_as_text(line) for line in lines]


def inline_of(node: SyntaxTreeNode) -> list[Token]:
    """Return what stands within a paragraph, a heading or a cell."""
    inner = node.children[0] if node.children else None
    return list(inner.token.children or ()) if inner is not None and inner.token is not None else []


def _side(cell: SyntaxTreeNode) -> JustifyMethod:
    style = str(cell.attrs.get("style", ""))
    return "right" if "right" in style else "center" if "center" in style else "left"


def _as_text(segments: Iterable[Segment]) -> Text:
    text = Text()
    for segment in segments:
        text.append(segment.text, segment.style)
    text.rstrip()
    return text
