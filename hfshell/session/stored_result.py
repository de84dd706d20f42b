"""Results read back from a journal, also those whose type nobody has brought yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec

from hfshell.api.results import Result, result_from_dict
from hfshell.api.results.base import Scalar


@dataclass(frozen=True, kw_only=True)
class StoredResult(Result):
    """A result of a type that is not known here: the plugin that has it was not imported yet, or is gone.

    Attributes:
        data: what its `to_dict()` gave.
    """

    kind: ClassVar[str] = "stored"
    data: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what was stored."""
        return self.data

    def fields(self) -> dict[str, Scalar]:
        """Return its plain values."""
        skipped = ("schema", "kind")
        return {
            name: value
            for name, value in self.data.items()
            if name not in skipped and isinstance(value, (str, int, float, bool))
        }


def read_result(data: dict[str, Any]) -> Result:
    """Read a result; one of a type that is not known keeps its values."""
    try:
        return result_from_dict(data)
    except (KeyError, msgspec.ValidationError):
        return StoredResult(data=data)
