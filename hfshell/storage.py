"""Writing what must survive a crash: beside its final name, synced, then renamed.

The promise: under its final name a file or folder is either as it was before or complete, whatever kills the
process or fills the disk, on a file system that keeps renames whole and writes what `fsync` was told to. A
folder carries `MANIFEST.json`, written last: size and SHA-256 of each file, and what the folder is (its
identity). `verify` holds a folder against its manifest.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANIFEST = "MANIFEST.json"
_STAGING = ".staging-"
_TRASH = ".trash-"
_REPLACED = ".replaced-"
_SCHEMA = 1
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_REFUSALS = _FULL | {
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.EIO,
    errno.EFBIG,
    errno.EMFILE,
    errno.ENFILE,
}
_RUST_ERRNO = re.compile(r"\(os error (\d+)\)")  # how safetensors words an OSError
_TORCH_WRITER = "inline_container"  # how torch.save words one; the errno is lost


@dataclass(frozen=True)
class Manifest:
    """What a committed folder says of itself.

    Attributes:
        files: size in bytes and SHA-256 in hex, by relative POSIX path.
        identity: what the folder is, JSON types only.
    """

    files: Mapping[str, tuple[int, str]]
    identity: Mapping[str, Any]


def write_file_atomically(path: Path, content: bytes | str, *, mode: int = 0o666) -> None:
    """Write a file so that readers see the old content or the new, never a part.

    A symbolic link is followed; a file that is replaced keeps its permissions; what is no regular file
    (`/dev/null`, a pipe) is written to as it is.

    Args:
        path: the file; its folder must exist.
        content: text is written as UTF-8.
        mode: permissions of a new file, less the umask.

    Raises:
        StorageError: the disk refused; the old content stands.
    """
    data = content.encode() if isinstance(content, str) else content
    target = Path(os.path.realpath(path))
    with disk_errors(path, len(data)):
        before = target.stat() if target.exists() else None
        if before and not stat.S_ISREG(before.st_mode):
            target.write_bytes(data)
            return
        staging = target.parent / f"{_STAGING}{secrets.token_hex(6)}"
        try:
            _write_synced(staging, data, stat.S_IMODE(before.st_mode) if before else mode)
            if before:
                staging.chmod(stat.S_IMODE(before.st_mode))  # the umask may have taken some away
            staging.rename(target)
        except BaseException:
            staging.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


@contextlib.contextmanager
def staged_folder(
    target: Path, identity: Mapping[str, Any], *, replace: bool = False, needed: int = 0
) -> Iterator[Path]:
    """Fill the folder given, which is then committed as `target`, whole or not at all.

    The folder given has the final name inside a hidden one beside it, so that libraries may write into it.
    When the block raises, nothing is left behind.

    Args:
        target: final name; missing parents are made.
        identity: recorded in the manifest; JSON types only.
        replace: an existing `target` gives way. Between two renames a kill then leaves the old folder, whole,
            as `.replaced-…` beside the target; `remove_leftovers` puts it back.
        needed: bytes that will be written, to refuse early on a full disk; 0 when not known.

    Raises:
        StorageError: `target` is there already, or the disk refused; errors of safetensors and torch that
            mean this are translated.
    """
    target = Path(os.path.realpath(target))
    with disk_errors(target, needed):
        if target.exists() and not replace:
            raise StorageError(f"{target} is there already", hint="choose another name, or remove it first")
        target.parent.mkdir(parents=True, exist_ok=True)
        require_space(target, needed)
        staging = target.parent / f"{_STAGING}{secrets.token_hex(6)}"
        folder = staging / target.name
        folder.mkdir(parents=True)
    try:
        with library_writes(target, needed):
            yield folder
        with disk_errors(target, needed):
            _commit(folder, target, identity)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder so that it is never seen under its name in part.

    Raises:
        StorageError: the disk refused the renaming. What cannot be deleted after it is left as `.trash-…`.
    """
    with disk_errors(folder):
        trash = _set_aside(folder, _TRASH)
        _sync_folder(folder.parent)
    shutil.rmtree(trash, ignore_errors=True)


def remove_leftovers(parent: Path) -> tuple[str, ...]:
    """Remove what a killed process left half-written or half-deleted in a folder, and return the names.

    A folder that was about to be replaced, and was not, gets its name back. Only for a folder that no other
    living process writes to.

    Raises:
        StorageError: the disk refused.
    """
    found = sorted(entry for mark in (_STAGING, _TRASH, _REPLACED) for entry in parent.glob(f"{mark}*"))
    with disk_errors(parent):
        for entry in found:
            name = parent / entry.name.removeprefix(_REPLACED).rpartition("-")[0]
            if entry.name.startswith(_REPLACED) and not name.exists():
                entry.rename(name)
            elif entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
    return tuple(entry.name for entry in found)


def verify(folder: Path) -> list[str]:
    """Hold a folder against its manifest and return what is wrong, one line each; empty when it is whole.

    Checked: the manifest's own digest, each file's size and SHA-256, missing files, files that the manifest
    does not name. Reads every byte.
    """
    try:
        manifest = read_manifest(folder)
        found = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    except StorageError as error:
        return [error.message]
    found.pop(MANIFEST, None)
    faults = [f"{name} is missing" for name in sorted(manifest.files.keys() - found.keys())]
    faults += [f"{name} is not in the manifest" for name in sorted(found.keys() - manifest.files.keys())]
    for name in sorted(found.keys() & manifest.files.keys()):
        faults += _faults_of_file(found[name], name, *manifest.files[name])
    return faults


