"""A stranger's task that is no transformer, installed as a package for the tests of a file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hfshell import Session
from tests.session.own_tasks.shared import PACKAGE
from tests.session.own_tasks.strangers.install import Site


@pytest.fixture(scope="module")
def home_of_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the tests of a file share."""
    return tmp_path_factory.mktemp("own-tasks")


@pytest.fixture(autouse=True)
def same_home(home_of_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let later sessions find what the first one left."""
    monkeypatch.setenv("HFSHELL_HOME", str(home_of_file))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The package is installed."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("site")
        patch.syspath_prepend(str(folder))
        site = Site(folder)
        site.install(PACKAGE, task="bayes")
        yield site
        site.forget(PACKAGE)


@pytest.fixture(scope="module")
def started(site: Site, table: Path, home_of_file: Path) -> Iterator[Session]:
    """A session that has the data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HFSHELL_HOME", str(home_of_file))
        session = Session()
    with session:
        session.run(f"reviews = data {table}")
        yield session


@pytest.fixture
def session(started: Session) -> Iterator[Session]:
    """That session, with no model in it when a test begins."""
    yield started
    for binding in started.names:
        if binding.kind == "model":
            started.names.forget(binding.name)
    started.warm.release()


@pytest.fixture
def work(session: Session) -> Any:
    """The module with the stranger's work, to change what it returns."""
    session.tasks.get("bayes")
    return sys.modules[f"{PACKAGE}.task"]
