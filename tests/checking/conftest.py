"""Where the checker's tests happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checking.place import furnish


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A furnished folder, in which the test stands."""
    furnish(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path
