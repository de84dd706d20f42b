"""What tells a file, a folder, or a text of a line from any other."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

WHOLE_BYTES = 1 << 30
"""Files and folders larger than this are told by size and time, and files by their two ends as well."""

_END_BYTES = 1 << 20
_SMALL_BYTES = 1 << 20
_LONGEST_PATH = 4096

SILENT = frozenset({
    "let", "set", "echo", "exit", "use", "unload", "show", "save", "undo", "session",
    "help", "history", "alias", "unalias", "plugins", "kernel", "models",
})  # fmt: skip
"""Commands whose words name no file that they read."""

_READ_FOLDERS = frozenset({"load", "data", "augment", "finetune", "eval", "predict", "chat"})


def of_text(text: str) -> str:
    """Return what tells a text from any other, and gives nothing of it away."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def of_path(path: Path, without: Collection[Path] = ()) -> str | None:
    """Return what tells a file's, or a folder's, content from any other; None where neither is.

    Args:
        path: a file or a folder.
        without: files in the folder that do not count.
    """
    try:
        if path.is_file():
            return _of_file(path)
        return _of_folder(path, without) if path.is_dir() else None
    except OSError:
        return None


def inputs(command: str, words: Sequence[str], without: Collection[Path] = ()) -> dict[str, str]:
    """Return the fingerprints of the files and folders that a line's words name, by path.

    Args:
        command: the line's command.
        words: as expanded.
        without: paths that are not read, but written.
    """
    if command in SILENT:
        return {}
    found: dict[str, str] = {}
    for path in dict.fromkeys(_paths(words)):
        if path in without or (path.is_dir() and command not in _READ_FOLDERS):
            continue
        fingerprint = of_path(path, without)
        if fingerprint is not None:
            found[str(path)] = fingerprint
    return found


def _paths(words: Sequence[str]) -> Iterator[Path]:
    """Yield what of the words is there: `FILE`, `train=FILE`, `--option=FILE`."""
    for word in words:
        for text in (word, word.partition("=")[2]):
            if not text or "\n" in text or "\0" in text or len(text) > _LONGEST_PATH:
                continue
            try:
                path = Path(text).expanduser().absolute()
                if path.exists():
                    yield path
                    break
            except (OSError, RuntimeError):  # too long a name, or `~name` where nobody is called so
                continue


def _of_file(path: Path) -> str:
    found = path.stat()
    if found.st_size <= _SMALL_BYTES:
        return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    return _of_large_file(path, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@lru_cache(maxsize=1024)
def _of_large_file(path: Path, size: int, modified: int, _changed: int) -> str:
    """Return a file's fingerprint; once only, for many lines may read the one file."""
    with path.open("rb") as file:
        if size <= WHOLE_BYTES:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        digest = hashlib.sha256(file.read(_END_BYTES))
        file.seek(-_END_BYTES, os.SEEK_END)
        digest.update(file.read())
    return f"ends:{size}:{modified}:{digest.hexdigest()}"


def _of_folder(folder: Path, without: Collection[Path]) -> str:
    files = [path for path in _files(folder) if path not in without]
    whole = sum(path.stat().st_size for path in files) <= WHOLE_BYTES
    digest = hashlib.sha256()
    for path in files:
        content = _of_file(path) if whole else f"{path.stat().st_size}:{path.stat().st_mtime_ns}"
        digest.update(f"{path.relative_to(folder)}\0{content}\n".encode("utf-8", "surrogateescape"))
    return f"folder:{digest.hexdigest()}"


def _files(folder: Path) -> list[Path]:
    """Return the files in and under a folder but for hidden ones, in order."""
    found: list[Path] = []
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(root) / name for name in names if not name.startswith("."))
        found += [path for path in paths if path.is_file()]
    return sorted(found)
