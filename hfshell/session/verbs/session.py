"""`session`: save, list, load, restore, remove."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hfshell.api.results.sessions import SessionChanged, SessionRow, SessionTable
from hfshell.errors import StorageError, UsageError
from hfshell.journal.crashed import crashed, mark_restored
from hfshell.journal.saved import SavedSessions, damaged_as_none
from hfshell.session.names import read_journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfshell.api.results import Result
    from hfshell.commands.session import SessionOptions
    from hfshell.journal.file import Journal
    from hfshell.session.context import CommandContext


def session(context: CommandContext, options: SessionOptions) -> Result:
    """Do what is asked with a session."""
    doing: dict[str, Callable[[CommandContext, SessionOptions], Result]] = {
        "list": _list, "save": _save, "load": _load, "restore": _restore, "remove": _remove,
    }  # fmt: skip
    if options.name is None and options.what in ("save", "load", "remove"):
        raise UsageError(f"session {options.what} wants a name", hint=f"session {options.what} tickets")
    if options.name is not None and options.what in ("list", "restore"):
        raise UsageError(f"session {options.what} takes no name", hint=f"session load {options.name}")
    return doing[options.what](context, options)


def _list(context: CommandContext, options: SessionOptions) -> SessionTable:  # noqa: ARG001 - as the others
    sessions = _sessions(context)
    rows = [
        _row(name, found, is_open=sessions.is_open(name))
        for name in sessions
        if (found := damaged_as_none(sessions, name)) is not None
    ]
    rows += [_row("", found) for found in crashed(context.session.home.kernels)]
    return SessionTable(sessions=tuple(sorted(rows, key=lambda row: row.saved, reverse=True)))


def _save(context: CommandContext, options: SessionOptions) -> SessionChanged:
    name = options.name or ""
    held, sessions = context.session.names, _sessions(context)
    sessions.refuse_if_open_elsewhere(name)
    own, journal = held.saved_as == name, held.journal()
    sessions.save(name, {**journal, "saved_as": name}, replace=options.replace or own)
    held.saved_as = name
    names = tuple(entry["name"] for entry in journal["names"])
    return SessionChanged(what="saved", name=name, names=names, saved=time.time())


def _load(context: CommandContext, options: SessionOptions) -> SessionChanged:
    name = options.name or ""
    return _bring_back(context, _sessions(context).read(name), "loaded", name)


def _restore(context: CommandContext, options: SessionOptions) -> SessionChanged:  # noqa: ARG001 - as the others
    found = crashed(context.session.home.kernels)
    if not found:
        raise UsageError("there is nothing to restore", hint="`session list` shows what was saved")
    changed = _bring_back(context, found[0], "restored", "")
    mark_restored(found[0])
    return changed


def _remove(context: CommandContext, options: SessionOptions) -> SessionChanged:
    removed = _sessions(context).remove(options.name or "")
    return SessionChanged(what="removed", name=options.name or "", names=removed.names, saved=removed.changed)


def _bring_back(context: CommandContext, journal: Journal, what: str, name: str) -> SessionChanged:
    names = context.session.names
    try:
        bindings, model = read_journal(journal.content)
    except (KeyError, TypeError, ValueError) as error:
        raise StorageError(f"{journal.path} is damaged: {error!r}") from None
    replaced = [
        binding.name
        for binding in bindings
        if binding.name in names and names.get(binding.name).recipe != binding.recipe
    ]
    names.bind_all(bindings, model)
    return SessionChanged(
        what=what,
        name=name,
        names=tuple(binding.name for binding in bindings),
        replaced=tuple(replaced),
        saved=journal.changed,
    )


def _sessions(context: CommandContext) -> SavedSessions:
    return SavedSessions(context.session.home.sessions)


def _row(name: str, journal: Journal, *, is_open: bool = False) -> SessionRow:
    return SessionRow(
        name=name,
        names=journal.names,
        models=journal.count("model"),
        data=journal.count("data"),
        saved=journal.changed,
        open=is_open,
    )
