"""A line that is done again only because that costs nothing: nobody hears of it unless it fails."""

from __future__ import annotations

from collections.abc import Callable

from hfshell.api.events import CommandFinished, CommandStarted, SessionEvent

Watch = Callable[[SessionEvent], None]


def quietly(watch: Watch) -> Watch:
    """Return who hears a line's events, and passes on its beginning and end only when it fails."""

    def heard(event: SessionEvent) -> None:
        if isinstance(event, CommandStarted):
            return
        if not isinstance(event, CommandFinished):
            watch(event)
        elif event.error is not None:
            watch(event.started)
            watch(event)

    return heard
