"""Conversations: messages with who says what, in an order that chat templates take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from hfshell.data.jsonvalues import json_type
from hfshell.data.kinds.cells import Unfit, convert, is_missing, listed, quoted
from hfshell.data.labels import Converted
from hfshell.data.table import TEXT

MESSAGES = pa.list_(pa.struct([("role", TEXT), ("content", TEXT)]))
"""Arrow's type for messages."""

_OPENING = ("system", "developer")
_ROLES = (*_OPENING, "user", "assistant", "tool")


def as_messages(cells: Sequence[Any], beside: Sequence[Any] | None) -> Converted:
    """Return messages, each a role and a content.

    What a system says comes first, then a user speaks, and user and assistant take turns.
    """
    return convert(cells, beside, lambda cell, _: _messages_of(cell), MESSAGES)


def _messages_of(cell: Any) -> list[dict[str, str]] | None:
    if is_missing(cell):
        return None
    messages = [_message(place, item) for place, item in enumerate(listed(cell), 1)]
    if not messages:
        raise Unfit("there is no message")
    before = "system"
    for place, message in enumerate(messages, 1):
        _check_turn(place, before, message["role"])
        before = message["role"]
    return messages


def _message(place: int, item: Any) -> dict[str, str]:
    if not isinstance(item, dict):
        raise Unfit(f"message {place} is {json_type(item)}, not an object with `role` and `content`")
    role, content = item.get("role"), item.get("content")
    if role not in _ROLES:
        said = f"{quoted(role)} is none" if isinstance(role, str) else "it has none"
        raise Unfit(f"message {place} has no role: {said} of {', '.join(_ROLES)}")
    if not isinstance(content, str):
        said = "no content" if content is None else f"{json_type(content)} for its content"
        raise Unfit(f"message {place} has {said}")
    if not content.strip() and role != "assistant":
        raise Unfit(f"message {place} is empty")
    return {"role": role, "content": content}


def _check_turn(place: int, before: str, role: str) -> None:
    if role in _OPENING and before not in _OPENING:
        raise Unfit(f"message {place} is the {role}'s, who speaks before all others")
    if role in ("assistant", "tool") and before in _OPENING:
        raise Unfit(f"message {place} is the {role}'s, and no user spoke before")
    if role == before and role in ("user", "assistant"):
        raise Unfit(f"messages {place - 1} and {place} are both the {role}'s")
    if role == "tool" and before == "user":
        raise Unfit(f"message {place} is a tool's, and no assistant asked for it")
