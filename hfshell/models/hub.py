"""Models of the Hugging Face Hub: from the cache, or over the network in a process of its own.

The Hub's client waits up to 393 s on a host that does not answer and cannot be interrupted (name look-up and
Xet transfers least of all). A child process can: it is killed on cancel and at its deadlines, and what it has
fetched so far stays in the cache for the next time.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.events import Progress
from hfshell.errors import HfshellError, ModelError, StorageError
from hfshell.models.hub_download import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hfshell.api.cancel import CancelToken

ANSWER_SECONDS = 12.0
"""How long the Hub may take to say what a repository holds."""
STALL_SECONDS = 60.0
"""How long a download may stand still."""
_LOOK_SECONDS = 0.1
_WITHOUT_NETWORK = "is there a network? a local folder or a model in the Hub's cache loads without one"


@dataclass(frozen=True)
class Snapshot:
    """A repository at one commit, on this disk."""

    folder: Path
    commit: str


def fetch(
    repository: str,
    revision: str | None,
    *,
    offline: bool,
    cancelled: CancelToken,
    emit: Callable[[Progress], None],
) -> Snapshot:
    """Return a repository's snapshot, downloading safetensors, configuration and tokenizer if need be.

    Args:
        repository: `org/name` or `name`.
        revision: branch, tag or commit; None is the main branch.
        offline: never reach for the network; so does the environment's `HF_HUB_OFFLINE=1`.
        cancelled: looked at ten times a second.
        emit: told of the bytes that arrived.

    Raises:
        ModelError: no such repository, no safetensors in it, or no answer within `ANSWER_SECONDS`.
        StorageError: the cache cannot be written.
        Interrupted: cancelled.
    """
    folder = _cached(repository, revision)
    if folder is not None:
        return Snapshot(folder, folder.name)
    if offline or os.environ.get("HF_HUB_OFFLINE", "").upper() in ("1", "ON", "YES", "TRUE"):
        raise ModelError(
            f"{repository} is neither here nor in the Hub's cache",
            hint="the network is switched off (offline, or HF_HUB_OFFLINE=1)",
        )
    folder = _download(repository, revision, cancelled, emit)
    return Snapshot(folder, folder.name)


def _cached(repository: str, revision: str | None) -> Path | None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        found = snapshot_download(repository, revision=revision, local_files_only=True, **PATTERNS)
    except LocalEntryNotFoundError:
        return None
    except HFValidationError:
        raise ModelError(f"there is no model {repository}") from None
    return Path(str(found))


def _download(
    repository: str, revision: str | None, cancelled: CancelToken, emit: Callable[[Progress], None]
) -> Path:
    for message in _messages(repository, revision, cancelled):
        if "error" in message:
            raise _as_error(repository, revision, message)
        if "folder" in message:
            return Path(message["folder"])
        if "done" in message:
            emit(Progress("load", message["done"], message["total"], unit="bytes"))
    raise ModelError(f"the download of {repository} ended without a word", hint="try again")


def _messages(repository: str, revision: str | None, cancelled: CancelToken) -> Iterator[dict[str, Any]]:
    """What the child says, until it ends, stalls, or is no longer wanted."""
    with _child(repository, revision) as lines:
        limit, since = ANSWER_SECONDS, time.monotonic()
        while True:
            cancelled.raise_if_set()
            try:
                line = lines.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                if time.monotonic() - since > limit:
                    raise _no_answer(limit) from None
                continue
            if line is None:
                return
            limit, since = STALL_SECONDS, time.monotonic()
            yield json.loads(line)


@contextmanager
def _child(repository: str, revision: str | None) -> Iterator[queue.Queue[str | None]]:
    from huggingface_hub import constants

    script = Path(__file__).with_name("hub_download.py")
    command = [sys.executable, "-P", str(script), repository, revision or "", constants.HF_HUB_CACHE]
    lines: queue.Queue[str | None] = queue.Queue()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # whatever matters comes as a message
        text=True,
        start_new_session=True,  # the terminal's Ctrl-C is ours to handle
    ) as process:
        reader = threading.Thread(target=_read_lines, args=(process, lines), daemon=True)
        reader.start()
        try:
            yield lines
        finally:
            process.kill()
            reader.join()


def _read_lines(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put(None)


def _no_answer(seconds: float) -> ModelError:
    return ModelError(f"{_endpoint()} did not answer within {seconds:.0f} s", hint=_WITHOUT_NETWORK)


def _as_error(repository: str, revision: str | None, message: dict[str, Any]) -> HfshellError:
    match message["error"]:
        case "missing":
            return ModelError(
                f"there is no model {repository}, neither here nor on the Hub",
                hint="a private model needs `hf auth login`" if "/" in repository else None,
            )
        case "revision":
            return ModelError(f"{repository} has no revision {revision}")
        case "gated":
            return ModelError(
                f"{repository} is gated",
                hint=f"ask for access at https://huggingface.co/{repository}, then `hf auth login`",
            )
        case "pickle":
            return ModelError(
                f"{repository} has no safetensors, and opening a pickle can run any code",
                hint="another revision may have them: `load hub:ORG/NAME@refs/pr/1`",
            )
        case "disk":
            return StorageError(
                f"the Hub's cache cannot be written: {message['detail']}",
                hint="free some space, or move the cache with HF_HOME",
            )
        case "status":
            return ModelError(
                f"{_endpoint()} answered {message['status']} for {repository}",
                hint="`hf auth login` if it is private; else try again later",
            )
        case _:
            return ModelError(
                f"{repository} could not be downloaded from {_endpoint()}: {message['detail']}",
                hint=_WITHOUT_NETWORK,
            )


def _endpoint() -> str:
    return os.environ.get("HF_ENDPOINT", "https://huggingface.co")
