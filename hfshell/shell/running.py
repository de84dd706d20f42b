"""One request on its way through the kernel, drawn as it goes. Ctrl-C climbs: stop, abort, restart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING

from hfshell.api.events import SessionEvent
from hfshell.errors import Interrupted
from hfshell.kernel.interrupts import InterruptLadder
from hfshell.shell.interrupts import on_interrupt
from hfshell.shell.suspension import on_suspend, suspend

if TYPE_CHECKING:
    from hfshell.api.requests import RunRequest
    from hfshell.kernel.supervisor import KernelSupervisor
    from hfshell.shell.screen import Screen

_LAST_WORDS_SECONDS = 2.0


@dataclass(frozen=True)
class _Said:
    """What an interrupt does."""

    text: str


@dataclass(frozen=True)
class _Suspended:
    """Ctrl-Z was pressed."""


@dataclass(frozen=True)
class _Ended:
    """The run is over: with an exit code, or because of what was raised."""

    code: int = 0
    error: BaseException | None = None


_Queue = SimpleQueue[SessionEvent | _Said | _Suspended | _Ended]


def run(
    request: RunRequest,
    kernel: KernelSupervisor,
    screen: Screen,
    watch: Callable[[SessionEvent], None] = lambda _: None,
) -> int:
    """Run a request and draw what happens; return its exit code. For the main thread.

    Everything is drawn here, one thing after another; a thread waits for the kernel, and the signal handler
    only queues what it did. `watch` is told of each event before it is drawn.

    Raises:
        Interrupted: the user's third Ctrl-C ended the kernel, or the first came before the run began.
        KernelDied: the kernel ended under it, or does not start.
        UsageError: the text cannot be sent.
    """
    queue: _Queue = SimpleQueue()
    ladder = InterruptLadder(kernel.cancel, kernel.kill)
    waiter = threading.Thread(target=_wait, args=(request, kernel, ladder, queue), name="run", daemon=True)
    pressed, stopped = (lambda: queue.put(_Said(ladder.press()))), (lambda: queue.put(_Suspended()))
    with on_interrupt(pressed), on_suspend(stopped):
        waiter.start()
        try:
            return _draw(queue, screen, watch)
        except BaseException:
            kernel.cancel(1)  # nobody watches any more; without this the next request would wait for it
            waiter.join(_LAST_WORDS_SECONDS)
            raise
        finally:
            screen.close()


def _draw(queue: _Queue, screen: Screen, watch: Callable[[SessionEvent], None]) -> int:
    while True:
        said = queue.get()
        if isinstance(said, _Said):
            screen.say(f"  {said.text}")
        elif isinstance(said, _Suspended):
            with screen.put_aside():
                suspend()
        elif not isinstance(said, _Ended):
            watch(said)
            screen.event(said)
        elif said.error is not None:
            raise said.error
        else:
            return said.code


def _wait(request: RunRequest, kernel: KernelSupervisor, ladder: InterruptLadder, queue: _Queue) -> None:
    try:
        client = kernel.client()
        if ladder.presses:
            raise Interrupted("interrupted before it began")  # noqa: TRY301 - the end of this run like any other
        queue.put(_Ended(client.run(request, queue.put)))
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        queue.put(_Ended(error=error))
