"""Downloads one repository and says on standard output how it goes, a JSON object a line.

Run as a script by `hfshell.models.hub`, so that it can be killed; it imports nothing of hfshell.

    {"done": BYTES, "total": BYTES}     on the way
    {"folder": PATH}                    the end
    {"error": KIND, "detail": TEXT}     the other end
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any, TypedDict

CONNECT_SECONDS = 4.0


class Patterns(TypedDict):
    """Which of a repository's files are wanted."""

    allow_patterns: list[str]
    ignore_patterns: list[str]


PATTERNS = Patterns(
    allow_patterns=[
        "*config.json",
        "model.safetensors",
        "model.safetensors.index.json",
        "model-*.safetensors",
        "tokenizer*",
        "vocab*",
        "merges.txt",
        "special_tokens_map.json",
        "added_tokens.json",
        "*.model",
        "*.spm",
        "chat_template*",
        "hfshell*",
    ],
    ignore_patterns=["*/*"],
)


def main(repository: str, revision: str, cache: str) -> None:
    """Download a repository's wanted files at one commit."""
    from huggingface_hub import HfApi, snapshot_download

    files = HfApi().model_info(repository, revision=revision or None, timeout=CONNECT_SECONDS).siblings or []
    names = {file.rfilename for file in files}
    if not any(name.endswith(".safetensors") and "/" not in name for name in names):
        return _say(error="pickle", detail="")
    _say(done=0, total=None)
    folder = snapshot_download(
        repository,
        revision=revision or None,
        cache_dir=cache,
        etag_timeout=CONNECT_SECONDS,
        tqdm_class=_reporting_bar(),
        **PATTERNS,
    )
    return _say(folder=str(folder))


def _reporting_bar() -> type[Any]:
    from huggingface_hub.utils.tqdm import tqdm

    class ReportingBar(tqdm):
        """A bar that draws nothing and says how many bytes came, at most five times a second."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "disable": True})  # type: ignore[no-untyped-call]  # huggingface_hub is not typed there
            # There are bars for files and for bytes written, too; this one counts what the network gave.
            self.counts_bytes = str(kwargs.get("desc", "")).startswith("Downloading")
            self.total = kwargs.get("total")
            self.said = 0.0

        def update(self, n: float | None = 1) -> bool | None:
            self.n += n or 0
            if self.counts_bytes and time.monotonic() - self.said > 0.2:
                self.said = time.monotonic()
                _say(done=int(self.n), total=int(self.total or 0) or None)
            return None

    return ReportingBar


def _kind_of(error: Exception) -> str:
    from huggingface_hub import errors

    if isinstance(error, errors.GatedRepoError):
        return "gated"
    if isinstance(error, errors.RepositoryNotFoundError):
        return "missing"
    if isinstance(error, errors.RevisionNotFoundError):
        return "revision"
    if isinstance(error, errors.HfHubHTTPError):
        return "status"
    if isinstance(error, OSError) and error.filename is not None:
        return "disk"
    return "network"


def _say(**message: Any) -> None:
    os.write(1, (json.dumps(message) + "\n").encode())  # one call, whole lines: several threads speak


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Exception as error:  # the parent turns any of them into one line  # noqa: BLE001
        first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
        status = getattr(getattr(error, "response", None), "status_code", None)
        _say(error=_kind_of(error), detail=first_line.removesuffix("."), status=status)
