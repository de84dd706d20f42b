"""Paths as candidates."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from hfshell.render.quantities import size
from hfshell.shell.completion.suggestions import Candidate

SCRIPTS = (".hfsh",)
_MODEL_FILES = ("config.json", "hfshell.json")


class _Listing:
    """A folder's entries as candidates, in the order of their names."""

    def __init__(self, entries: Sequence[Candidate]) -> None:
        self.folders = [entry for entry in entries if not entry.final]
        self._files = [entry for entry in entries if entry.final]
        self._by_endings: dict[tuple[str, ...], list[Candidate]] = {(): self._files}

    def files(self, endings: tuple[str, ...] = ()) -> list[Candidate]:
        """Files with one of these endings; all without any."""
        if endings not in self._by_endings:
            meant = [entry for entry in self._files if entry.text.lower().endswith(endings)]
            self._by_endings[endings] = meant
        return self._by_endings[endings]


def files(
    typed: str, *, fitting: Sequence[str] = (), folders_only: bool = False, models: bool = False
) -> list[Candidate]:
    """Return the paths in the folder that is typed, folders last.

    Hidden ones are offered once a dot is typed.

    Args:
        typed: a path, or the beginning of one.
        fitting: endings of the files that are meant; others are offered when there is neither such a file nor
            a folder that goes on from what is typed.
        folders_only: leave files out.
        models: a folder that holds a model is a word of its own, and stands first.
    """
    folder, slash, name = typed.rpartition("/")
    listing = _listing(f"{folder}{slash}", hidden=name.startswith("."))
    folders = listing.folders
    meant = [] if folders_only else listing.files(tuple(fitting))
    if fitting and not any(candidate.text.startswith(typed) for candidate in chain(meant, folders)):
        meant = listing.files()
    return [*meant, *(_model_folders(folders) if models else ()), *folders]


def _listing(stem: str, *, hidden: bool) -> _Listing:
    """List a folder, as it is written with its slash; nothing for one that is not there."""
    try:
        folder = Path(stem).expanduser().absolute()
        return _listed(stem, str(folder), folder.stat().st_mtime_ns)[hidden]
    except (OSError, ValueError, RuntimeError):  # nobody may look, or no folder can be called so
        return _Listing(())


@lru_cache(maxsize=8)
def _listed(stem: str, folder: str, _changed: int) -> tuple[_Listing, _Listing]:
    """List a folder once until something comes or goes in it: at each key somebody asks again.

    What is hidden stands apart, second.
    """
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    shown = [_candidate(stem, entry) for entry in entries if not entry.name.startswith(".")]
    hidden = [_candidate(stem, entry) for entry in entries if entry.name.startswith(".")]
    return _Listing(shown), _Listing(hidden)


def _candidate(stem: str, entry: os.DirEntry[str]) -> Candidate:
    if entry.is_dir():
        return Candidate(f"{stem}{entry.name}/", "folder", f"{entry.name}/", final=False)
    try:
        known = size(entry.stat().st_size)
    except OSError:
        known = ""  # a link to nowhere
    return Candidate(f"{stem}{entry.name}", known, entry.name)


def _model_folders(folders: Sequence[Candidate]) -> Iterator[Candidate]:
    for folder in folders:
        real = os.path.abspath(os.path.expanduser(folder.text))  # noqa: PTH100, PTH111 - thousands a key
        with contextlib.suppress(OSError):  # removed a moment ago
            if _holds_model(real, os.stat(real).st_mtime_ns):  # noqa: PTH116 - as above
                yield Candidate(folder.text[:-1], "model folder", folder.shown[:-1])


@lru_cache(maxsize=10_000)
def _holds_model(folder: str, changed: int) -> bool:  # noqa: ARG001 - asked again once something else lies in it
    return any(Path(folder, name).is_file() for name in _MODEL_FILES)
