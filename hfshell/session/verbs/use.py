"""`use`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import Message

if TYPE_CHECKING:
    from hfshell.commands.use import UseOptions
    from hfshell.session.context import CommandContext


def use(context: CommandContext, options: UseOptions) -> Message:
    """Make a bound model the one that `_` means; it is loaded when it is next used."""
    names = context.session.names
    binding = names.get(options.model)
    if binding.kind != "model":
        raise _not_a_model(options.model, binding.kind)
    names.use_model(binding)
    return Message(lines=(f"_ is {options.model}",))


def _not_a_model(name: str, kind: str) -> Exception:
    from hfshell.errors import UsageError
    from hfshell.session.names import A_KIND

    return UsageError(f"{name} is {A_KIND[kind]}, not a model")
