"""The kernel process from outside: who may speak to it, what it survives, when it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import psutil
import pytest

from hfshell.api.requests import RunRequest
from hfshell.kernel import local_socket
from hfshell.kernel.client import connect
from hfshell.kernel.supervisor import KernelSupervisor

HERE = Path(__file__).parent
Supervise = Callable[..., KernelSupervisor]
Until = Callable[..., bool]
IsAlive = Callable[[psutil.Process], bool]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(folder: Path) -> Iterator[Start]:
    """Start kernels by hand, without a supervisor and without a lifeline."""
    started: list[subprocess.Popen[bytes]] = []
    folder.mkdir()

    def make(*arguments: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable, "-P", "-m", "hfshell.kernel", "--socket", str(folder / "kernel.sock"),
            "--state", str(folder), "--session-factory", "fake_session:FakeSession",
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(HERE)}
        started.append(
            subprocess.Popen(
                [*command, *arguments], env=environment, stderr=subprocess.PIPE, start_new_session=True
            )
        )
        return started[-1]

    yield make
    for process in started:
        process.kill()
        process.communicate()


def bare(path: Path) -> socket.socket:
    stream = socket.socket(socket.AF_UNIX)
    stream.settimeout(5)
    stream.connect(str(path))
    return stream


def framed(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + body


def test_the_socket_is_there_at_once(start: Start, folder: Path, until: Until) -> None:
    """Protects the first line from waiting: the bound is loose for a busy machine, about 0.2 s is usual."""
    started = time.monotonic()
    start()
    assert until((folder / "kernel.sock").exists)
    connect(folder / "kernel.sock").close()
    assert time.monotonic() - started < 2


GARBAGE = [
    b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\xff\xff\xff\xff",
    b"\x00\x00",
    framed(b""),
    framed(b"no json"),
    framed(b'{"type": "welcome", "pid": 1, "version": "1"}'),
    framed(b'{"type": "run", "id": 1}'),
    framed(b"[" * 100_000),
    struct.pack(">I", 1000) + b"half",
]


def test_garbage_costs_its_sender_only(supervise: Supervise, folder: Path) -> None:
    """Protects the kernel and its other clients from bytes that are no message."""
    supervisor = supervise()
    client = supervisor.client()
    for garbage in GARBAGE:
        with bare(folder / "kernel.sock") as stream, contextlib.suppress(ConnectionError):
            stream.sendall(garbage)
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(1000):
                pass
        assert client.run(RunRequest("echo on"), lambda _: None) == 0
    assert supervisor.restarts == 0
    assert (folder / "kernel.log").read_text().count("a client was turned away") == len(GARBAGE)


def test_a_stray_client_does_not_end_the_kernel(supervise: Supervise, folder: Path, until: Until) -> None:
    """Protects a kernel whose owner has not connected yet from a guest that comes and goes."""
    supervisor = supervise()
    assert until((folder / "kernel.sock").exists)
    code = "import pathlib, sys, hfshell.kernel.client as c; c.connect(pathlib.Path(sys.argv[1])).close()"
    subprocess.run([sys.executable, "-c", code, str(folder / "kernel.sock")], check=True)
    time.sleep(0.1)
    assert supervisor.client().run(RunRequest("echo on"), lambda _: None) == 0
    assert supervisor.restarts == 0


def test_another_users_process_is_turned_away(
    folder: Path, supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Protects the kernel even where the folder's mode was opened."""
    if os.geteuid() != 0:
        pytest.skip("becoming another user needs root")
    supervisor = supervise()
    supervisor.client()
    folder.parent.chmod(0o755)
    folder.chmod(0o755)
    (folder / "kernel.sock").chmod(0o666)
    hello = framed(b'{"type": "hello"}')
    code = (
        "import os, socket, sys\nos.setuid(65534)\n"
        "s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])\n"
        f"try:\n    s.sendall({hello!r}); print(s.recv(100))\nexcept ConnectionError:\n    print(b'')"
    )
    command = [sys.executable, "-c", code, str(folder / "kernel.sock")]
    shown = subprocess.run(command, capture_output=True, check=True, text=True)
    assert shown.stdout.strip() == "b''"
    assert "a process of user 65534 was turned away" in (folder / "kernel.log").read_text()
    assert supervisor.client().run(RunRequest("echo on"), lambda _: None) == 0


def test_a_peer_is_known_by_pid_and_user() -> None:
    """Protects the check itself."""
    one, two = socket.socketpair()
    with one, two:
        peer = local_socket.peer_of(one)
    if sys.platform == "linux":
        assert peer == local_socket.Peer(os.getpid(), os.geteuid())