def read_manifest(folder: Path) -> Manifest:
    """Read a folder's manifest, and check it against its own digest.

    Raises:
        StorageError: there is none, or it is damaged.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise StorageError(f"{MANIFEST} cannot be read ({error.strerror})") from error
    try:
        body = json.loads(raw)
        manifest = Manifest({name: tuple(record) for name, record in body["files"].items()}, body["identity"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StorageError(f"{MANIFEST} is damaged") from error
    if raw != _encode(manifest):
        raise StorageError(f"{MANIFEST} is damaged")
    return manifest


def require_space(path: Path, needed: int) -> None:
    """Refuse early when a disk has less than `needed` bytes free for `path`.

    Raises:
        StorageError: with the bytes needed and free.
    """
    if needed > _free_bytes(path):
        raise _explain(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), path, needed)


@contextlib.contextmanager
def disk_errors(path: Path, needed: int = 0) -> Iterator[None]:
    """Turn an OSError of the block into a StorageError that names the path and says what to do.

    Args:
        path: what the block writes.
        needed: bytes that it writes, 0 when not known.

    Raises:
        StorageError: the disk refused.
    """
    try:
        yield
    except OSError as error:
        raise _explain(error, path, needed) from error


@contextlib.contextmanager
def library_writes(path: Path, needed: int = 0) -> Iterator[None]:
    """Turn what the code of others raises when the disk refuses into a StorageError; other errors pass.

    Args:
        path: what the block writes.
        needed: bytes that it writes, 0 when not known.

    Raises:
        StorageError: the disk refused.
    """
    try:
        yield
    except Exception as error:
        refusal = _as_refusal(error, path, needed)
        if refusal is None:
            raise
        raise _explain(refusal, path, needed) from error


def _commit(folder: Path, target: Path, identity: Mapping[str, Any]) -> None:
    files = {}
    for path in _files(folder):
        _sync(path)
        files[path.relative_to(folder).as_posix()] = (path.stat().st_size, _digest(path))
    _write_synced(folder / MANIFEST, _encode(Manifest(files, identity)), 0o666)
    for inner in (*(path for path in folder.rglob("*") if path.is_dir()), folder):
        _sync_folder(inner)
    aside = _set_aside(target, _REPLACED) if target.exists() else None
    try:
        folder.rename(target)
    except OSError:
        if aside:
            aside.rename(target)
        raise
    _sync_folder(target.parent)
    if aside:
        shutil.rmtree(aside, ignore_errors=True)


def _encode(manifest: Manifest) -> bytes:
    """Return the one form that a manifest may have on disk: a flipped bit anywhere is another form."""
    body: dict[str, Any] = {
        "schema": _SCHEMA,
        "files": {name: list(record) for name, record in manifest.files.items()},
        "identity": manifest.identity,
    }
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return (json.dumps({**body, "digest": digest}, sort_keys=True, indent=1) + "\n").encode()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _faults_of_file(path: Path, name: str, size: int, digest: str) -> list[str]:
    try:
        if path.is_symlink() or not path.is_file():
            return [f"{name} is not a regular file"]
        if (found := path.stat().st_size) != size:
            return [f"{name} has {found:,} bytes, the manifest says {size:,}"]
        if _digest(path) != digest:
            return [f"{name} was changed: its SHA-256 is not the manifest's"]
    except OSError as error:
        return [f"{name} cannot be read ({error.strerror})"]
    return []


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    try:
        _sync(folder)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some file systems cannot sync a folder
            raise


def _set_aside(folder: Path, mark: str) -> Path:
    aside = folder.parent / f"{mark}{folder.name}-{secrets.token_hex(6)}"
    folder.rename(aside)
    return aside


def _as_refusal(error: Exception, path: Path, needed: int) -> OSError | None:
    """Return the disk's refusal behind an error of a library, or None when it is about something else."""
    if isinstance(error, OSError):
        return error if error.errno in _REFUSALS else None
    found = _RUST_ERRNO.search(str(error))
    if found and int(found[1]) in _REFUSALS:
        return OSError(int(found[1]), os.strerror(int(found[1])))
    if _TORCH_WRITER in str(error):
        full = _free_bytes(path) < max(needed, 1 << 20)
        number = errno.ENOSPC if full else errno.EIO
        return OSError(number, os.strerror(number))
    return None


def _explain(error: OSError, path: Path, needed: int) -> StorageError:
    if error.errno in _FULL:
        wanted = f"{_megabytes(needed)} needed, " if needed else ""
        message = f"no space left for {path}: {wanted}{_megabytes(_free_bytes(path))} free"
        return StorageError(message, hint="free some space, or choose a folder on another disk")
    if error.errno == errno.EROFS:
        message = f"{path} is on a read-only file system"
    elif error.errno in (errno.EACCES, errno.EPERM):
        message = f"{path} may not be written: {os.strerror(error.errno)}"
    else:
        message = f"{path} cannot be written: {error.strerror or error}"
    return StorageError(message, hint="choose another folder")


def _free_bytes(path: Path) -> int:
    while not path.exists() and path != path.parent:
        path = path.parent
    return shutil.disk_usage(path).free


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
