"""The lines of this session that worked, for a script that does the same again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.language import lex
from hfshell.shell.history import is_worth_keeping

if TYPE_CHECKING:
    from hfshell.api.events import CommandStarted, SessionEvent
    from hfshell.commands.local import LocalContext

_HEADER = "#!/usr/bin/env hfshell\n"
_MOST_FINDINGS = 3


@dataclass
class Transcript:
    """Listens to what runs.

    Attributes:
        file: the name of the text whose lines count: what a sourced script runs was not typed.
        lines: what was typed and worked, oldest first.
        hidden: how many more there were that may not be written down.
    """

    file: str
    lines: list[str] = field(default_factory=list)
    hidden: int = 0
    _hides: bool = False

    def typed(self, text: str) -> None:
        """Take note of what was typed: what begins with a space is not to be kept."""
        self._hides = text.startswith(" ")

    def hear(self, event: SessionEvent) -> None:
        """Take in what happened."""
        from hfshell.api.events import CommandFinished

        if not isinstance(event, CommandFinished) or event.error is not None:
            return
        if event.started.file == self.file and not _keeps_sessions(event.started):
            self.keep(event.started.text)

    def keep(self, line: str) -> None:
        """Keep a line that worked, unless it holds a secret or is to be hidden."""
        if is_worth_keeping(line) and not self._hides:
            self.lines.append(line)
        else:
            self.hidden += 1

    def script(self) -> str:
        """Return the script that the lines are."""
        return _HEADER + "".join(f"{line}\n" for line in self.lines)

    def findings(self, file: Path, context: LocalContext) -> list[str]:
        """Return what `check` finds in the script: names of an earlier session, most likely."""
        from hfshell.checking.files import check_file

        found = check_file(str(file), context.commands, context.plugins, ())
        lines = [
            f"line {item.place.line}: {item.message}{f' ({item.hint})' if item.hint else ''}"
            for item in found[:_MOST_FINDINGS]
        ]
        more = len(found) - _MOST_FINDINGS
        return [*lines, f"{more} more: `check {file}`"] if more > 0 else lines


def _keeps_sessions(started: CommandStarted) -> bool:
    """Whether a line only saves, lists or removes sessions: said again by a script, it would be refused."""
    if started.command != "session":
        return False
    words = lex(started.text).statements[0]
    said = [token.word.plain for token in words if token.kind == "word" and token.word is not None]
    return said[:1] != ["load"]
