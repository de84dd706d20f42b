"""Words of texts in scripts that put no spaces between them."""

from __future__ import annotations

import re

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED = f"{_HAN}\u3005\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # and kana
_PIECES = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_CHINESE = re.compile(f"[{_HAN}]")
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")


def has_chinese(text: str) -> bool:
    """Whether there are Chinese characters in a text; Japanese has them too."""
    return _CHINESE.search(text) is not None


def is_unspaced(text: str) -> bool:
    """Whether there are characters in a text that are written without spaces between words."""
    return _UNSPACED_CHARACTER.search(text) is not None


def is_beyond_ascii(text: str) -> bool:
    """Whether most letters of a text are of another alphabet than that of English."""
    letters = [character.isascii() for character in text if character.isalpha()]
    return 2 * sum(letters) < len(letters)


def pieces(text: str) -> list[str]:
    """Return the words of a text, in small letters; of Chinese and Japanese each character."""
    return _PIECES.findall(text.lower())
