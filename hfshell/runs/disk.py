"""What the disk refuses, in our words."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from hfshell.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def disk_refusals(path: Path, how: str = "written") -> Iterator[None]:
    """Turn the system's errors into ours, with the path to blame.

    Raises:
        StorageError: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path} cannot be {how}: {error.strerror or error}",
            hint="runs are kept there; free some space, or name another folder in HFSHELL_HOME",
        ) from error
