"""One line of a batch with a checkpoint, while it runs: what it had come to when it was cut off."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfshell.session.checkpointing.file import CheckpointFile, Record
    from hfshell.session.checkpointing.state import State


@dataclass
class LineState:
    """What the checkpoint says of a line.

    Attributes:
        begun: what it was asked, and of what; None for a line that never began.
        done: what came of it; None for one that is not done.
        failed: whether it ended with an error, rather than was cut off.
        retried: whether it began again behind an error: then it may be asked otherwise.
        run: its run directory's ID.
        makes: folders that it was about to make, and that were not there before.
        rows: the predictions that are safe.
        sourced: what tells the script that it sources from any other.
    """

    begun: Record | None = None
    done: Record | None = None
    failed: bool = False
    retried: bool = False
    run: str | None = None
    makes: set[str] = field(default_factory=set)
    rows: Record | None = None
    sourced: str | None = None

    @property
    def cut_off(self) -> bool:
        """Whether it began, and nobody said how it ended."""
        return self.begun is not None and self.done is None and not self.failed

    def take(self, record: Record) -> None:
        """Heed a record about it."""
        match record["kind"]:
            case "begun":
                self.begun, self.done = record, None
                self.failed, self.retried = False, self.failed or self.retried
            case "done":
                self.done = record
                self.failed = self.retried = False
                self.run, self.rows = None, None
                self.makes.clear()
            case "failed":
                self.failed = True
            case "run":
                self.run, self.retried = record["run"], False
            case "makes":
                self.makes.add(record["path"])
            case "sourced":
                self.sourced = record["sha256"]
            case "rows":
                self.rows, self.retried = record, False


@dataclass
class LineProgress:
    """What a command is told of its line's earlier life, and what it writes down for a later one.

    Attributes:
        key: the line's number; behind those of the lines that source its script.
        earlier: what the checkpoint said of it when it began now.
        asked: what tells its words, and the files that they name, from any others.
        rows_file: where its predictions may be kept.
        before: what the session held before it.
        state: what the checkpoint says of it now.
        quiet: whether it was done before, and is done again only because that costs nothing.
        written: what it wrote beside what its redirect says, with fingerprints.
    """

    key: str
    earlier: LineState
    asked: str
    rows_file: Path
    before: State
    state: LineState
    _file: CheckpointFile
    quiet: bool = False
    written: dict[str, str | None] = field(default_factory=dict)

    @property
    def run(self) -> str | None:
        """The run directory that it had."""
        return self.earlier.run

    @property
    def failed(self) -> bool:
        """Whether it failed before: then it may be asked otherwise now."""
        return self.earlier.failed or self.earlier.retried

    @property
    def checkpoint(self) -> str:
        """Name of the file that all this is written to."""
        return self._file.shown

    def run_begins(self, run: str) -> None:
        """Say that a run directory is about to be made."""
        self.note("run", run=run)

    def makes(self, folder: Path) -> None:
        """Say that a folder that is not there is about to be made."""
        self.note("makes", path=str(folder.absolute()))

    def was_making(self, folder: Path) -> bool:
        """Whether a folder that is there was made by this line before it was cut off."""
        return str(folder.absolute()) in self.earlier.makes

    def wrote(self, path: Path, fingerprint: str | None) -> None:
        """Say what it wrote beside what its redirect says: it must be there when the line is passed over."""
        self.written[str(path.absolute())] = fingerprint

    def note(self, kind: str, *, sync: bool = True, **values: Any) -> None:
        """Add a record about the line."""
        record = {"kind": kind, "line": self.key, **values}
        self._file.add(record, sync=sync)
        self.state.take(record)

    def rows_are_safe(self, **values: Any) -> None:
        """Say how many predictions are on the disk."""
        self.note("rows", **values)
