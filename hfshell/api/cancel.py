"""Cancellation that work looks at, so that a step or a token finishes before it stops."""

from __future__ import annotations

import threading

from hfshell.errors import Interrupted


class CancelToken:
    """Set once by the user's Ctrl-C, read by the work between two steps.

    Example::

        for batch in batches:
            context.cancelled.raise_if_set()
            learn(batch)
    """

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def is_set(self) -> bool:
        """Whether the work should stop after the step it is in."""
        return self._event.is_set()

    def set(self) -> None:
        """Ask the work to stop."""
        self._event.set()

    def raise_if_set(self) -> None:
        """Stop here, with nothing to keep.

        Raises:
            Interrupted: the token is set.
        """
        if self.is_set:
            raise Interrupted
