"""What the first, second and third Ctrl-C during one run do."""

from __future__ import annotations

from collections.abc import Callable


class InterruptLadder:
    """Counts Ctrl-C during one run; make one for each. `press` may be called from a signal handler.

    Args:
        cancel: cancels what runs, at level 1 or 2: `KernelSupervisor.cancel`, `Session.cancel`.
        kill: ends the kernel at once, `KernelSupervisor.kill`; None where no process is ours to end, and
            every Ctrl-C from the second on aborts.
    """

    def __init__(self, cancel: Callable[[int], None], kill: Callable[[], None] | None = None) -> None:
        self._cancel = cancel
        self._kill = kill
        self._presses = 0

    @property
    def presses(self) -> int:
        """How often Ctrl-C was pressed."""
        return self._presses

    def press(self) -> str:
        """Do what the next Ctrl-C does, and return what to tell the user, one line."""
        self._presses += 1
        if self._presses == 1:
            self._cancel(1)
            return "stopping after this step, keeping what is done; Ctrl-C again aborts"
        if self._presses == 2 or self._kill is None:
            self._cancel(2)
            again = "; Ctrl-C again restarts the kernel" if self._kill else ""
            return f"aborting, going back to the last good state{again}"
        self._kill()
        return "restarting the kernel; names are reloaded on their next mention"