def test_a_kernel_ends_when_its_last_client_leaves(start: Start, folder: Path, until: Until) -> None:
    """Protects the machine from kernels that nobody uses."""
    process = start()
    assert until((folder / "kernel.sock").exists)
    one, two = connect(folder / "kernel.sock"), connect(folder / "kernel.sock")
    one.close()
    assert two.run(RunRequest("echo on"), lambda _: None) == 0
    two.close()
    assert process.wait(5) == 0
    assert not (folder / "kernel.sock").exists()
    assert (folder / "closed").exists()


def test_a_kernel_ends_when_its_owner_is_killed_before_it_connected(
    folder: Path, until: Until, is_alive: IsAlive
) -> None:
    """Protects the machine from orphans of a shell that was killed as it came up."""
    code = (
        "import pathlib, sys, time, hfshell.kernel.supervisor as s\n"
        "supervisor = s.KernelSupervisor(pathlib.Path(sys.argv[1]), sys.argv[2:])\n"
        "supervisor.start(); print(supervisor.pid, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-c", code, str(folder), "--session-factory", "fake_session:FakeSession"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as owner:
        assert owner.stdout is not None
        kernel = psutil.Process(int(owner.stdout.readline()))
        assert until((folder / "kernel.sock").exists)
        owner.kill()
    assert until(lambda: not is_alive(kernel))
    assert not list(folder.glob("*.sock*"))


@pytest.mark.parametrize("text", ["echo idle", "steps 5000", "spawn"])
def test_a_kernel_ends_when_its_owner_is_killed(
    folder: Path, until: Until, is_alive: IsAlive, text: str
) -> None:
    """Protects the machine from orphans: the owner is killed -9, idle or in the middle of a run."""
    code = f"""
import sys
from pathlib import Path
from hfshell.api.requests import RunRequest
from hfshell.kernel.supervisor import KernelSupervisor
supervisor = KernelSupervisor(Path(sys.argv[1]), ["--session-factory", "fake_session:FakeSession"])
print(supervisor.client().welcome.pid, flush=True)
supervisor.client().run(RunRequest({text!r}), lambda event: print(event, flush=True))
input()
"""
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    command = [sys.executable, "-c", code, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, env=environment) as owner:
        assert owner.stdout is not None
        kernel = psutil.Process(int(owner.stdout.readline()))
        owner.stdout.readline()
        if text == "spawn":
            owner.stdout.readline()
            assert kernel.children()
        family = [kernel, *kernel.children(recursive=True)]
        owner.kill()
    assert until(lambda: not any(map(is_alive, family)))
    assert not list(folder.glob("*.sock*"))
    assert (folder / "closed").exists()


def test_sigterm_lets_a_command_stop(start: Start, folder: Path, until: Until) -> None:
    """Protects a checkpoint from a system that shuts down: cancel, goodbye, exit 143."""
    process = start()
    assert until((folder / "kernel.sock").exists)
    client = connect(folder / "kernel.sock")
    events: list[object] = []

    def watch(event: object) -> None:
        events.append(event)
        if len(events) == 3:
            process.send_signal(signal.SIGTERM)

    assert client.run(RunRequest("steps 5000"), watch) == 130
    assert process.wait(5) == 128 + signal.SIGTERM
    assert (folder / "closed").exists()
    assert not (folder / "kernel.sock").exists()
    client.close()


def test_two_kernels_do_not_share_a_path(start: Start, folder: Path, until: Until) -> None:
    """Protects a living kernel's socket from a second kernel."""
    start()
    assert until((folder / "kernel.sock").exists)
    client = connect(folder / "kernel.sock")
    second = start()
    assert second.wait(5) == 1
    assert second.stderr is not None
    assert b"another kernel listens" in second.stderr.read()
    assert client.run(RunRequest("echo on"), lambda _: None) == 0
    client.close()


def test_a_stale_socket_is_replaced(start: Start, folder: Path, until: Until) -> None:
    """Protects the next kernel from the leavings of one that was killed."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder / "kernel.sock"))
    start()

    def answers() -> bool:
        try:
            client = connect(folder / "kernel.sock")
        except OSError:
            return False
        assert client.run(RunRequest("echo on"), lambda _: None) == 0
        client.close()
        return True

    assert until(answers)


def test_the_wire_is_plain_json(start: Start, folder: Path, until: Until) -> None:
    """Protects clients in other languages: no message needs this package to be read."""
    start()
    assert until((folder / "kernel.sock").exists)
    with bare(folder / "kernel.sock") as stream:
        stream.sendall(
            framed(b'{"type":"hello"}') + framed(b'{"type":"run","id":5,"request":{"text":"echo hi"}}')
        )
        with stream.makefile("rb") as frames:
            bodies = [msgspec.json.decode(frames.read(int.from_bytes(frames.read(4)))) for _ in range(4)]
    assert [body["type"] for body in bodies] == ["welcome", "event", "event", "done"]
    assert bodies[2]["event"]["result"] == {"schema": 1, "kind": "message", "guards": [], "lines": ["hi"]}
    assert bodies[3] == {"type": "done", "id": 5, "exit_code": 0, "error": None}
