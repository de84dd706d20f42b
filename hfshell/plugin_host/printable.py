"""What plugins are called and say can be printed: nothing is hidden, nothing steers a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
"""Unicode's categories: controls, formats (bidirectional ones too), private use, surrogates, separators."""

_JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji are written with them
_OF_LINES = frozenset({"about", "description", "examples"})
"""Keys of texts that may have several lines."""


def require_printable(plain: Any, where: str = "", allowed: str = _JOINERS) -> None:
    """Look at every text in a declaration.

    Args:
        plain: JSON types.
        where: what it is called in errors.
        allowed: hidden characters that do no harm here.

    Raises:
        ValueError: a text holds a character that cannot be seen.
    """
    if isinstance(plain, Mapping):
        for key, value in plain.items():
            require_printable(key, where or "a key")
            require_printable(value, _joined(where, key), f"{_JOINERS}\n\t" if key in _OF_LINES else allowed)
    elif isinstance(plain, (list, tuple)):
        for value in plain:
            require_printable(value, where, allowed)
    elif isinstance(plain, str):
        hidden = next(
            (one for one in plain if unicodedata.category(one) in _HIDDEN and one not in allowed), None
        )
        if hidden is not None:
            raise ValueError(f"{where} holds a control character, U+{ord(hidden):04X}")


def _joined(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
