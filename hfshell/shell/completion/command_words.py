"""Commands as candidates: those that make sense now, and why another one does not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from hfshell.api.options import OptionField, option_fields
from hfshell.commands.table import CommandTable
from hfshell.shell.completion.suggestions import Candidate

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec
    from hfshell.shell.completion.bound_names import BoundNames

_OF_SCRIPTS = ("param",)
"""Words that only a script's header may have."""


class CommandWords:
    """Words that may stand first on a line.

    Args:
        commands: the commands there are.
        bound: what is bound, which decides what makes sense.
        aliases: words of the user's own, and what they stand for.
    """

    def __init__(
        self, commands: CommandTable, bound: BoundNames, aliases: Callable[[], Mapping[str, str]]
    ) -> None:
        self._commands = commands
        self._bound = bound
        self._aliases = aliases

    def all(self) -> Iterator[Candidate]:
        """All commands, for who asks about them."""
        for name in self._commands.names():
            if spec := self._commands.find(name):
                yield Candidate(name, spec.summary)

    def valid(self, typed: str, *, binding: bool) -> Iterator[Candidate]:
        """Commands that make sense now; one that does not yet comes last, once its name is typed.

        Args:
            typed: what is typed of it.
            binding: a name stands before it, so it must give something.
        """
        kinds = self._bound.kinds()
        for name in self._commands.names():
            spec = self._commands.find(name)
            if spec is None or name in _OF_SCRIPTS or (binding and spec.binds == "nothing"):
                continue
            if (missing := _missing(spec, kinds)) is None:
                yield Candidate(name, spec.summary)
            elif typed:
                yield Candidate(name, missing, late=True)
        yield from self.aliases()

    def aliases(self) -> Iterator[Candidate]:
        """The user's own words."""
        for name, line in self._aliases().items():
            yield Candidate(name, f"alias of {line}")


def _missing(spec: CommandSpec, kinds: frozenset[str]) -> str | None:
    """Say what must be bound before a command makes sense; None when it does."""
    wanted = {field.info.complete for field in option_fields(spec.options) if _is_about_names(field)}
    if "bound-model" in wanted and "model" not in kinds:
        return "no model is bound yet"
    if "name" in wanted and not kinds:
        return "nothing is bound yet"
    return None


def _is_about_names(field: OptionField) -> bool:
    return field.info.positional and field.info.complete in ("name", "bound-model")
