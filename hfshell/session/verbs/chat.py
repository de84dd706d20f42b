"""`chat`."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hfshell.api.cancel import CancelToken
from hfshell.api.results import ChatReply, Message, Saved, SubPrompt
from hfshell.errors import PluginError, UsageError
from hfshell.session.conversations import written
from hfshell.session.options_again import options_again
from hfshell.storage import write_file_atomically

if TYPE_CHECKING:
    from hfshell.api.results import Result
    from hfshell.commands.chat import ChatCommandOptions
    from hfshell.compute.reading import Turn
    from hfshell.session.context import CommandContext
    from hfshell.session.conversations import Conversation
    from hfshell.session.tasks import ChosenTask
    from hfshell.session.warm_model import WarmModel

_ONCE = ("model", "words", "new", "undo", "again", "save", "system")
"""Options that are of one line, or remembered; a prompt that the line opens does not repeat them."""

TURNS = "turns"
"""The guard by which a task says that it left the oldest turns out; its count is that of messages."""


def chat(context: CommandContext, options: ChatCommandOptions) -> Result:
    """Say something to a model, or do something with the conversation."""
    text = _said(context, options)
    _require_one_wish(options, text)
    if text is None and not (options.undo or options.again or options.save):
        _require_prompt(context, options)
    ending = _require_file(options)
    session = context.session
    warm = session.warm.get(options.model, context)
    chosen = session.tasks.of_conversation(options.task, warm.model)
    chosen.check("predict", warm.model)
    context.chosen = chosen
    conversation = session.conversations.of(warm.key)
    _prepare(context, options, conversation)
    result: Result | None = None
    if options.undo:
        result = _undone(conversation)
    elif options.again or text is not None:
        result = _reply(context, options, chosen, warm, conversation, text)
    session.conversations.keep()
    if options.save is not None and ending is not None:
        saved = _save(conversation, Path(options.save).expanduser(), ending)
        result = result or saved
    return result or SubPrompt(
        command="chat",
        model=options.model,
        task=chosen.spec.name,
        options=options_again(context, without=_ONCE),
        turns=conversation.turns,
    )


def _said(context: CommandContext, options: ChatCommandOptions) -> str | None:
    """Return what is said: the words of the line, and the heredoc behind them."""
    words = " ".join(options.words) if options.words else None
    parts = [part for part in (words, context.text) if part is not None]
    text = "\n\n".join(parts)
    if parts and not text.strip():
        raise UsageError("nothing is said", hint=f'chat {options.model} "…"')
    return text if parts else None


def _require_one_wish(options: ChatCommandOptions, text: str | None) -> None:
    for flag, given in (("--undo", options.undo), ("--again", options.again)):
        if given and (text is not None or options.new):
            raise UsageError(f"{flag} is of the last turn: say nothing beside it")
    if options.undo and options.again:
        raise UsageError("--undo takes a reply back, --again has it written anew: one of them")


def _require_prompt(context: CommandContext, options: ChatCommandOptions) -> None:
    """Make sure that somebody can be asked what to say."""
    if context.line.binding or context.line.redirect or not context.interactive:
        raise UsageError("chat wants a text", hint=f'chat {options.model} "…"')


def _require_file(options: ChatCommandOptions) -> str | None:
    """Return the ending of the file to save to, before the work."""
    if options.save is None:
        return None
    ending = Path(options.save).suffix.lower()
    written((), ending)
    return ending


def _prepare(context: CommandContext, options: ChatCommandOptions, conversation: Conversation) -> None:
    if options.new:
        conversation.begin_anew()
    if "system" in context.given:
        conversation.system = getattr(context.task_options, "system", None) or ""


def _undone(conversation: Conversation) -> Message:
    asked = conversation.take_back()
    left = f"{conversation.turns} left" if conversation.turns else "the conversation is empty"
    first = asked.splitlines()[0][:60]
    return Message(lines=(f"taken back: {first}{'…' if first != asked else ''} · {left}",))


def _save(conversation: Conversation, path: Path, ending: str) -> Saved:
    content = written(conversation.whole(), ending).encode("utf-8", errors="backslashreplace")
    write_file_atomically(path, content)
    return Saved(name="", path=str(path), bytes=len(content))


def _reply(
    context: CommandContext,
    options: ChatCommandOptions,
    chosen: ChosenTask,
    warm: WarmModel,
    conversation: Conversation,
    text: str | None,
) -> ChatReply:
    """Have the task reply; the conversation goes on only when it has."""
    tries = conversation.tries + 1 if text is None else 0
    before = (list(conversation.messages), conversation.dropped)
    asked = conversation.take_back() if text is None else text
    try:
        context.seed += conversation.turns + tries * _SEEDS_APART
        began = time.perf_counter()
        with _turn(context, warm) as turn:
            row = _only_row(context, chosen, warm, conversation, asked)
        seconds = time.perf_counter() - began
        reply = _text_of(row, chosen)
    except BaseException:
        conversation.messages, conversation.dropped = before
        raise
    dropped = sum(guard.count or 0 for guard in context.spoken if guard.name == TURNS)
    conversation.add(asked, reply, dropped)
    conversation.tries = tries
    reason = turn.finish_reason or _reason(row)
    return ChatReply(
        model=options.model,
        task=chosen.spec.name,
        text=reply,
        finish_reason=reason,
        turn=conversation.turns,
        seconds=seconds,
        tokens=turn.tokens,
        tokens_per_second=turn.tokens / seconds if turn.tokens and seconds > 0 else None,
        prompt_tokens=turn.prompt_tokens,
        reused_tokens=turn.reused_tokens,
        dropped=conversation.dropped,
    )


_SEEDS_APART = 1000
"""Between two tries of a reply; turns of a conversation are one apart."""


@contextmanager
def _turn(context: CommandContext, warm: WarmModel) -> Iterator[Turn]:
    """Give the writer what was read before. The first Ctrl-C ends the reply, which is kept."""
    from hfshell.compute.reading import Turn

    reading = context.session.conversations.reading_of(warm.key)
    asked_to_stop = context.cancelled
    asked_to_stop.raise_if_set()
    context.turn = Turn(reading, stopped=asked_to_stop)
    context.cancelled = CancelToken()
    context.writes_result = context.line.redirect is None
    try:
        yield context.turn
    finally:
        context.turn, context.cancelled, context.writes_result = None, asked_to_stop, False


def _only_row(
    context: CommandContext, chosen: ChosenTask, warm: WarmModel, conversation: Conversation, asked: str
) -> Any:
    task_options = chosen.options("predict", replace(context, given=context.given - {"system"}))
    role = next(role.name for role in chosen.spec.roles if role.kind == "messages")
    rows = [{role: conversation.asking(asked)}]
    selected = chosen.selected(chosen.predict(warm.model, rows, task_options, context), task_options)
    return selected[0]


def _text_of(row: Any, chosen: ChosenTask) -> str:
    text = row.get("generated_text") if isinstance(row, Mapping) else row
    if not isinstance(text, str):
        raise PluginError(
            f"{chosen.title}: predict gave {row!r:.60}, not a reply",
            hint='a reply is a text, or a mapping with "generated_text"',
        )
    return text


def _reason(row: Any) -> Literal["stop", "length"]:
    said = row.get("finish_reason") if isinstance(row, Mapping) else None
    return "length" if said == "length" else "stop"
