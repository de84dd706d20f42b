"""Paths as candidates."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hfshell.render.quantities import size
from hfshell.shell.completion.suggestions import Candidate

SCRIPTS = (".hfsh",)
_MODEL_FILES = ("config.json", "hfshell.json")


@dataclass(frozen=True, slots=True)
class _Listing:
    """A folder's entries as candidates: in the order of their names, hidden ones apart."""

    files: tuple[Candidate, ...]
    folders: tuple[Candidate, ...]
    hidden_files: tuple[Candidate, ...]
    hidden_folders: tuple[Candidate, ...]


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
    listing = _listing(f"{folder}{slash}")
    hidden = name.startswith(".")
    folders = listing.hidden_folders if hidden else listing.folders
    found = () if folders_only else listing.hidden_files if hidden else listing.files
    meant = _with_endings(found, tuple(fitting)) if fitting else found
    if not any(candidate.text.startswith(typed) for candidate in (*meant, *folders)):
        meant = found
    return [*meant, *(_model_folders(folders) if models else ()), *folders]


@lru_cache(maxsize=8)
def _with_endings(found: tuple[Candidate, ...], fitting: tuple[str, ...]) -> tuple[Candidate, ...]:
    return tuple(candidate for candidate in found if candidate.text.lower().endswith(fitting))


def _listing(stem: str) -> _Listing:
    """List a folder, as it is written with its slash; nothing for one that is not there."""
    try:
        folder = Path(stem).expanduser().absolute()
        return _listed(stem, str(folder), folder.stat().st_mtime_ns)
    except (OSError, ValueError, RuntimeError):  # nobody may look, or no folder can be called so
        return _Listing((), (), (), ())


@lru_cache(maxsize=8)
def _listed(stem: str, folder: str, _changed: int) -> _Listing:
    """List a folder once until something comes or goes in it: at each key somebody asks again."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    candidates = [(_candidate(stem, entry), entry.name.startswith(".")) for entry in entries]
    return _Listing(
        *(
            tuple(item for item, is_hidden in candidates if is_hidden is hidden and item.final is final)
            for hidden in (False, True)
            for final in (True, False)
        )
    )


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
        if _holds_model(folder):
            yield Candidate(folder.text[:-1], "model folder", folder.shown[:-1])


def _holds_model(folder: Candidate) -> bool:
    real = Path(folder.text).expanduser()
    return any((real / name).is_file() for name in _MODEL_FILES)
