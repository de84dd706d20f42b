"""The fixtures: a plugin that every run of pytest loads, and that imports nothing before it is used."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hfshell import Session
    from hfshell.plugin_host import PluginHost
    from hfshell.testing.bench import Bench
    from hfshell.testing.checkup import Checkup
    from hfshell.testing.keyboard import Typed
    from hfshell.testing.outcome import Outcome
    from hfshell.testing.tiny_models import Shelf


@pytest.fixture(scope="session")
def hfshell_shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """Tiny models, made once for all tests."""
    from hfshell.testing.tiny_models import Shelf

    return Shelf(tmp_path_factory.mktemp("hfshell-shelf"))


@pytest.fixture
def hfshell_bench(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, hfshell_shelf: Shelf
) -> Iterator[Bench]:
    """A test's home, sessions, models and data."""
    from hfshell.testing.bench import Bench

    installed = "plugin_host" not in request.fixturenames
    with Bench(
        tmp_path_factory.mktemp("hfshell") / "bench", third_party=installed, shelf=hfshell_shelf
    ) as bench:
        yield bench


@pytest.fixture
def hf_session(hfshell_bench: Bench) -> Session:
    """A session in this process: a home of its own, offline, on the processor, seeded, closed at the end."""
    return hfshell_bench.session()


@pytest.fixture
def run_hfsh(hf_session: Session) -> Callable[..., Outcome]:
    """`run_hfsh(text, **parameters)` runs a script in the test's session; see `hfshell.testing.Outcome`.

    What fails in the script stands in the outcome, and is not raised. `load tiny:TASK` gives a tiny model.
    """
    from hfshell.testing.outcome import run_script

    def run(text: str, **parameters: object) -> Outcome:
        return run_script(hf_session, text, parameters)

    return run


@pytest.fixture
def plugin_host(hf_session: Session) -> PluginHost:
    """The plugins of the test's session: only what hfshell ships, and what the test adds.

    `plugin_host.use(module, name)` uses a module as if it were installed.
    """
    return hf_session.plugins


@pytest.fixture
def tiny_model(hf_session: Session, hfshell_bench: Bench) -> Callable[[str], Path]:  # noqa: ARG001 - the host of both
    """`tiny_model(task)` gives the folder of a tiny model that the task can predict with, made here."""
    return hfshell_bench.model


@pytest.fixture
def tiny_dataset(hf_session: Session, hfshell_bench: Bench) -> Callable[[str], Path]:  # noqa: ARG001 - the host of both
    """`tiny_dataset(task)` gives a small data file that fits the task's roles, and can be learnt."""
    return hfshell_bench.data


@pytest.fixture
def type_keys(hf_session: Session) -> Callable[[str], Typed]:
    r"""`type_keys("predict m --thr\t")` presses keys at a prompt without a terminal, see `Typed`."""
    from hfshell.testing.keyboard import type_keys

    return lambda keys: type_keys(keys, hf_session)


@pytest.fixture(scope="class")
def hfshell_checkup(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, hfshell_shelf: Shelf
) -> Iterator[Checkup]:
    """The checks of a `TaskConformance`, in one session that they share."""
    from hfshell.testing.conformance import checkup_of

    with checkup_of(request.cls, tmp_path_factory.mktemp("hfshell") / "checkup", hfshell_shelf) as checkup:
        yield checkup


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell an error of hfshell's in a few lines; a traceback through hfshell would say no more."""
    report = yield
    known = {"hfshell_bench", "hfshell_checkup"} & set(getattr(item, "fixturenames", ()))
    kinds = sys.modules.get("hfshell.errors")
    if not (known and kinds and call.excinfo and report.failed) or item.config.getoption("fulltrace"):
        return report
    error = call.excinfo.value
    if isinstance(error, kinds.HfshellError):
        lines = [entry.lineno + 1 for entry in call.excinfo.traceback if entry.path == item.path]
        where = f"{item.path.name}:{lines[-1]}: " if lines else ""
        hint = f"\n  {error.hint}" if error.hint else ""
        report.longrepr = f"{where}{type(error).__name__}: {error.message}{hint}"
    return report
