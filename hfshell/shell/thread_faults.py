"""What goes wrong beside the prompt is told there, as what goes wrong in a line is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def thread_faults(tell: Callable[[Exception], None]) -> Iterator[None]:
    """Tell what ends a thread meanwhile, instead of writing its traceback over the prompt."""

    def hear(thrown: threading.ExceptHookArgs) -> None:
        if isinstance(thrown.exc_value, Exception):
            tell(thrown.exc_value)

    before, threading.excepthook = threading.excepthook, hear
    try:
        yield
    finally:
        threading.excepthook = before
