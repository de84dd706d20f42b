"""A conversation that is longer than the model reads: its oldest turns are left out, whole, and counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hfshell_tasks.chat.template import Message

_ROOM = 4
"""One part in so many of the room is left free, so that the next turns find some: what a model has read of a
conversation is of use only while that begins as it did."""


def fitted(
    messages: Sequence[Message], longest: int | None, length: Callable[[list[Message]], int]
) -> list[Message]:
    """Return what of a conversation fits: all of it, or what the system says and the newest turns.

    Args:
        messages: the last of them a user's.
        longest: tokens there is room for; None for no limit.
        length: counts the tokens of messages.
    """
    whole = list(messages)
    if longest is None or length(whole) <= longest:
        return whole
    first = 1 if whole[0]["role"] in ("system", "developer") else 0
    starts = [place for place in range(first + 1, len(whole)) if whole[place]["role"] == "user"]
    for start in starts:
        kept = [*whole[:first], *whole[start:]]
        if length(kept) <= longest - longest // _ROOM:
            return kept
    return [*whole[:first], *whole[starts[-1] :]] if starts else whole
