"""Frames over a local socket: four bytes of length, big endian, then so many bytes of JSON."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from queue import SimpleQueue

FRAME_LIMIT = 64 * 2**20
"""Most bytes of one frame. More is a mistake, or bytes that are not ours."""

_HEADER = struct.Struct(">I")
_PIECE = 2**20


class ChannelError(Exception):
    """What came is not a frame, or stopped in the middle of one."""


class FrameTooLarge(ChannelError):  # noqa: N818 - names what happened
    """A frame is larger than the limit.

    Attributes:
        size, limit: in bytes.
    """

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(f"a frame of {size:,} bytes; the limit is {limit:,}")
        self.size = size
        self.limit = limit


class Channel:
    """Sends and receives frames. One thread may receive; any thread may send, and so may a signal handler.

    Sending never blocks: a thread of the channel's own writes what was queued, so neither a prompt nor a
    training run waits for a peer that does not read.

    Args:
        connection: a connected stream socket; the channel closes it.
        limit: most bytes of a frame.
    """

    def __init__(self, connection: socket.socket, *, limit: int = FRAME_LIMIT) -> None:
        self._connection = connection
        self._limit = limit
        # `put` of a SimpleQueue is reentrant, which no lock of ours would be under a signal handler.
        self._outbox: SimpleQueue[bytes | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="kernel-channel-writer", daemon=True)
        self._writer.start()

    @property
    def backlog(self) -> int:
        """How many frames wait for the peer to read."""
        return self._outbox.qsize()

    def send(self, body: bytes) -> None:
        """Queue a frame. Frames for a peer that is gone are dropped; `receive` says that it is gone.

        Raises:
            FrameTooLarge: the body is larger than the limit; nothing is sent.
        """
        if len(body) > self._limit:
            raise FrameTooLarge(len(body), self._limit)
        self._outbox.put(body)

    def receive(self) -> bytes | None:
        """Wait for a frame and return its body; None when the peer is gone.

        Raises:
            ChannelError: the frame is larger than the limit, or the peer went away in the middle of it.
            TimeoutError: the socket has a timeout, and it passed.
        """
        header = self._read(_HEADER.size)
        if not header:
            return None
        if len(header) < _HEADER.size:
            raise ChannelError("the connection ended within a frame's header")
        (size,) = _HEADER.unpack(header)
        if size > self._limit:
            raise FrameTooLarge(size, self._limit)
        body = self._read(size)
        if len(body) < size:
            raise ChannelError(f"the connection ended within a frame: {len(body):,} of {size:,} bytes came")
        return body

    def finish(self, seconds: float = 0.5) -> None:
        """Send what is queued, for so long, then hang up; a `receive` on another thread returns."""
        self._outbox.put(None)
        self._writer.join(seconds)
        with contextlib.suppress(OSError):  # the peer was first
            self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection and free the socket. For the receiving thread, once it stopped receiving."""
        self.finish(0)
        self._writer.join()
        self._connection.close()

    def _read(self, count: int) -> bytes:
        received = bytearray()
        while len(received) < count:
            try:
                piece = self._connection.recv(min(count - len(received), _PIECE))
            except ConnectionError:  # a peer that was killed with our bytes unread
                piece = b""
            if not piece:
                break
            received += piece
        return bytes(received)

    def _write(self) -> None:
        while (body := self._outbox.get()) is not None:
            try:
                self._connection.sendall(_HEADER.pack(len(body)) + body)
            except OSError:  # the peer is gone: `receive` says so to whoever cares
                return
