"""Encodings: UTF-8, UTF-16 by its byte order mark, or what the user says. Nothing is guessed from bytes."""

from __future__ import annotations

import codecs

from hfshell.data.files import HashedFile, InputFile, unpacked
from hfshell.errors import UsageError

HINT = "another encoding? `--encoding latin-1` (or cp1252, utf-16, …) reads it"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
TAKES_MARK_AWAY = frozenset(_MARKS.values())
"""Codecs that take the byte order mark away themselves."""


def find_encoding(chosen: str | None, head: bytes) -> str:
    """Return a file's encoding.

    Args:
        chosen: the user's word, or None.
        head: the first bytes.

    Raises:
        UsageError: there is no such encoding.
    """
    if chosen is not None:
        try:
            name = codecs.lookup(chosen).name
            "".encode(name)  # a codec between bytes and bytes, such as hex, is not one of text
        except LookupError:
            hint = "latin-1, cp1252, utf-16, shift_jis, …"
            raise UsageError(f"there is no text encoding {chosen}", hint=hint) from None
        return "utf-8-sig" if name == "utf-8" else name
    return next((name for bom, name in _MARKS.items() if head.startswith(bom)), "utf-8")


def undecodable(file: InputFile, encoding: str, escaped: str, *, first: bool) -> str:
    """Put an undecodable byte into words; the first one with its offset, for which the file is read again."""
    byte = f"byte 0x{ord(escaped) & 0xFF:02x}"
    if first:
        with HashedFile(file.path) as raw, unpacked(file, raw) as stream:
            try:
                stream.read().decode(encoding)
            except UnicodeDecodeError as error:
                byte += f" at offset {error.start:,}"
    return f"{byte} is not {name_of(encoding)}"


def name_of(encoding: str) -> str:
    """Return an encoding's name as people write it."""
    return "UTF-8" if encoding.startswith("utf-8") else encoding.upper()
