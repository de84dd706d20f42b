"""What was typed: a text for the model, or a command behind a slash."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

SLASH = "/"

PREDICT_COMMANDS: Mapping[str, tuple[str, str]] = {
    "help": ("", "This list"),
    "set": ("OPTION VALUE", "Set an option of the lines that follow; without a value its default again"),
    "exit": ("", "Leave, as Ctrl-D does"),
}
CHAT_COMMANDS: Mapping[str, tuple[str, str]] = {
    "help": PREDICT_COMMANDS["help"],
    "new": ("", "Begin a new conversation"),
    "undo": ("", "Take the last turn back"),
    "again": ("", "Have the last reply written anew"),
    "system": ("TEXT", "What the model is told before the conversation; nothing without a text"),
    "set": PREDICT_COMMANDS["set"],
    "save": ("FILE", "Write the conversation to a file: .jsonl, .json or .md"),
    "exit": PREDICT_COMMANDS["exit"],
}
"""By name: what follows, and what it does."""

_COMMAND = re.compile(r"/(?P<name>\S*)(?:\s+(?P<rest>.*))?\Z", re.DOTALL)


@dataclass(frozen=True)
class Said:
    """A text for the model."""

    text: str


@dataclass(frozen=True)
class Asked:
    """A command.

    Attributes:
        name: what stands behind the slash; it may be none that there is.
        rest: what follows it.
    """

    name: str
    rest: str


def typed(text: str) -> Said | Asked:
    """Say what a text is. One that begins with two slashes is said, with one of them."""
    if not text.startswith(SLASH):
        return Said(text)
    found = None if text.startswith(SLASH * 2) else _COMMAND.match(text)
    if found is None:
        return Said(text[1:])
    return Asked(found["name"], (found["rest"] or "").strip())
