"""`--allow`: the option of all commands that a guard may refuse."""

from __future__ import annotations

from typing import Any

from hfshell.api.options import option


def allow_option() -> Any:
    """Declare the names of guards that may speak without refusing, on this line alone."""
    return option((), "Let this guard speak without refusing", metavar="GUARD", complete="guard")
