"""What `$NAME`, `${NAME.field}` and `${env:NAME}` expand to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hfshell.api.results import Result
from hfshell.checking.disk import exists
from hfshell.errors import UsageError
from hfshell.language import did_you_mean
from hfshell.session.names import CURRENT, Names

if TYPE_CHECKING:
    from hfshell.commands.parsing import Argument
    from hfshell.plugin_host import PluginHost

SPLITS = ("train", "validation", "test")


class NameLookup:
    """Answers the language's questions about names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def value(self, name: str, field: str | None) -> str:
        """Return a plain value, or a field of a result.

        Raises:
            KeyError: the name is not bound, has no such field, or has no text of its own.
            UsageError: the field is there, but not defined for this data.
        """
        if name == CURRENT:
            return _field(CURRENT, self._names.current_result, field)
        binding = self._names.find(name, "value")
        if binding is not None and field is None:
            return str(binding.value)
        found = self._names.find(name, "result")
        return _field(name, found.value if found else None, field)

    def field(self, name: str, field: str) -> str:
        """Return a field of a result, for words that name one without a `$`.

        Raises:
            UsageError: it has no such field, or the field is not defined for this data.
        """
        try:
            return self.value(name, field)
        except KeyError:
            fields = self.fields(name)
            hint = did_you_mean(field, fields) or f"it has {', '.join(fields)}" if fields else None
            raise UsageError(f"{name} has no field {field}", hint=hint) from None

    def environment(self, name: str) -> str:
        """Return a variable of the environment.

        Raises:
            KeyError: it is not set.
        """
        return os.environ[name]

    def names(self) -> tuple[str, ...]:
        """What is bound."""
        current = (CURRENT,) if self._names.current_result else ()
        return (*(binding.name for binding in self._names), *current)

    def fields(self, name: str) -> tuple[str, ...]:
        """What may stand behind a name's dot."""
        if name == CURRENT and self._names.current_result:
            return tuple(self._names.current_result.fields())
        found = self._names.find(name, "result")
        return tuple(found.value.fields()) if found else ()


def require_known(arguments: Sequence[Argument], names: Names, plugins: PluginHost) -> None:
    """Find a misspelt model before anything else is said against a line: all that it says hangs on that.

    Args:
        arguments: the line's words; the first that is no option names the model.
        names: what is bound.
        plugins: where names of models are declared.

    Raises:
        UsageError: it is a plain word that is bound to nothing, and neither a folder nor a source's name.
    """
    first = next((argument for argument in arguments if not argument.option_like), None)
    if first is None or first.text is None or not first.text.isidentifier() or first.text == CURRENT:
        return
    offered = any(first.text in source.names for source in plugins.model_sources())
    if offered or exists(first.text):
        return
    try:
        names.get(first.text)
    except UsageError as error:
        raise error.at(first.place) from None


def _field(name: str, result: Result | None, field: str | None) -> str:
    values = result.fields() if result else {}
    if field is None:
        raise KeyError(name)
    value = values[field]
    if value is None:
        raise UsageError(f"{name}.{field} is not defined for this data")
    return str(value).lower() if isinstance(value, bool) else str(value)
