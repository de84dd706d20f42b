"""The conversations of a session, one a model. They outlive the kernel, as names do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from hfshell.errors import UsageError
from hfshell.storage import write_file_atomically

if TYPE_CHECKING:
    from hfshell.compute.reading import Reading
    from hfshell.models.store import ModelKey

CONVERSATIONS = "conversations.json"

Message = dict[str, str]


@dataclass
class Conversation:
    """What was said to a model, and by it.

    Attributes:
        messages: of user and assistant in turn, oldest first.
        system: what the model is told before them; empty for nothing.
        dropped: how many of the oldest messages the model is not told any more.
        tries: how often the last reply was written anew.
    """

    messages: list[Message] = field(default_factory=list)
    system: str = ""
    dropped: int = 0
    tries: int = 0

    @property
    def turns(self) -> int:
        """How many replies there are."""
        return sum(message["role"] == "assistant" for message in self.messages)

    def asking(self, text: str) -> tuple[Message, ...]:
        """Return what the model is told when somebody says this."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return (*system, *self.messages[self.dropped :], {"role": "user", "content": text})

    def whole(self) -> list[Message]:
        """Return all that was said, what the model is told no more included."""
        system = [{"role": "system", "content": self.system}] if self.system else []
        return [*system, *self.messages]

    def add(self, asked: str, reply: str, dropped: int) -> None:
        """Add a turn, and leave out that many more of the oldest messages from now on."""
        self.messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": reply}]
        self.dropped += dropped
        self.tries = 0

    def take_back(self) -> str:
        """Take the last turn back, and return what was asked.

        Raises:
            UsageError: nothing was said.
        """
        if not self.messages:
            raise UsageError("nothing was said yet in this conversation")
        asked = self.messages[-2]["content"]
        del self.messages[-2:]
        self.dropped = min(self.dropped, len(self.messages))
        return asked

    def begin_anew(self) -> None:
        """Forget what was said; what the system says stays."""
        self.messages, self.dropped, self.tries = [], 0, 0


class Conversations:
    """The conversations by the model's source.

    Args:
        journal: file that outlives the process; None keeps nothing.
    """

    def __init__(self, journal: Path | None = None) -> None:
        self._journal = journal
        self._found: dict[str, Conversation] = {}
        self._read: dict[str, Reading] = {}
        if journal is not None and journal.exists():
            self._restore(journal)

    def of(self, key: ModelKey) -> Conversation:
        """Return the conversation with a model, an empty one at first."""
        return self._found.setdefault(key.source, Conversation())

    def reading_of(self, key: ModelKey) -> Reading:
        """Return what the model has read of it and keeps in memory."""
        from hfshell.compute.reading import Reading

        return self._read.setdefault(key.source, Reading())

    def forget_read(self, source: str) -> None:
        """Let go of what a model has read, for it leaves memory."""
        if source in self._read:
            self._read.pop(source).forget()

    def said(self) -> dict[str, dict[str, Any]]:
        """Return the conversations by the model's source, as JSON types."""
        return {source: asdict(one) for source, one in self._found.items() if one.messages or one.system}

    def take_up(self, said: Mapping[str, Any]) -> None:
        """Go on with conversations that another process had, as `said` returned them."""
        self._found |= msgspec.convert(said, dict[str, Conversation])
        self.keep()

    def keep(self) -> None:
        """Write down what was said."""
        if self._journal is not None:
            write_file_atomically(self._journal, json.dumps(self.said(), ensure_ascii=True))

    def _restore(self, journal: Path) -> None:
        try:
            kept = json.loads(journal.read_text(encoding="utf-8"))
            self._found = msgspec.convert(kept, dict[str, Conversation])
        except (ValueError, TypeError):  # a damaged journal costs what was said, not the session
            journal.replace(journal.with_suffix(".damaged"))


def written(messages: Sequence[Message], ending: str) -> str:
    """Return a conversation as the text of a file.

    Args:
        messages: what was said.
        ending: of the file's name: `.jsonl` gives one row, as `data` reads it, `.json` the same in a list,
            `.md` a heading for each message.

    Raises:
        UsageError: another ending.
    """
    row: dict[str, Any] = {"messages": list(messages)}
    if ending == ".jsonl":
        return json.dumps(row, ensure_ascii=False) + "\n"
    if ending == ".json":
        return json.dumps([row], ensure_ascii=False, indent=2) + "\n"
    if ending == ".md":
        return "\n\n".join(f"## {item['role'].capitalize()}\n\n{item['content']}" for item in messages) + "\n"
    raise UsageError(
        f"a conversation is not written as {ending or 'a file without an ending'}", hint=_ENDINGS
    )


_ENDINGS = ".jsonl and .json are read by `data`, .md by people"
