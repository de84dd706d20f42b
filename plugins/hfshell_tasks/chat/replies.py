"""Which tokens of a conversation are replies, to the token: those alone are learnt and measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hfshell.api import Refused
from hfshell_tasks.chat.template import Message, Template

_MERGED = 2
"""Tokens at a border that may be written otherwise when more text follows."""


@dataclass(frozen=True)
class Conversation:
    """A conversation in tokens.

    Attributes:
        ids: without those that begin it.
        learnt: for each of them whether it is of a reply.
    """

    ids: list[int]
    learnt: list[bool]


def conversations(messages: Sequence[Message], template: Template, *, with_end: bool) -> list[Conversation]:
    """Return a conversation with its replies marked.

    It is one, unless the template shows a reply otherwise once the conversation has gone on (as those do that
    drop what a model thought): then each reply is the end of one of its own.

    Args:
        messages: with at least one reply.
        template: the model's.
        with_end: the token that ends a reply is of it; without it, the reply's text alone.

    Raises:
        Refused: guard `chat-template`: replies do not follow on what the template puts before them.
    """
    places = [place for place, message in enumerate(messages) if message["role"] == "assistant"]
    whole = template.ids(messages)
    spans = [_span(whole, messages, place, template) for place in places]
    if None not in spans and (template.keeps_replies or places == [len(messages) - 1]):
        return [_marked(whole, [span for span in spans if span], template, with_end=with_end)]
    found = []
    for place in places:
        ids = template.ids(messages[: place + 1])
        span = _span(ids, messages, place, template)
        if span is None:
            raise Refused(
                "chat-template",
                "the chat template begins a reply otherwise than it ends a prompt: "
                "what would be learnt is not what will be asked",
                hint="the model's tokenizer_config.json wants another chat template",
            )
        found.append(_marked(ids, [span], template, with_end=with_end))
    return found


def _span(
    ids: Sequence[int], messages: Sequence[Message], place: int, template: Template
) -> tuple[int, int] | None:
    """Return where a reply begins, and behind its end; None where it does not follow on its prompt."""
    prompt = template.ids(messages[:place], prompt=True)
    start = next(
        (number for number, pair in enumerate(zip(prompt, ids, strict=False)) if pair[0] != pair[1]),
        min(len(prompt), len(ids)),
    )
    if len(prompt) - start > _MERGED:
        return None
    if template.end is not None:
        end = next((number for number in range(start, len(ids)) if ids[number] == template.end), None)
        return None if end is None else (start, end + 1)
    said = template.ids(messages[: place + 1])
    return (start, len(said)) if list(ids[: len(said)]) == said else None


def _marked(
    ids: list[int], spans: Sequence[tuple[int, int]], template: Template, *, with_end: bool
) -> Conversation:
    whole = list(ids)
    learnt = [False] * len(ids)
    for start, end in spans:
        stop = end if with_end or whole[end - 1] != template.end else end - 1
        learnt[start:stop] = [True] * (stop - start)
    end_of_text = template.processor.eos_token_id
    if with_end and template.end is None and end_of_text is not None:
        last = spans[-1][1]
        return Conversation([*whole[:last], end_of_text], [*learnt[:last], True])
    return Conversation(whole, learnt)
