"""All runs of a home: found by ID, and never more than added to."""

from __future__ import annotations

import contextlib
import difflib
import secrets
from typing import TYPE_CHECKING

import msgspec

from hfshell.errors import StorageError, UsageError
from hfshell.runs.disk import disk_refusals
from hfshell.runs.events import timestamp
from hfshell.runs.run import REQUEST, Run
from hfshell.storage import write_file_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from hfshell.runs.request import RunRequestRecord

_ID_BYTES = 3
_SHOWN = 3


class RunStore:
    """The runs in a folder, which is made with the first of them.

    Args:
        folder: the home's `runs`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, verb: str, request: RunRequestRecord, run_id: str | None = None) -> Run:
        """Make a run's folder, for its owner's eyes alone, write down the request, and become its writer.

        Args:
            verb: `finetune`, `eval`.
            request: what is asked.
            run_id: as `new_id` gave it; another one without it.

        Raises:
            StorageError: the disk refused.
        """
        folder = self._new_folder() if run_id is None else self._folder(run_id)
        content = {"created": timestamp(), **request.to_dict(verb)}
        pretty = msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"
        run = Run(folder)
        run.acquire()
        try:
            write_file_atomically(folder / REQUEST, pretty, mode=0o600)
        except BaseException:
            run.release()
            raise
        return run

    def new_id(self) -> str:
        """Return an ID that no run has."""
        while True:
            run_id = secrets.token_hex(_ID_BYTES)
            if not (self.folder / run_id).exists():
                return run_id

    def find(self, run_id: str) -> Run | None:
        """Return the run of exactly this ID, or None."""
        folder = self.folder / run_id
        return Run(folder) if (folder / REQUEST).exists() else None

    def open(self, run_id: str) -> Run:
        """Find a run by its ID or the beginning of it; `run:` before it is allowed.

        Raises:
            UsageError: no run, or more than one, begins with it.
        """
        wanted = run_id.removeprefix("run:").lower()
        known = self.list()
        found = [run for run in known if wanted and run.id.startswith(wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            raise UsageError(
                f"{run_id} is the beginning of {len(found)} runs", hint=", ".join(run.id for run in found)
            )
        raise UsageError(f"there is no run {run_id}", hint=_nearest(wanted, [run.id for run in known]))

    def list(self) -> list[Run]:
        """Return all runs, newest first.

        A folder without a request is no run: its maker was killed before anything was asked.
        """
        if not self.folder.is_dir():
            return []
        runs = [Run(path.parent) for path in self.folder.glob(f"*/{REQUEST}")]
        return sorted(runs, key=lambda run: (_created(run), run.id), reverse=True)

    def newest_unfinished(self, fingerprint: str) -> Run | None:
        """Return the newest run of the same request that did not finish, or None.

        It may still be running: then `acquire` says which process writes it.
        """
        for run in self.list():
            try:
                if run.request.get("fingerprint") == fingerprint and run.status.state != "finished":
                    return run
            except StorageError:  # a damaged record cannot be shown to be the same request
                continue
        return None

    def _folder(self, run_id: str) -> Path:
        """Make the folder of a run whose ID is known; one whose maker was killed may be there already."""
        folder = self.folder / run_id
        with disk_refusals(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _new_folder(self) -> Path:
        with disk_refusals(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            while True:
                folder = self.folder / secrets.token_hex(_ID_BYTES)
                with contextlib.suppress(FileExistsError):  # the ID is taken
                    folder.mkdir(mode=0o700)
                    return folder


def _created(run: Run) -> str:
    try:
        return str(run.request["created"])
    except (StorageError, KeyError):
        return ""  # damaged: still listed, as the oldest


def _nearest(wanted: str, known: list[str]) -> str:
    if near := difflib.get_close_matches(wanted, known, n=_SHOWN):
        return f"did you mean {' or '.join(near)}?"
    if known:
        return f"the newest are {', '.join(known[:_SHOWN])}"
    return "there are no runs yet: `finetune` and `eval` make them"
