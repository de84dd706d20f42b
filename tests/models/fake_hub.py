"""A Hugging Face Hub on this machine: serves folders, fails on demand, counts what was asked."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

COMMIT = "a" * 40


@dataclass
class FakeHub:
    """What the server offers.

    Attributes:
        repositories: folders by repository id.
        status: HTTP status instead of an answer, by repository id, with the Hub's error code.
        hang: do not answer at all.
        pause: seconds between chunks of a file.
        requests: method and path of every request.
    """

    repositories: dict[str, Path] = field(default_factory=dict)
    status: dict[str, tuple[int, str]] = field(default_factory=dict)
    hang: threading.Event = field(default_factory=threading.Event)
    pause: float = 0.0
    requests: list[str] = field(default_factory=list)
    endpoint: str = ""


class Server(ThreadingHTTPServer):
    """A server whose clients are killed in the middle of an answer."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that is gone; anything else is a fault of this server."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serve() -> Iterator[FakeHub]:
    """Serve until the block ends."""
    hub = FakeHub()
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """Answers for the hub that its subclass holds."""

    protocol_version = "HTTP/1.1"
    hub: ClassVar[FakeHub]

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.requests.append(f"{self.command} {path}")
        while self.hub.hang.is_set():
            time.sleep(0.05)
        repository, rest = _split(path)
        folder = self.hub.repositories.get(repository)
        if repository in self.hub.status:
            code, kind = self.hub.status[repository]
            self._send(code, b"{}", {"X-Error-Code": kind}, body=body)
        elif folder is None:
            self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"}, body=body)
        elif path.startswith("/api/"):
            self._send(200, json.dumps(_describe(folder, rest)).encode(), {}, body=body)
        else:
            self._file(folder / rest.split("/", 2)[2], body=body)

    def _file(self, path: Path, *, body: bool) -> None:
        if not path.is_file():
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"}, body=body)
            return
        data = path.read_bytes()
        headers = {"ETag": f'"{hashlib.sha1(data).hexdigest()}"', "X-Repo-Commit": COMMIT}
        self._send(200, data, headers, body=body)

    def _send(self, code: int, data: bytes, headers: dict[str, str], *, body: bool) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        chunk = 16_384 if self.hub.pause else len(data) or 1
        for start in range(0, len(data) if body else 0, chunk):
            try:
                self.wfile.write(data[start : start + chunk])
            except OSError:  # the reader was killed, as tests of cancelling mean it to be
                return
            time.sleep(self.hub.pause)


def _split(path: str) -> tuple[str, str]:
    """`/api/models/org/name/tree/main` → `org/name`, `tree/main`."""
    parts = path.removeprefix("/api/models").strip("/").split("/")
    marks = [index for index, part in enumerate(parts) if part in ("resolve", "tree", "revision")]
    end = marks[0] if marks else len(parts)
    return "/".join(parts[:end]), "/".join(parts[end:])


def _describe(folder: Path, rest: str) -> Any:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    if rest.startswith("tree"):
        return [
            {
                "type": "file",
                "path": path.name,
                "size": path.stat().st_size,
                "oid": hashlib.sha1(path.read_bytes()).hexdigest(),
            }
            for path in files
        ]
    return {"id": folder.name, "sha": COMMIT, "siblings": [{"rfilename": path.name} for path in files]}
