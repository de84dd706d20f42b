"""`chat`: talk with a model."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec
from hfshell.commands.allowing import allow_option


@dataclass(frozen=True)
class ChatCommandOptions:
    """Options of `chat`."""

    model: str = argument("A bound model, a model source, or _", complete="model", metavar="MODEL")
    words: tuple[str, ...] = argument("What you say", default=(), complete="text", metavar="TEXT")
    new: bool = option(False, "Begin a new conversation")
    undo: bool = option(False, "Take the last turn back")
    again: bool = option(False, "Have the last reply written anew")
    save: str | None = option(
        None, "Write the conversation to a file: .jsonl, .json or .md", complete="file", metavar="FILE"
    )
    task: str | None = option(None, "The task, when the model does not say", complete="task")
    max_length: int | None = option(
        None, "Longest conversation in tokens; the model's own without it", minimum=8
    )
    allow: tuple[str, ...] = allow_option()


COMMAND = CommandSpec(
    name="chat",
    summary="Talk with a model; without a text, line after line",
    options=ChatCommandOptions,
    target="hfshell.session.verbs.chat:chat",
    section="Work",
    description=(
        "Each model has one conversation, which goes on from line to line until --new. Without a text, at "
        "the prompt, what follows is said line by line until Ctrl-D. A heredoc is said too, behind the text. "
        "--system is kept for the turns that follow. When a conversation is longer than the model reads, its "
        "oldest turns are left out, which is said."
    ),
    examples=(
        ('chat helper "Where is my parcel?" --system "You are brief."', "one turn"),
        ("chat helper", "talk until Ctrl-D"),
        ("reply = chat helper --again --temperature 0.8", "the last reply, written anew"),
        ("chat helper --save talk.jsonl", "rows that `data` reads"),
    ),
    verb="predict",
    role="messages",
    heredoc=True,
)
