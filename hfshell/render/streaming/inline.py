"""What stands within a paragraph: emphasis, code, links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from hfshell.render.safe_text import safe_text

if TYPE_CHECKING:
    from markdown_it.token import Token

STYLES = {"strong": "bold", "em": "italic", "s": "strike"}
CODE = "command"
_URL = "dim"


def inline_text(tokens: Sequence[Token]) -> Text:
    """Return inline tokens as text with styles; an address stands behind the text that links to it.

    Each piece is made safe here, behind the parser: `&#27;` is a control character only now.
    """
    text = Text()
    styles: list[str] = []
    starts: list[tuple[int, str]] = []
    for token in tokens:
        if token.type == "link_open":
            starts.append((len(text), safe_text(str(token.attrs.get("href", "")))))
            styles.append("underline")
        elif token.type == "link_close":
            styles.pop()
            _append_address(text, *starts.pop())
        elif token.nesting == 1:
            styles.append(STYLES.get(token.tag, "none"))
        elif token.nesting == -1:
            styles.pop()
        else:
            _append(text, token, styles)
    return text


def _append(text: Text, token: Token, styles: Sequence[str]) -> None:
    match token.type:
        case "softbreak":
            text.append(" ")
        case "hardbreak":
            text.append("\n")
        case "code_inline":
            text.append(safe_text(token.content), _joined([*styles, CODE]))
        case "image":
            text.append(safe_text(token.content) or "image", _joined(styles))
            text.append(f" ({safe_text(str(token.attrs.get('src', '')))})", _URL)
        case _:
            text.append(safe_text(token.content), _joined(styles))


def _append_address(text: Text, start: int, address: str) -> None:
    if text.plain[start:] != address:
        text.append(f" ({address})", _URL)


def _joined(styles: Sequence[str]) -> str:
    return " ".join(style for style in styles if style != "none") or "none"
