"""Results of conversations, and of lines that open a prompt of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from hfshell.api.results.base import Result, register_result


@register_result
@dataclass(frozen=True, kw_only=True)
class ChatReply(Result):
    """A reply in a conversation.

    Attributes:
        model: the model, as the line names it.
        task: the task that replied.
        text: the reply.
        finish_reason: `stop` when the model ended it, `length` when it was cut, `interrupted` by Ctrl-C.
        turn: which of the conversation's turns it is, from 1.
        seconds: how long it took.
        tokens: those that were written; None where the task does not count them.
        tokens_per_second: measured rate.
        prompt_tokens: those of the conversation that was replied to.
        reused_tokens: those of the prompt that had been read for a turn before, and were not read again.
        dropped: messages, the oldest, that the model is not told any more.
    """

    kind: ClassVar[str] = "reply"
    model: str
    task: str
    text: str
    finish_reason: Literal["stop", "length", "interrupted"]
    turn: int
    seconds: float
    tokens: int | None = None
    tokens_per_second: float | None = None
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    dropped: int = 0


@register_result
@dataclass(frozen=True, kw_only=True)
class SubPrompt(Result):
    """What a line without a text opens at the prompt: each line that follows goes to the model.

    Attributes:
        command: `chat` or `predict`.
        model: the model, as the line names it.
        task: the task that it is used for.
        options: flags with their values that each line is to repeat; a flag alone has None.
        wanted: flags of what each line lacks beside its text, `--context`.
        turns: of the conversation so far.
    """

    kind: ClassVar[str] = "sub_prompt"
    command: Literal["chat", "predict"]
    model: str
    task: str
    options: tuple[tuple[str, str | None], ...] = ()
    wanted: tuple[str, ...] = ()
    turns: int = 0
