"""Markdown as it comes: lines that stay, and lines that are still open.

A block is done when another one begins behind it on a whole line. Of the block that is open its items are
done one by one, of code each line, of a long paragraph the lines before a place that nothing later can reach.
What is left is read again each time while it is short; once it is long, only when it has grown by an eighth.
So all of it is read a fixed number of times, however long it gets and in however many pieces it comes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.text import Text

from hfshell.render.safe_text import safe_text
from hfshell.render.streaming.blocks import Blocks, Source, inline_of, parser, start_of
from hfshell.render.streaming.code import ColouredCode
from hfshell.render.streaming.inline import inline_text
from hfshell.render.streaming.paragraph import GUARD, safe_end

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode
    from rich.console import Console

_SHORT = 1500
_GROWTH = 8
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class MarkdownStream:
    """Turns text that comes in pieces into lines.

    Args:
        console: of the screen, for its styles.
        width: in cells.
    """

    def __init__(self, console: Console, width: int) -> None:
        self._blocks = Blocks(console, width)
        self._markdown = parser()
        self._held = ""  # a carriage return that may be half of a line end
        self._pending = ""
        self._after_blank = False
        self._before = ""  # type of the last block that stays
        self._code: _OpenCode | None = None
        self._number: int | None = None  # of the next item, in a list whose items stay one by one
        self._in_list = False
        self._carry: Text | None = None  # the last line of a paragraph whose lines stay
        self._read = 0  # how much was pending when it was last read
        self._whole = 0  # and how much of that in whole lines
        self._open: list[Text] = []

    def feed(self, piece: str) -> None:
        """Take a piece in. Costs nothing but its length."""
        text = self._held + piece
        self._held = "\r" if text.endswith("\r") else ""
        self._pending += safe_text(text.removesuffix("\r") if self._held else text)

    def advance(self) -> list[Text]:
        """Return the lines that stay from now on."""
        found: list[Text] = []
        while self._step(found):
            pass
        return found

    def open_lines(self) -> list[Text]:
        """Return the lines that are still open, as they look now."""
        if self._code is not None:
            return self._code.peek(self._pending, self._blocks)
        return self._open

    def close(self) -> list[Text]:
        """Return the last lines: nothing will come any more."""
        if self._held:
            self._pending, self._held = self._pending + "\n", ""
        if self._pending and not self._pending.endswith("\n"):
            self._pending += "\n"
        self._read = 0
        found = self.advance()
        if self._code is not None:
            self._pending = ""
        source = self._parsed(self._pending)
        for node in source.blocks:
            self._finish(node, source, found)
        self._pending, self._open, self._code = "", [], None
        return found

    def _step(self, found: list[Text]) -> bool:
        """Do one thing; return whether there may be more to do at once."""
        if self._code is not None:
            return self._step_in_code(found)
        if not self._is_due():
            return False
        self._read = len(self._pending)
        whole = self._pending.rfind("\n") + 1
        if whole > self._whole:
            self._whole = whole
            if self._finish_blocks(self._pending[:whole], found):
                return True
        self._open = self._shown()
        return self._cut_paragraph(found)

    def _is_due(self) -> bool:
        grown = len(self._pending) - self._read
        return bool(grown) and (len(self._pending) < _SHORT or grown >= self._read // _GROWTH)

    def _finish_blocks(self, whole: str, found: list[Text]) -> bool:
        """Let stay what is done on whole lines; return whether something was."""
        source = self._parsed(whole)
        if not source.blocks:
            return False
        *done, last = source.blocks
        for node in done:
            self._finish(node, source, found)
        first = start_of(last)
        if last.type == "fence":
            self._begin_code(last, source, found)
            return True
        if last.type in ("bullet_list", "ordered_list") and len(last.children) > 1:
            self._finish_items(last, source, found)
            first = start_of(last.children[-1])
        if not first:
            return False
        self._drop(first, source)
        return True

    def _finish(self, node: SyntaxTreeNode, source: Source, found: list[Text]) -> None:
        self._part(node, source, found)
        if self._in_list and node is source.blocks[0]:
            found += self._blocks.items(node, node.children, source, number=self._number, follows=True)
        elif self._carry is not None and node is source.blocks[0]:
            found += self._blocks.wrapped(self._carried(node))
        else:
            found += self._blocks.lines(node, source)
        self._in_list, self._number, self._carry = False, None, None
        self._before = node.type

    def _part(self, node: SyntaxTreeNode, source: Source, found: list[Text]) -> None:
        """Put a blank line before a block that begins, where one belongs."""
        goes_on = (self._in_list or self._carry is not None) and node is source.blocks[0]
        if self._before and not goes_on and self._blocks.stands_apart(source, self._before, node):
            found.append(Text())

    def _finish_items(self, node: SyntaxTreeNode, source: Source, found: list[Text]) -> None:
        self._part(node, source, found)
        done = node.children[:-1]
        goes_on = self._in_list and node is source.blocks[0]
        number = self._number if goes_on else int(node.attrs.get("start", 1))
        found += self._blocks.items(node, done, source, number=number, follows=goes_on)
        self._in_list, self._number = True, (number or 0) + len(done)
        self._before, self._carry = node.type, None

    def _begin_code(self, node: SyntaxTreeNode, source: Source, found: list[Text]) -> None:
        self._part(node, source, found)
        self._in_list, self._number, self._carry = False, None, None
        self._before = "fence"
        first = start_of(node)
        self._code = _OpenCode(source.lines[first], node.info, self._blocks.console)
        self._drop(first + 1, source)

    def _step_in_code(self, found: list[Text]) -> bool:
        code = self._code
        whole, newline, rest = self._pending.rpartition("\n")
        if code is None or not newline:
            return False
        lines = whole.split("\n")
        end = next((place for place, line in enumerate(lines) if code.ends(line)), None)
        found += code.add(lines[:end], self._blocks)
        if end is None:
            self._pending = rest
            return False
        self._pending = "\n".join((*lines[end + 1 :], rest))
        self._code, self._after_blank = None, False
        self._read = self._whole = 0
        return True

    def _drop(self, lines: int, source: Source) -> None:
        """Forget the first lines of what is pending: they stay."""
        before = source.lines[lines - 1]
        self._after_blank = not before.strip(" \t>")
        start = sum(len(line) + 1 for line in source.lines[:lines])
        self._pending = self._pending[start:]
        self._read = self._whole = 0

    def _shown(self) -> list[Text]:
        """Return what is pending as it looks now."""
        found: list[Text] = []
        source = self._parsed(self._pending)
        before = self._before
        for node in source.blocks:
            first = node is source.blocks[0]
            goes_on = first and (self._in_list or self._carry is not None)
            if before and not goes_on and self._blocks.stands_apart(source, before, node):
                found.append(Text())
            if first and self._in_list and node.children:
                found += self._blocks.items(node, node.children, source, number=self._number, follows=True)
            elif first and self._carry is not None:
                found += self._blocks.wrapped(self._carried(node))
            else:
                found += self._blocks.lines(node, source)
            before = node.type
        return found

    def _parsed(self, text: str) -> Source:
        return Source.parse(text, self._markdown, after_blank=self._after_blank)

    def _carried(self, node: SyntaxTreeNode) -> Text:
        """Return a paragraph whose beginning stays, from its last line on."""
        text = inline_text(inline_of(node))
        carry = self._carry or Text()
        return Text.assemble(carry, text[len(GUARD) + 1 :] if text.plain.startswith(GUARD) else text)

    def _cut_paragraph(self, found: list[Text]) -> bool:
        """Let the first lines of a long paragraph stay; return whether some did."""
        if len(self._pending) < _SHORT:
            return False
        end = safe_end(self._pending, self._markdown)
        if end is None:
            return False
        source = self._parsed(self._pending[:end])
        node = source.blocks[0]
        self._part(node, source, found)
        text = self._carried(node)
        *done, last = text.wrap(self._blocks.console, self._blocks.width, justify="left", overflow="fold")
        for line in done:
            line.rstrip()
        found += done
        last.rstrip()
        self._carry = Text.assemble(last, " ")
        self._before = "paragraph"
        self._pending = GUARD + self._pending[end - 1 :]
        self._read = self._whole = 0
        return True


class _OpenCode:
    """A code block that is being written."""

    def __init__(self, opening: str, language: str, console: Console) -> None:
        fence = _FENCE.match(opening)
        self._mark = fence[1] if fence else "```"
        self._indent = len(opening) - len(opening.lstrip(" "))
        self._coloured = ColouredCode(language, console)

    def ends(self, line: str) -> bool:
        """Whether a line ends the block."""
        found = _FENCE.match(line)
        same = found is not None and found[1][0] == self._mark[0] and len(found[1]) >= len(self._mark)
        return same and not line[found.end() :].strip() if found else False

    def add(self, lines: list[str], blocks: Blocks) -> list[Text]:
        """Return lines as they stay."""
        return self._folded(self._coloured.add([self._bare(line) for line in lines]), blocks)

    def peek(self, line: str, blocks: Blocks) -> list[Text]:
        """Return a line that is not whole yet."""
        return self._folded(self._coloured.peek([self._bare(line)]), blocks) if line else []

    def _bare(self, line: str) -> str:
        surplus = len(line) - len(line.lstrip(" "))
        return line[min(surplus, self._indent) :]

    @staticmethod
    def _folded(lines: list[Text], blocks: Blocks) -> list[Text]:
        return [part for line in lines for part in blocks.code_lines(line)]
