"""A stranger's task that is no transformer, installed as a package for each test."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hfshell import Session
from tests.session.own_tasks.shared import PACKAGE
from tests.session.own_tasks.strangers.install import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The package is installed for one test."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    site = Site(folder)
    site.install(PACKAGE, task="bayes")
    yield site
    site.forget(PACKAGE)


@pytest.fixture
def session(site: Site, table: Path) -> Iterator[Session]:
    """A session that has the data."""
    with Session() as session:
        session.run(f"reviews = data {table}")
        yield session


@pytest.fixture
def work(session: Session) -> Any:
    """The module with the stranger's work, to change what it returns."""
    session.tasks.get("bayes")
    return sys.modules[f"{PACKAGE}.task"]
