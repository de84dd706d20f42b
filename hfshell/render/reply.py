"""Replies, and what a prompt of its own begins with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from hfshell.render.layout import Flow
from hfshell.render.quantities import many

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult

    from hfshell.api.results import ChatReply, SubPrompt
    from hfshell.render.look import Look


class MarkdownText:
    """Markdown that is whole, drawn as it is while it is written."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        from hfshell.render.streaming.stream import MarkdownStream  # its imports take a while

        stream = MarkdownStream(console, options.max_width)
        stream.feed(self.text)
        yield from (*stream.advance(), *stream.close())


def render_reply(reply: ChatReply, look: Look) -> RenderableType:
    """Return a reply with a line of facts; the text alone, as it is, in plain mode."""
    if look.plain:
        return Text(reply.text)
    return Group(MarkdownText(reply.text), render_reply_facts(reply, look))


def render_reply_facts(reply: ChatReply, look: Look) -> RenderableType:
    """Return what is said of a reply below it: how long it is, how fast it came, and why it ended early."""
    facts = []
    if reply.finish_reason == "interrupted":
        facts.append(Text("stopped, what there is of it is kept", "warn"))
    if reply.finish_reason == "length":
        facts.append(Text("cut", "warn"))
    if reply.tokens is not None:
        facts.append(Text(many(reply.tokens, "token"), "dim"))
    if reply.tokens_per_second is not None:
        facts.append(Text(f"{reply.tokens_per_second:,.0f}/s", "dim"))
    return Flow(facts, look.symbols.separator) if facts else Text(end="")


def render_sub_prompt(opened: SubPrompt, look: Look) -> RenderableType:
    """Return what a prompt of its own says before its first line."""
    turns = f"{many(opened.turns, 'turn')} so far" if opened.turns else ""
    parts = [f"each line goes to {opened.model}", turns, "Ctrl-D leaves", "/help"]
    return Flow([Text(part, "dim") for part in parts if part], look.symbols.separator)
