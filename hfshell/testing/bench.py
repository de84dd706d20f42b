"""Where plugins are tried: sessions in this process with a home of their own, and tiny models and data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hfshell.commands.table import CommandTable
from hfshell.session.session import Session
from hfshell.settings import Configuration
from hfshell.testing.tiny_data import tiny_data, write_tiny_data
from hfshell.testing.tiny_models import Shelf, make_model
from hfshell.testing.tiny_source import TinySource

if TYPE_CHECKING:
    from hfshell.plugin_host import PluginHost

_MANIFESTS = "plugins-*.json"


class Bench:
    """Sessions, tiny models and tiny data for a test: `with Bench(folder) as bench: …`.

    Sessions are offline, on the processor, and seeded. All of one bench share their plugins and their home,
    so that one finds the runs of another. While the bench is open the environment names that home.

    Args:
        folder: holds the home and the data; not there yet.
        third_party: whether plugins that are installed are used, or only what hfshell ships.
        shelf: models that other benches made; without one, all are made anew.
    """

    def __init__(self, folder: Path, *, third_party: bool = True, shelf: Shelf | None = None) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._third_party = third_party
        self._shelf = shelf or Shelf(folder / "shelf")
        self._source = TinySource(self.model)
        self._sessions: list[Session] = []
        self._before: dict[str, str | None] = {}

    def __enter__(self) -> Self:
        """Move into a home of its own."""
        self.home.mkdir(parents=True)
        _carry_over(self._shelf.folder, self.home / "state")
        wanted = {
            "HFSHELL_HOME": str(self.home),
            "HF_HOME": str(self.home / "huggingface"),
            "HF_HUB_OFFLINE": "1",
        }
        self._before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        return self

    def __exit__(self, *_: object) -> None:
        """Close the sessions, and move back."""
        for session in self._sessions:
            session.close()
        self._source.close()
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        _carry_over(self.home / "state", self._shelf.folder)

    @property
    def plugins(self) -> PluginHost:
        """The plugins of all sessions here."""
        return (self._sessions[0] if self._sessions else self.session()).plugins

    def session(self) -> Session:
        """Open a session; the bench closes it."""
        session = self._opened()
        self._sessions.append(session)
        return session

    def data(self, task: str) -> Path:
        """Write a small data file that fits a task and can be learnt.

        Raises:
            UsageError: there is no such task.
            CannotMakeError: the kit makes no values for one of its roles.
        """
        folder = self.folder / "data" / task
        folder.mkdir(parents=True, exist_ok=True)
        return write_tiny_data(tiny_data(self.plugins.task(task)), folder)

    def model(self, task: str) -> Path:
        """Make a tiny model that a task can predict with; the same one when it is asked for again.

        Raises:
            UsageError: there is no such task.
            CannotMakeError: the kit can make none, or has no data to train it on.
            ModelError: the task failed at it.
        """
        spec = self.plugins.task(task)

        def make(folder: Path) -> None:
            with self._opened() as session:
                make_model(session, spec, self.data, folder)

        return self._shelf.get(spec, make)

    def _opened(self) -> Session:
        session = Session(plugins_enabled=self._third_party and not self._sessions, config=False)
        if self._sessions:
            session.home, session.plugins = self._sessions[0].home, self._sessions[0].plugins
            session.commands = CommandTable(session.plugins)
        else:
            session.plugins.use(self._source, "tiny")
        session.preferences.use(Configuration(said={"device": "cpu", "offline": "on", "seed": "42"}))
        return session


def _carry_over(source: Path, target: Path) -> None:
    """Copy what is known of installed plugins, so that they are asked once and not in each test."""
    target.mkdir(parents=True, exist_ok=True)
    for file in source.glob(_MANIFESTS):
        shutil.copy2(file, target / file.name)
