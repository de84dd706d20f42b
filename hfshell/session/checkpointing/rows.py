"""Predictions on their way: kept part by part, so that a line that is cut off goes on behind the last one.

They stand in a file beside the checkpoint, a row a line; the checkpoint says how many of its bytes are safe,
and what their SHA-256 is. What stands behind them is cut off.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from hfshell.api.guards import Guard
from hfshell.errors import Refused
from hfshell.session.checkpointing.header import begin_anew
from hfshell.storage import disk_errors

if TYPE_CHECKING:
    from hfshell.session.checkpointing.line import LineProgress


class KeptPredictions:
    """The predictions of one line.

    Args:
        progress: of the line.
        identity: what is predicted, with what; JSON types.

    Attributes:
        predictions: those that an earlier life of the line left.
        guards: what spoke while they were made.

    Raises:
        Refused: the earlier life predicted something else.
        StorageError: the disk refused.
    """

    def __init__(self, progress: LineProgress, identity: Mapping[str, Any]) -> None:
        self._progress = progress
        self._path = progress.rows_file
        self._identity = hashlib.sha256(
            json.dumps([progress.asked, identity], sort_keys=True).encode()
        ).hexdigest()
        self._hash = hashlib.sha256()
        self._bytes = 0
        self.predictions: list[Any] = []
        self.guards: list[Guard] = []
        with disk_errors(self._path):
            content = self._safe()
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.ftruncate(self._descriptor, len(content))
            os.lseek(self._descriptor, 0, os.SEEK_END)
        self._hash.update(content)
        self._bytes = len(content)
        self.predictions = [json.loads(line) for line in content.splitlines()]

    def add(self, predictions: Sequence[Any], guards: Sequence[Guard]) -> None:
        """Bring a part's predictions to the disk.

        Args:
            predictions: of the rows that follow on the last ones.
            guards: what spoke while they were made.

        Raises:
            StorageError: the disk refused.
        """
        lines = b"".join(msgspec.json.encode(prediction) + b"\n" for prediction in predictions)
        with disk_errors(self._path, len(lines)):
            rest = lines
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            os.fsync(self._descriptor)
        self._hash.update(lines)
        self._bytes += len(lines)
        self.guards += guards
        self._progress.rows_are_safe(
            identity=self._identity,
            bytes=self._bytes,
            sha256=self._hash.hexdigest(),
            guards=msgspec.to_builtins(self.guards),
        )

    def close(self) -> None:
        """Let go of the file; it is removed when the line is done."""
        os.close(self._descriptor)

    def _safe(self) -> bytes:
        """Return what of the file the checkpoint vouches for."""
        known = self._progress.earlier.rows
        if known is None:
            return b""
        if known["identity"] != self._identity:
            if self._progress.failed:
                return b""
            raise Refused(
                "resume",
                "what this line predicts, or with what, has changed since it was cut off",
                hint=begin_anew(self._progress.checkpoint),
            )
        content = self._path.read_bytes()[: known["bytes"]] if self._path.exists() else b""
        if hashlib.sha256(content).hexdigest() != known["sha256"]:
            return b""  # no loss but of time: they are predicted again
        self.guards = msgspec.convert(known["guards"], list[Guard])
        return content
