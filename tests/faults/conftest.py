"""Fixtures of the tests with plugins that misbehave at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import at_work


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder on the path of kernels, with plugins installed."""
    site = tmp_path_factory.mktemp("site")
    at_work.install(site)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in at_work.environment(site).items():
            patch.setenv(name, value)
        yield site


@pytest.fixture
def same_home(home: Path, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # after `home`
    """Keep one home: a kernel that takes the place of another looks for what is known of plugins there."""
    monkeypatch.setenv("HFSHELL_HOME", str(site / "home"))
