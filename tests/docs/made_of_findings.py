"""The part of the documentation that is made from the codes of findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfshell.checking import CODES
from tests.docs.made_of_api import table

REMARKS = ("near-name", "unreachable", "unused")


def findings() -> str:
    """The codes, with what each means."""
    rows = [
        (f"`{code}`", "remark" if code in REMARKS else "error", meaning) for code, meaning in CODES.items()
    ]
    return table(("code", "severity", "what was found"), rows)


MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType({"findings": findings})
