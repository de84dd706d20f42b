"""What a user may choose about reading a data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hfshell.errors import UsageError

DEFAULT_FRACTION = 0.1
"""Share of a single file's rows that goes to validation, and to test: the usual 80/10/10."""


@dataclass(frozen=True)
class DataOptions:
    """Choices about reading a data set.

    Attributes:
        map: column by role, for columns whose names and values do not say it.
        encoding: of text files that are neither UTF-8 nor UTF-16 with a byte order mark.
        columns: names for a delimited file without a header.
        skip_bad_rows: leave out rows that cannot be read or have no label, and say which.
        limit: at most this many rows of each file or split, drawn by `seed`.
        validation: share of rows, 0..0.9, to carve out of train where the data brings no validation split;
            None is `DEFAULT_FRACTION`.
        test: the same for test; None is `DEFAULT_FRACTION` too, but nothing where the data brings any split.
        seed: of the splits and of `limit`.
        dedup: keep rows of equal text in one split, and remove train rows whose text stands in a validation
            or test split that was given.
    """

    map: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    encoding: str | None = None
    columns: tuple[str, ...] | None = None
    skip_bad_rows: bool = False
    limit: int | None = None
    validation: float | None = None
    test: float | None = None
    seed: int = 42
    dedup: bool = True

    def __post_init__(self) -> None:
        """Refuse shares that leave nothing to train on.

        Raises:
            UsageError: a share below 0 or above 0.9, both together 1 or more, or a limit below 1.
        """
        shares = {"validation": self.validation or 0.0, "test": self.test or 0.0}
        for name, share in shares.items():
            if not 0 <= share <= 0.9:
                raise UsageError(f"--{name} is a share between 0 and 0.9, not {share:g}")
        if sum(shares.values()) >= 1:
            raise UsageError("--validation and --test together leave nothing to train on")
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"--limit is at least 1, not {self.limit}")

    def to_dict(self) -> dict[str, Any]:
        """Return the options as JSON types."""
        chosen = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**chosen, "map": dict(self.map), "columns": list(self.columns) if self.columns else None}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> DataOptions:
        """Read options back from `to_dict()`."""
        columns = data["columns"]
        return cls(
            **{
                **data,
                "map": MappingProxyType(dict(data["map"])),
                "columns": tuple(columns) if columns else None,
            }
        )
