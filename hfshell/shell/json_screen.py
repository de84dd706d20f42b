"""`--json`: one object a command on stdout; all that is for people stays on stderr."""

from __future__ import annotations

from hfshell.api.events import CommandFinished, SessionEvent, Written
from hfshell.render.export import to_json_line
from hfshell.shell.screen import Screen


class JsonScreen(Screen):
    """Prints finished commands as JSON, and errors for people as well."""

    def event(self, event: SessionEvent) -> None:
        """Draw what happened."""
        if isinstance(event, CommandFinished):
            if event.error is not None and not self.debug:
                event.error.detail = None
            print(to_json_line(event), flush=True)  # noqa: T201 - output for programs
        if not isinstance(event, Written):
            super().event(event)

    def result(self, result: object, view: object = None) -> None:
        """Show nothing: the object has it."""
