"""Sessions that import no heavy library ahead: as users have them, and with a part of the containment out."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

from hfshell.plugin_host import containment
from hfshell.plugin_host.namespaces import Namespaces
from hfshell.plugin_host.output import Tally
from hfshell.plugin_host.surroundings import Surroundings
from hfshell.session import Session, returned


class QuickSession(Session):
    """A session that is ready at once, and says of each command what it would say of a first one."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        if Path(__file__).with_name("once").exists():  # before a line can say `set patience`
            self.preferences.change("patience", "2")

    def preload(self) -> None:
        """Import nothing: what it is used for needs no torch, or can wait for it."""

    def execute(self, request: Any, watch: Any) -> int:
        """Forget what was said of plugins, which is said once; many tests share a session."""
        self.plugins.containment._remarked.clear()
        self.plugins._notices._said.clear()
        return super().execute(request, watch)


class WithoutPutBack(QuickSession):
    """One in which what a plugin replaces stays replaced."""

    def __init__(self, **arguments: Any) -> None:
        Namespaces.put_back = lambda _self: []  # type: ignore[method-assign]
        super().__init__(**arguments)


class WithoutCaught(QuickSession):
    """One in which plugins print where they like."""

    def __init__(self, **arguments: Any) -> None:
        containment.Catch = _NotCaught  # type: ignore[misc]
        super().__init__(**arguments)


class WithoutWatch(QuickSession):
    """One that waits for ever."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.plugins.containment.patience = lambda: math.inf


class WithoutBreadcrumb(QuickSession):
    """One that notes nowhere who is at work."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.plugins.containment.breadcrumb = None


class WithoutForkCheck(QuickSession):
    """One that takes a fork of itself for itself."""

    def __init__(self, **arguments: Any) -> None:
        Surroundings.is_other_process = lambda _self: False  # type: ignore[method-assign]
        containment.Containment.sign_of_life = _only_heard  # type: ignore[method-assign]
        super().__init__(**arguments)


class WithoutReturnChecks(QuickSession):
    """One that takes what a task returns as it comes."""

    def __init__(self, **arguments: Any) -> None:
        for name in ("model", "labels", "size", "prediction", "predictions"):
            setattr(returned, name, lambda value, *_: value)
        super().__init__(**arguments)


class _NotCaught:
    """Stands in for what catches output, and catches none."""

    def __init__(self, **_: Any) -> None:
        pass

    def end(self) -> Tally:
        """Nothing was caught."""
        return Tally()


def _only_heard(self: Any) -> None:
    for call in self._calls:
        call.heard = time.monotonic()
