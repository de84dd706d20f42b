"""Sessions that import no heavy library ahead, with and without what contains plugins."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from hfshell.session import Session, returned


class QuickSession(Session):
    """A session that is ready at once: what it is used for needs no torch."""

    def preload(self) -> None:
        """Import nothing."""


class Uncontained(QuickSession):
    """One that runs the code of plugins as it comes."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        returned.prediction = returned.predictions = lambda item, *_: item  # type: ignore[assignment]
        containment = self.plugins.containment
        containment.running = _uncontained  # type: ignore[method-assign]
        containment.breadcrumb = None


@contextmanager
def _uncontained(*_: Any, **__: Any):
    yield
