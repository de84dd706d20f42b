"""What `/set` sets: options of the lines that follow, held against the declarations at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hfshell.api.options import OptionField, option_fields
from hfshell.commands.parsing import Argument, parse
from hfshell.commands.task_options import added_options
from hfshell.errors import PROMPT, HfshellError, Place, UsageError
from hfshell.language import did_you_mean
from hfshell.settings.words import read_switch

if TYPE_CHECKING:
    from hfshell.commands.table import CommandTable
    from hfshell.plugin_host import PluginHost

_NOT_HERE = ("new", "undo", "again", "save", "system")
"""Options of `chat` that have a command behind a slash."""


@dataclass
class LineOptions:
    """The options of the lines that follow.

    Attributes:
        command: `chat` or `predict`.
        task: the task at work.
        commands, plugins: where both are declared.
        given: flags with their values, in order.
    """

    command: str
    task: str
    commands: CommandTable
    plugins: PluginHost
    given: list[tuple[str, str | None]] = field(default_factory=list)

    def fields(self) -> Sequence[OptionField]:
        """Return the options that may be set."""
        spec = self.commands.get(self.command)
        added = self._added()
        found = (*option_fields(spec.options), *(option_fields(added) if added else ()))
        return [item for item in found if not item.info.positional and item.name not in _NOT_HERE]

    def set(self, name: str, value: str) -> str:
        """Set an option, and return what to tell the user.

        Args:
            name: as a flag, or without its dashes.
            value: as typed; an empty one sets the default again, and turns a switch on.

        Raises:
            UsageError: there is no such option, or it cannot have that value.
        """
        found = self._find(name)
        flags = (found.flag, f"--no-{found.flag[2:]}")
        given: list[tuple[str, str | None]] = []
        if found.type is bool:
            given = [(self._switch(found, value), None)]
        elif value:
            given = [(found.flag, value)]
        before, kept = self.given, [pair for pair in self.given if pair[0] not in flags]
        self.given = [*kept, *given]
        try:
            self._check()
        except HfshellError:
            self.given = before
            raise
        shown = " ".join(part for pair in given for part in pair if part)
        return shown or f"{found.flag} has its default again"

    def _find(self, name: str) -> OptionField:
        fields = self.fields()
        flag = name if name.startswith("--") else f"--{name.replace('_', '-')}"
        found = next((item for item in fields if item.flag == flag), None)
        if found is None:
            known = [item.flag for item in fields]
            hint = did_you_mean(flag, known) or f"there is {', '.join(known)}"
            raise UsageError(f"there is no option {flag}", hint=hint)
        return found

    def _switch(self, found: OptionField, value: str) -> str:
        try:
            on = not value or read_switch(value)
        except ValueError:
            raise UsageError(f"{found.flag} is on or off, not {value}") from None
        return found.flag if on else f"--no-{found.flag[2:]}"

    def _check(self) -> None:
        given = (flag if value is None else f"{flag}={value}" for flag, value in self.given)
        words = ["model", "text", *given]
        place = Place(PROMPT)
        arguments = [Argument(word, number > 1, place) for number, word in enumerate(words)]
        try:
            parse(self.commands.get(self.command), arguments, place, self._added())
        except HfshellError as error:
            raise UsageError(error.message, hint=error.hint) from None

    def _added(self) -> type | None:
        return added_options(self.commands.get(self.command), self.task, self.plugins)
