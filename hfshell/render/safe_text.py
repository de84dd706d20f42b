"""Untrusted text made visible: nothing that a model, a file or a label says can steer the terminal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import msgspec

_T = TypeVar("_T")

# C0 but for tab and newline, DEL and C1; bidi embeddings, overrides and isolates (CVE-2021-42574); lone
# surrogates, which no encoding takes; the tags block, which hides text from people but not from models.
_UNSAFE_BEYOND_C0 = "\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f"
_UNSAFE = re.compile(f"\r\n?|[\x00-\x08\x0b-\x1f{_UNSAFE_BEYOND_C0}]")
_UNSAFE_IN_JSON = re.compile(f"[{_UNSAFE_BEYOND_C0}]")
_C0_IN_JSON = (b"\\u", b"\\b", b"\\f", b"\\r")  # a backslash of the text's own may look like one: no harm
_CHARACTERS_PER_CELL = 20  # of these at most are looked at when a text is cut, however long it is


def safe_text(text: str) -> str:
    r"""Return the text with control characters written out, `\x1b` for ESC.

    Newlines and tabs stay, and CR LF becomes a newline. Characters are judged one by one, so text that
    arrives in pieces may be made safe piece by piece.
    """
    return _UNSAFE.sub(_visible, text)


def _visible(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\r\n":
        return "\n"
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: str, width: int, *, plain: bool = False) -> str:
    r"""Return the text on one line of at most `width` cells, cut with … when it is longer.

    Args:
        text: untrusted text of any length.
        width: in terminal cells, at least 1.
        plain: mark newlines and the cut in ASCII.
    """
    from rich.cells import cell_len, set_cell_size  # late: who reads no screen needs no rich

    ellipsis, newline = ("...", "\\n") if plain else ("…", "⏎")
    start = text[: width * _CHARACTERS_PER_CELL]
    line = safe_text(start).replace("\n", newline).replace("\t", " ")
    if len(start) == len(text) and cell_len(line) <= width:
        return line
    if width <= len(ellipsis):
        return ellipsis[:width]
    return set_cell_size(line, width - len(ellipsis)).rstrip() + ellipsis


def made_safe(value: _T) -> _T:
    """Return a result, or any JSON-like value, with every string in it made safe; itself when all are."""
    return value if _is_safe(value) else cast("_T", _made_safe(value))


def _is_safe(value: Any) -> bool:
    """Look at all strings at once, as JSON: a hundred thousand predictions take no time."""
    try:
        encoded = msgspec.json.encode(value)
    except (TypeError, UnicodeEncodeError, msgspec.MsgspecError):
        return False
    if any(escape in encoded for escape in _C0_IN_JSON):
        return False
    if encoded.isascii():
        return b"\x7f" not in encoded
    return _UNSAFE_IN_JSON.search(encoded.decode()) is None


def _made_safe(value: Any) -> Any:
    if isinstance(value, str):
        return safe_text(value)
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, Mapping):
        return {_made_safe(key): _made_safe(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_made_safe(item) for item in value]
    if isinstance(value, tuple):
        return tuple(_made_safe(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{item.name: _made_safe(getattr(value, item.name)) for item in fields(value)})
    return safe_text(str(value))
