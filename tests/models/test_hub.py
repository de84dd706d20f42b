"""The Hub: cache first, a deadline on every wait, a cancel that is felt at once."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import constants

from hfshell.api.cancel import CancelToken
from hfshell.api.events import Event, Progress
from hfshell.errors import Interrupted, ModelError, StorageError
from hfshell.models import hub
from hfshell.models.loading import load_model
from hfshell.models.sources import Sources
from tests.models import tiny
from tests.models.fake_hub import COMMIT, FakeHub, serve


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeHub]:
    """A Hub of our own, with an empty cache."""
    with serve() as fake:
        monkeypatch.setenv("HF_HUB_OFFLINE", "0")
        monkeypatch.setenv("HF_ENDPOINT", fake.endpoint)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield fake


@pytest.fixture
def sources() -> Sources:
    """No plugins, no runs: everything is the Hub's."""
    return Sources({}, runs=lambda _: None)


def test_download_then_cache(server: FakeHub, sources: Sources, tmp_path: Path) -> None:
    """A model is fetched once, at one commit, without what is not needed; then it needs no network."""
    folder = tiny.bert(tmp_path / "served")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "README.md").write_text("hello")
    server.repositories["org/tiny"] = folder
    events: list[Event] = []
    found = sources.resolve("org/tiny", cancelled=CancelToken(), emit=events.append)
    assert found.source == f"hub:org/tiny@{COMMIT}"
    assert not [path for path in server.requests if "pytorch_model" in path or "README" in path]
    assert load_model(found).parameters > 10_000
    assert all(isinstance(event, Progress) and event.unit == "bytes" for event in events)

    server.requests.clear()
    server.hang.set()
    again = sources.resolve(f"hub:org/tiny@{COMMIT}", cancelled=CancelToken())
    assert (again.folder, server.requests) == (found.folder, [])
    assert sources.resolve("org/tiny", cancelled=CancelToken()).folder == found.folder
    server.hang.clear()


def test_half_downloaded_cache_is_completed(server: FakeHub, sources: Sources, tmp_path: Path) -> None:
    """A download that was killed is taken up again, not mistaken for a model."""
    server.repositories["org/tiny"] = tiny.bert(tmp_path / "served")
    found = sources.resolve("org/tiny", cancelled=CancelToken())
    (found.folder / "tokenizer.json").unlink()
    again = sources.resolve("org/tiny", cancelled=CancelToken())
    assert (again.folder / "tokenizer.json").is_file()


def test_unknown_id(server: FakeHub, sources: Sources) -> None:
    """A repository that does not exist."""
    with pytest.raises(ModelError, match="neither here nor on the Hub"):
        sources.resolve("org/nothing", cancelled=CancelToken())


def test_gated(server: FakeHub, sources: Sources) -> None:
    """A gated repository says where to ask."""
    server.status["org/gated"] = (403, "GatedRepo")
    with pytest.raises(ModelError, match="is gated") as caught:
        sources.resolve("org/gated", cancelled=CancelToken())
    assert caught.value.hint is not None
    assert "hf auth login" in caught.value.hint


def test_pickle_only_is_not_downloaded(server: FakeHub, sources: Sources, tmp_path: Path) -> None:
    """No byte of a pickle crosses the network."""
    folder = tiny.bert(tmp_path / "served")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    server.repositories["org/pickled"] = folder
    with pytest.raises(ModelError, match="no safetensors"):
        sources.resolve("org/pickled", cancelled=CancelToken())
    assert not [request for request in server.requests if "resolve" in request]


@pytest.mark.parametrize("status", [500, 429, 401])
def test_server_error_is_quick(server: FakeHub, sources: Sources, status: int) -> None:
    """The Hub's own client would retry for 23 seconds."""
    server.status["org/broken"] = (status, "")
    began = time.monotonic()
    with pytest.raises(ModelError, match=f"answered {status} for org/broken"):
        sources.resolve("org/broken", cancelled=CancelToken())
    assert time.monotonic() - began < 15


def test_no_network_fails_within_the_deadline(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody listens: at once, not after 46 seconds."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    began = time.monotonic()
    with pytest.raises(ModelError, match="could not be downloaded") as caught:
        sources.resolve("org/name", cancelled=CancelToken())
    assert time.monotonic() - began < 15
    assert caught.value.hint is not None


def test_silent_hub_is_given_up(server: FakeHub, sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that accepts and never answers; the child is gone afterwards."""
    server.hang.set()
    monkeypatch.setattr(hub, "ANSWER_SECONDS", 1.0)
    began = time.monotonic()
    with pytest.raises(ModelError, match="did not answer within 1 s"):
        sources.resolve("org/name", cancelled=CancelToken())
    assert time.monotonic() - began < 5
    server.hang.clear()


@pytest.mark.parametrize("phase", ["look-up", "transfer"])
def test_cancel_is_felt_within_a_second(
    server: FakeHub, sources: Sources, tmp_path: Path, phase: str
) -> None:
    """Ctrl-C ends a download that hangs and one that crawls."""
    server.repositories["org/tiny"] = tiny.bert(tmp_path / "served")
    if phase == "look-up":
        server.hang.set()
    else:
        server.pause = 0.5
    token, cancelled_at = CancelToken(), 0.0

    def cancel() -> None:
        nonlocal cancelled_at
        wanted = "/resolve/" if phase == "transfer" else "/api/"
        while not [request for request in server.requests if wanted in request]:
            time.sleep(0.02)
        cancelled_at = time.monotonic()
        token.set()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Interrupted):
        sources.resolve("org/tiny", cancelled=token)
    seconds = time.monotonic() - cancelled_at
    thread.join()
    server.hang.clear()
    assert seconds < 1


def test_offline_asks_nobody(server: FakeHub) -> None:
    """`offline` is kept to, and said."""
    with pytest.raises(ModelError, match="neither here nor in the Hub's cache"):
        Sources({}, runs=lambda _: None, offline=True).resolve("org/name", cancelled=CancelToken())
    assert server.requests == []


def test_cache_that_cannot_be_written(server: FakeHub, sources: Sources, tmp_path: Path) -> None:
    """A file stands where the cache should be."""
    server.repositories["org/tiny"] = tiny.bert(tmp_path / "served")
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(StorageError, match="cache cannot be written"):
        sources.resolve("org/tiny", cancelled=CancelToken())


def test_no_child_is_left(server: FakeHub, sources: Sources) -> None:
    """A killed download leaves no process behind."""
    import psutil

    with pytest.raises(ModelError):
        sources.resolve("org/nothing", cancelled=CancelToken())
    assert [
        child for child in psutil.Process().children() if "hub_download" in " ".join(child.cmdline())
    ] == []


def test_downloaded_folder_may_be_copied(server: FakeHub, sources: Sources, tmp_path: Path) -> None:
    """The cache's links lead to whole files."""
    server.repositories["tiny"] = tiny.bert(tmp_path / "served")
    found = sources.resolve("tiny", cancelled=CancelToken())
    shutil.copytree(found.folder, tmp_path / "copy")
    assert tiny.files(tmp_path / "copy").weight_bytes == found.weight_bytes
