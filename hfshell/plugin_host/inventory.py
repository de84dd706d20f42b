"""What is installed, what the user chose of it, what it gives: looked at again when that changes."""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, replace

from hfshell.errors import UsageError
from hfshell.home import Home
from hfshell.plugin_host import choices
from hfshell.plugin_host.cache import ManifestCache
from hfshell.plugin_host.catalogue import Catalogue
from hfshell.plugin_host.choices import Choices
from hfshell.plugin_host.declaration_remarks import remarks_among
from hfshell.plugin_host.discovery import discover, installed
from hfshell.plugin_host.manifests import Manifests
from hfshell.plugin_host.notices import Notices
from hfshell.plugin_host.records import Record
from hfshell.settings import config_file


@dataclass(frozen=True)
class _Look:
    """What one look at the installed packages and the user's choices showed."""

    stamp: tuple[str | int, ...]
    chosen: Choices
    listed: tuple[Record, ...]


class Inventory:
    """The plugins of an environment. May be used from any thread.

    Args:
        home: where choices and manifests lie.
        third_party: False leaves only what hfshell ships.
        notices: told of plugins that failed, and of names that several give.
    """

    def __init__(self, home: Home, notices: Notices, *, third_party: bool) -> None:
        self.manifests = Manifests(ManifestCache(home.state))
        self._home = home
        self._third_party = third_party
        self._notices = notices
        self._used: tuple[Record, ...] = ()
        self._lock = threading.RLock()
        self._asked: tuple[Record, ...] | None = None
        self._catalogue: Catalogue | None = None
        self._look = self._look_around()

    @property
    def listed(self) -> tuple[Record, ...]:
        """All plugins, not yet asked what they give."""
        return (*self._look.listed, *self._used)

    @property
    def records(self) -> tuple[Record, ...]:
        """All plugins, asked what they give: the first time that may take a while."""
        with self._lock:
            if self._asked is None:
                asked = (*self.manifests.ask(self._look.listed), *self._used)
                self._asked = tuple(
                    replace(record, remarks=(*record.remarks, *remarks_among(record, asked)))
                    for record in asked
                )
                for record in self._asked:
                    self._say_failure(record)
            return self._asked

    @property
    def catalogue(self) -> Catalogue:
        """All that plugins give, by kind and name."""
        with self._lock:
            if self._catalogue is None:
                self._catalogue = Catalogue(self.records, self._look.chosen.prefer)
                for clash in self._catalogue.clashes():
                    self._notices.say(str(clash))
            return self._catalogue

    def use(self, record: Record) -> None:
        """Add a plugin that no package ships."""
        with self._lock:
            self._used = (*self._used, record)
            self._forget()

    def refresh_if_changed(self) -> None:
        """Look again if a package came or went, the user chose something, or files of a plugin changed.

        Not for a plugin that is imported here: its code stays the old one, and what is declared must fit it.
        """
        if self._stamp() != self._look.stamp or any(
            record.has_changed() and record.plugin.module not in sys.modules for record in self._asked or ()
        ):
            self.refresh()

    def refresh(self) -> None:
        """Look again at what is installed, and at what the user chose."""
        with self._lock:
            self._look = self._look_around()
            self.manifests.cache.reload()
            self._forget()

    def _look_around(self) -> _Look:
        stamp, chosen = self._stamp(), self._choices()
        none_because = None if self._third_party else "--no-plugins"
        if chosen is None:  # whom the user switched off is not known, so nobody is used
            none_because = f"{config_file.FILE} cannot be read"
            chosen = Choices()
        found = discover(none_because=none_because, disabled=chosen.disabled)
        records = (Record(plugin, "disabled" if plugin.disabled else "listed") for plugin in found)
        return _Look(stamp, chosen, tuple(records))

    def _stamp(self) -> tuple[str | int, ...]:
        return (*installed(), choices.changed(self._home.config))

    def _choices(self) -> Choices | None:
        try:
            return choices.read_choices(self._home.config)
        except UsageError as error:
            self._notices.say(f"{error.place}: {error.message}")
            return None

    def _say_failure(self, record: Record) -> None:
        if record.failure is not None:
            why = f"`plugins why {record.plugin.name}`"
            told = filter(None, (record.failure.summary, record.failure.hint, why))
            self._notices.say(f"plugin {record.label} failed: {' · '.join(told)}")

    def _forget(self) -> None:
        self._asked = self._catalogue = None
