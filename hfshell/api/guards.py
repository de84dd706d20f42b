"""Guards: what was said, or refused, rather than give a silent wrong answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True)
class Guard:
    """A guard that spoke.

    Example::

        context.guard(Guard("language", "warn", f"{count} texts are not English", count=count))

    Attributes:
        name: as `--allow NAME` takes it: `labels`, `fresh-head`, `truncation`, `leakage`, `non-finite`, …
        severity: `refuse` stops the command unless the user allowed it on that line; `warn` is said and
            recorded in the result; `danger` as well, in red: what was done could have done harm.
        message: what was found, one line.
        hint: what to do about it.
        count: how many rows or values it concerns, when that can be counted.
    """

    name: str
    severity: Literal["refuse", "warn", "danger"]
    message: str
    hint: str | None = None
    count: int | None = None


REFUSING: Mapping[str, str] = MappingProxyType(
    {
        "fresh-head": "answer with a head that was never trained",
        "labels": "go on where labels of data and model do not match",
        "resume": "go on with a checkpoint of another request",
        "unknown-tokens": "go on with a tokenizer that does not know most of the texts",
    }
)
"""What `--allow` may let pass of hfshell's own guards; a plugin may have others."""
