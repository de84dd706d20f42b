"""A Hub of one small data set on this machine, and two that never answer."""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

COMMIT = "a" * 40
REPOSITORY = "org/reviews"
_FEATURES = {
    "label": {"names": ["negative", "positive"], "_type": "ClassLabel"},
    "text": {"dtype": "string", "_type": "Value"},
}


def _parquet(split: str, rows: int) -> bytes:
    table = pa.table(
        {"text": [f"{split} text {n}" for n in range(rows)], "label": [n % 2 for n in range(rows)]}
    )
    sink = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": _FEATURES}})}), sink
    )
    return sink.getvalue()


FILES = {
    f"data/{split}-00000-of-00001.parquet": _parquet(split, rows)
    for split, rows in (("train", 20), ("test", 6), ("unsupervised", 4))
}


class _Handler(http.server.BaseHTTPRequestHandler):
    """The few answers of the Hub that reading a data set takes."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Print nothing."""

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self.do_GET()

    def do_GET(self) -> None:
        """Answer for the data set, its files, and nothing else."""
        path = urllib.parse.unquote(urllib.parse.urlparse(self.path).path)
        api, files = f"/api/datasets/{REPOSITORY}", f"/datasets/{REPOSITORY}/resolve/{COMMIT}/"
        if path in (api, f"{api}/revision/{COMMIT}"):
            names = [{"rfilename": name} for name in FILES]
            self._json(
                {
                    "id": REPOSITORY,
                    "sha": COMMIT,
                    "private": False,
                    "gated": False,
                    "tags": [],
                    "siblings": names,
                }
            )
        elif path.startswith(f"{api}/tree/{COMMIT}"):
            self._json(self._tree(path.removeprefix(f"{api}/tree/{COMMIT}").strip("/")))
        elif path.startswith(files) and path.removeprefix(files) in FILES:
            content = FILES[path.removeprefix(files)]
            self._send(
                200, content, {"ETag": f'"{hashlib.sha1(content).hexdigest()}"', "X-Repo-Commit": COMMIT}
            )
        elif path.startswith(files):
            self._send(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT})
        else:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})

    def _tree(self, folder: str) -> list[dict[str, Any]]:
        if not folder:
            return [{"type": "directory", "path": "data", "oid": "0" * 40, "size": 0}]
        return [
            {"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
            for name, content in FILES.items()
        ]

    def _json(self, body: Any) -> None:
        self._send(200, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def _send(self, code: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def hub() -> Iterator[str]:
    """Run the Hub; yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def black_hole() -> Iterator[str]:
    """Open a port that takes connections and never answers; yield its address."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def nobody() -> Iterator[str]:
    """Yield the address of a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    yield f"http://127.0.0.1:{port}"
