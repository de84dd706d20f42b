"""An error: what happened, where, and what to do; the line itself, with a caret under the place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.console import Group
from rich.text import Text

from hfshell.errors import PROMPT, Interrupted, Refused
from hfshell.render.layout import Block, beside, prose
from hfshell.render.look import Look
from hfshell.render.safe_text import safe_text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from hfshell.errors import HfshellError, Place


def render_error(
    error: HfshellError, *, width: int, plain: bool = False, ignored: bool = False
) -> RenderableType:
    """Return an error as it is shown.

    Args:
        error: the error; its strings are untrusted.
        width: in cells.
        plain: in words and ASCII alone.
        ignored: the line began with `-`, so the script goes on.
    """
    look = Look(width, plain)
    if isinstance(error, Refused):
        return Block(_refusal(error, look), margin="")
    head = Text(_where(error.place) or _kind(error), "warn" if _is_mild(error, ignored=ignored) else "error")
    message = prose(safe_text(error.message))
    if ignored:
        message.append("  ignored, the line begins with -", "dim")
    said: list[RenderableType] = []
    if head.plain != error.message or ignored:
        said.append(message)
    return Block(Group(_head_line(head, said, look), *_below(error, look)), margin="")


def _is_mild(error: HfshellError, *, ignored: bool) -> bool:
    return ignored or isinstance(error, Interrupted)


def _kind(error: HfshellError) -> str:
    return "interrupted" if isinstance(error, Interrupted) else "error"


def _where(place: Place | None) -> str:
    if place is None or place.file == PROMPT:
        return ""
    return safe_text(str(place)).replace("\n", " ")


def _head_line(head: Text, said: list[RenderableType], look: Look) -> RenderableType:
    if not said:
        return head
    message = said[0]
    if isinstance(message, Text) and head.cell_len + 2 + message.cell_len <= look.width:
        return Text.assemble(head, "  ", message)
    return beside(head, Group(*said), look)


def _refusal(error: Refused, look: Look) -> RenderableType:
    where = _where(error.place)
    head = Text.assemble(
        (f"{where}  " if where else "", "warn"), ("refused", "refused"), f" ({safe_text(error.guard)})"
    )
    body = [prose(safe_text(error.message))]
    if error.hint:
        body.append(prose(safe_text(error.hint)))
    return beside(head, Group(*body), look)


def _below(error: HfshellError, look: Look) -> list[RenderableType]:
    hint = prose(safe_text(error.hint)) if error.hint else None
    place = error.place
    if place is None or place.text is None:
        return [Block(hint)] if hint else []
    number = "" if place.line is None or place.file == PROMPT else str(place.line)
    rule = look.symbols.gutter
    first, rest = f"  {number}{' ' * bool(number)}{rule} ", f"  {' ' * (len(number) + bool(number))}{rule} "
    excerpt = _excerpt(place.text, place.column, place.length, look.width - len(first), look)
    lines: list[RenderableType] = [Text.assemble((first, "dim"), excerpt.text)]
    carets = Text(" " * excerpt.start + "^" * excerpt.cells, "bad")
    if hint and place.column is not None and _fits(excerpt, hint, look.width - len(rest)):
        carets = Text.assemble(carets, " ", hint)
        hint = None
    if place.column is not None:
        lines.append(Text.assemble((rest, "dim"), carets))
    if hint:
        lines.append(Block(hint, margin=rest, style="dim"))
    return lines


@dataclass(frozen=True)
class _Excerpt:
    """The part of a line that is shown, and the cells that are marked in it."""

    text: str
    start: int
    cells: int


def _fits(excerpt: _Excerpt, hint: Text, room: int) -> bool:
    return "\n" not in hint.plain and excerpt.start + excerpt.cells + 1 + hint.cell_len <= room


def _excerpt(text: str, column: int | None, length: int, room: int, look: Look) -> _Excerpt:
    """Cut a line to the room around the marked place. Places are in characters, carets in cells."""
    ellipsis = look.symbols.ellipsis
    room = max(room, 8)
    most = room - len(ellipsis)  # so that a cut at the end never hides what is marked
    begin = max((column or 1) - 1, 0)
    end = begin + max(length, 1)
    before, marked = _shown(text[max(begin - room, 0) : begin]), _shown(text[begin:end][:room])
    if begin > room or cell_len(before) + max(cell_len(marked), 1) > most:
        kept = max(min(room // 2, most - cell_len(marked)) - len(ellipsis), 0)
        before = ellipsis + _last_cells(before, kept)
    start = cell_len(before)
    line = before + marked + _shown(text[end : end + room])
    if cell_len(line) > room or end + room < len(text):
        line = set_cell_size(line, most).rstrip() + ellipsis
    cells = max(min(cell_len(marked), most - start), 1)
    return _Excerpt(line, start, cells)


def _shown(text: str) -> str:
    return safe_text(text).replace("\n", " ").replace("\t", "    ")


def _last_cells(text: str, cells: int) -> str:
    if cells <= 0:
        return ""
    backwards = chop_cells(text[::-1], cells)
    return backwards[0][::-1] if backwards else ""
