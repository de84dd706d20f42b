"""Where a long paragraph may be cut in two that look, one behind the other, as the whole does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.tree import SyntaxTreeNode

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

GUARD = "\ue000"
"""Private use: stands for what was cut off, so that `2.` behind it begins no list."""

_TRIES = 12
_PLACE = re.compile(r"(?<=[^\s\\])[ \n](?=[^\s])")
_OPENERS = re.compile(r"[*~`\[\]]|(?<![^\W_])_|_(?![^\W_])")
"""Signs in the text itself that something behind might still give a meaning; `_` within a word has none."""


def safe_end(text: str, markdown: MarkdownIt) -> int | None:
    """Return where to cut, behind a blank; None where there is no place, or it is no paragraph.

    A row of what may become a table is not cut, nor a line that is followed by nothing yet.
    """
    blocks = SyntaxTreeNode(markdown.parse(text)).children
    if len(blocks) != 1 or blocks[0].type != "paragraph":
        return None
    last_line = text.rstrip("\n").rpartition("\n")[2]
    until = len(text) if "|" not in last_line else len(text) - len(last_line) - 1
    places = [found.end() for found in _PLACE.finditer(text, 0, until)]
    return next((end for end in places[: -_TRIES - 1 : -1] if _is_closed(text[:end], markdown)), None)


def _is_closed(text: str, markdown: MarkdownIt) -> bool:
    """Whether nothing in a text waits for what comes behind it."""
    tokens: list[Token] = markdown.parseInline(text)[0].children or []
    return not any(_OPENERS.search(token.content) for token in tokens if token.type == "text")
