"""Command lines made of what was typed. A text stands in quotes that let nothing in it mean anything."""

from __future__ import annotations

from collections.abc import Iterable

from hfshell.language import quote

Pairs = Iterable[tuple[str, str | None]]


def literally(text: str) -> str:
    """Return a text as one word that is never an option, a name or a file.

    A sign that no word can hold, NUL or a lone surrogate, becomes the one that stands for such.
    """
    readable = text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")
    return "'" + readable.replace("'", "'\\''") + "'"


def line(command: str, model: str, text: str | None = None, options: Pairs = (), *more: str) -> str:
    """Return a command line.

    Args:
        command: `chat` or `predict`.
        model: a name, or a source.
        text: what is said; None for nothing.
        options: flags with their values.
        more: words behind all, as they stand.
    """
    said = () if text is None else (literally(text),)
    given = (flag if value is None else f"{flag}={literally(value)}" for flag, value in options)
    return " ".join((command, quote(model), *said, *given, *more))
