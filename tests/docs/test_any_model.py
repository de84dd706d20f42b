"""The guide to wrapping any model: both of its plugins work as it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api import ModelError, UsageError
from tests.docs.pages import ROOT, blocks
from tests.docs.reader import make_reader
from tests.docs.workbench import forget, install, write_files

PAGE = ROOT / "docs" / "plugins" / "any-model.md"
TESTING = ROOT / "docs" / "plugins" / "testing.md"
TICKETS = ROOT / "examples" / "data" / "tickets.csv"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with both plugins installed, and the tickets."""
    write_files(blocks(PAGE), tmp_path)
    for project in ("bags", "triage"):
        monkeypatch.syspath_prepend(str(tmp_path / project))
        install(tmp_path / project)
    shutil.copy(TICKETS, tmp_path)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    forget("hfshell_bags")
    forget("hfshell_triage")


@pytest.fixture
def session(place: Path) -> Iterator[Session]:
    """A session in that folder."""
    with Session() as session:
        yield session


class Service(BaseHTTPRequestHandler):
    """Answers as the triage service does; some addresses misbehave."""

    def do_POST(self) -> None:
        """Answer a request."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.headers["Authorization"] != "Bearer sesame":
            self.send_error(401)
            return
        queues = ["billing" if "charged" in text else "delivery" for text in body["texts"]]
        answer = b"<html>" if self.path == "/broken" else json.dumps({"queues": queues}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    """The service's address."""
    server = HTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"triage:http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_model_of_scikit_learn_learns_and_comes_back(session: Session, place: Path) -> None:
    """The guide's script runs to its end, and the saved model predicts what the trained one does."""
    result = session.run_file(place / "bags.hfsh")
    assert result is not None
    assert result.rows[0][0].label == "billing"
    trained = session.run('predict m "my card was charged twice"')
    assert trained is not None
    assert trained.rows == result.rows
    assert len(session.run("show m").labels) == 7  # type: ignore[union-attr]


@pytest.mark.slow
def test_service_is_asked_in_batches(session: Session, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key comes from the environment, and predictions come in the order of the rows."""
    monkeypatch.setenv("TRIAGE_KEY", "sesame")
    session.run("set offline off")
    session.run(f"m = load {service}/v1")
    found = session.run('predict m "charged twice" "where is it" "charged" --batch 2')
    assert found is not None
    assert found.rows == ("billing", "delivery", "billing")
    evaluated = session.run("eval m tickets.csv --limit 20")
    assert evaluated is not None
    assert evaluated.n == 20


@pytest.mark.parametrize(
    ("key", "path", "offline", "error", "said"),
    [
        ("sesame", "/v1", "on", ModelError, "offline"),
        ("wrong", "/v1", "off", ModelError, "401"),
        ("sesame", "/broken", "off", ModelError, "not queues"),
        ("", "/v1", "off", UsageError, "TRIAGE_KEY"),
    ],
)
def test_service_that_cannot_be_used_is_an_error_of_its_kind(
    session: Session,
    service: str,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    path: str,
    offline: str,
    error: type[Exception],
    said: str,
) -> None:
    """Offline, a wrong key, a broken answer, no key: each is told for what it is, and no key is ever told."""
    monkeypatch.setenv("TRIAGE_KEY", key)
    session.run(f"set offline {offline}")
    session.run(f"m = load {service}{path}")
    with pytest.raises(error, match=said) as caught:
        session.run('predict m "charged"')
    assert not key or key not in f"{caught.value} {caught.value.hint}"  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_both_install_as_written(tmp_path: Path) -> None:
    """Who types what the guide says has both plugins, a model of the first one, and its test passed."""
    reader = make_reader(tmp_path)
    shutil.copy(TICKETS, reader.folder)
    for block in blocks(PAGE):
        reader.follow(block)
    assert len(reader.shown) == 4
    assert (reader.folder / "sorter" / "weights.npz").is_file()
    assert "hfshell_triage" in reader.run("python -c 'import hfshell_triage.plugin as p; print(p.__name__)'")
    with pytest.raises(AssertionError, match="holds no model of bags"):
        reader.run("mkdir empty && hfshell -c 'load ./empty --task bags'")


TRIAGE = """

class TestTriage(TaskConformance):
    task = "triage"
    expected_failures = {"predict": "the service is on the network"}
"""
"""What the guide says that a service's test says."""


@pytest.mark.slow
def test_both_keep_to_the_contract(place: Path) -> None:
    """The plugins of the guide pass the checks, tested as the page of the kit, and the guide, test them."""
    block = next(block for block in blocks(TESTING) if "class TestBags" in block.text)
    assert 'expected_failures = {"predict": "the service is on the network"}' in PAGE.read_text()
    (place / "test_guide.py").write_text(block.text + TRIAGE)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--rootdir", str(place), "test_guide.py"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(place / "bags"), str(place / "triage")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
