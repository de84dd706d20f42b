"""`unload`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api.results import Unloaded
from hfshell.errors import UsageError
from hfshell.session.names import A_KIND

if TYPE_CHECKING:
    from hfshell.commands.unload import UnloadOptions
    from hfshell.session.context import CommandContext


def unload(context: CommandContext, options: UnloadOptions) -> Unloaded:
    """Forget names, or park what they hold, and count the memory that came free."""
    session = context.session
    names = tuple(binding.name for binding in session.names) if options.all else options.names
    names = tuple(dict.fromkeys(names))
    if not names and not options.all:
        raise UsageError("unload wants a name", hint="`unload --all` forgets everything")
    for name in names:
        session.names.get(name)
    before = session.warm.store.bytes
    for name in names:
        if options.park:
            _park(context, name)
        else:
            session.names.forget(name)
    session.warm.release()
    return Unloaded(names=names, parked=options.park, bytes=before - session.warm.store.bytes)


def _park(context: CommandContext, name: str) -> None:
    binding = context.session.names.get(name)
    if binding.kind not in ("model", "data"):
        raise UsageError(f"{name} is {A_KIND[binding.kind]}: only models and data can be parked")
    if binding.kind == "model":
        context.session.warm.park(binding)
    context.session.names.park(name)
