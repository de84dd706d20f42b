"""Frames over a socket."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.kernel.channel import FRAME_LIMIT, Channel, ChannelError, FrameTooLarge

Ends = tuple[Channel, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    """A channel, and the bare socket at its other end."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, limit=1000)
    yield channel, theirs
    channel.close()
    theirs.close()


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_frames_arrive_as_they_were_sent(bodies: list[bytes]) -> None:
    """Protects order and content of frames, empty ones too."""
    one, two = (Channel(end) for end in socket.socketpair())
    for body in bodies:
        one.send(body)
    one.finish()
    assert [two.receive() for _ in bodies] == bodies
    assert two.receive() is None
    one.close()
    two.close()


def test_a_frame_may_come_in_pieces(ends: Ends) -> None:
    """Protects reading from a stream, which keeps no borders."""
    channel, other = ends
    for byte in struct.pack(">I", 5) + b"hello":
        other.send(bytes([byte]))
    assert channel.receive() == b"hello"


def test_the_length_is_four_bytes_big_endian(ends: Ends) -> None:
    """Protects the protocol on the wire."""
    channel, other = ends
    channel.send(b"abc")
    assert other.recv(100) == b"\x00\x00\x00\x03abc"


@pytest.mark.parametrize("sent", [b"\x00", b"\x00\x00\x00\x09", b"\x00\x00\x00\x09half"])
def test_an_end_within_a_frame_is_an_error(ends: Ends, sent: bytes) -> None:
    """Protects from taking half a message for a whole one, or for a goodbye."""
    channel, other = ends
    other.sendall(sent)
    other.shutdown(socket.SHUT_WR)
    with pytest.raises(ChannelError):
        channel.receive()


def test_a_frame_that_claims_too_much_is_refused_before_it_is_read(ends: Ends) -> None:
    """Protects memory from four bytes of garbage."""
    channel, other = ends
    other.sendall(b"\xff\xff\xff\xff")
    with pytest.raises(FrameTooLarge) as refusal:
        channel.receive()
    assert (refusal.value.size, refusal.value.limit) == (2**32 - 1, 1000)


def test_what_is_too_large_is_not_sent(ends: Ends) -> None:
    """Protects the stream: a refused frame leaves nothing on it."""
    channel, other = ends
    with pytest.raises(FrameTooLarge):
        channel.send(b"x" * 1001)
    channel.send(b"x" * 1000)
    assert other.recv(4) == struct.pack(">I", 1000)


def test_the_limit_is_64_mib() -> None:
    """Protects the documented limit."""
    assert FRAME_LIMIT == 64 * 2**20


def test_sending_never_waits_for_the_reader(ends: Ends) -> None:
    """Protects a training run from a shell that was stopped with Ctrl-Z."""
    channel, _ = ends
    for _ in range(5000):
        channel.send(b"x" * 1000)
    assert channel.backlog > 0


def test_threads_do_not_mix_their_frames() -> None:
    """Protects frames from each other when several threads send."""
    one, two = (Channel(end) for end in socket.socketpair())

    def send(letter: bytes) -> None:
        for _ in range(200):
            one.send(letter * 999)

    threads = [threading.Thread(target=send, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    frames = [two.receive() for _ in range(600)]
    for thread in threads:
        thread.join()
    assert sorted(frames) == sorted([b"a" * 999] * 200 + [b"b" * 999] * 200 + [b"c" * 999] * 200)  # type: ignore[type-var]
    one.close()
    two.close()


def test_a_peer_that_is_gone_reads_as_the_end(ends: Ends) -> None:
    """Protects from a traceback when the other process was killed with our bytes unread."""
    channel, other = ends
    channel.send(b"unread")
    while channel.backlog:
        pass
    other.close()
    assert channel.receive() is None
    channel.send(b"to nobody")
