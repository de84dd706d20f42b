"""The socket that a kernel listens on: for its user alone, at a path that the system can hold."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hfshell.errors import StorageError

NAME = "kernel.sock"
LONGEST_PATH = 103
"""Bytes of a socket's path. `sockaddr_un` holds 104 with the final NUL on BSD and macOS, 108 on Linux."""

_FRESH = ".new"
_TEMPORARY = "hfshell-socket-"


@dataclass(frozen=True)
class Peer:
    """The process at the other end. `pid` is None where the system does not say."""

    pid: int | None
    uid: int


def private_folder(folder: Path) -> Path:
    """Make a folder, or take an existing one, for this user alone (0700).

    Raises:
        StorageError: it cannot be made or written, or belongs to somebody else.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if folder.stat().st_uid != os.geteuid():
            raise StorageError(
                f"{folder} belongs to another user", hint="set HFSHELL_HOME to a folder of yours"
            )
        folder.chmod(0o700)
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be used: {error.strerror}",
            hint="set HFSHELL_HOME to a folder that can be written",
        ) from error
    return folder


def socket_path(folder: Path) -> Path:
    """Return where a kernel of this folder listens: in the folder, or in a short temporary one of its own."""
    path = folder.absolute() / NAME
    if len(os.fsencode(path)) + len(_FRESH) <= LONGEST_PATH:
        return path
    return Path(tempfile.mkdtemp(prefix=_TEMPORARY)) / NAME


def remove_socket(path: Path) -> None:
    """Remove a socket, and the temporary folder that `socket_path` made for it."""
    path.unlink(missing_ok=True)
    if path.parent.name.startswith(_TEMPORARY):
        with contextlib.suppress(FileNotFoundError):  # the kernel and its owner both clean up
            path.parent.rmdir()


def listen(path: Path) -> socket.socket:
    """Listen at a path with mode 0600. The path appears only once it accepts connections.

    Raises:
        StorageError: another kernel listens there.
        OSError: the socket cannot be made.
    """
    if _is_taken(path):
        raise StorageError(f"another kernel listens at {path}")
    fresh = path.with_name(path.name + _FRESH)
    fresh.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(os.fspath(fresh))
        fresh.chmod(0o600)
        listener.listen()
        fresh.replace(path)
    except OSError:
        listener.close()
        raise
    return listener


def peer_of(connection: socket.socket) -> Peer | None:
    """Return who is at the other end; None where the system does not say, and the folder's mode has to do."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    layout = struct.Struct("3i")
    pid, uid, _ = layout.unpack(connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, layout.size))
    return Peer(pid, uid)


def _is_taken(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(os.fspath(path))
        except OSError:
            return False
        return True
