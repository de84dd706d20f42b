"""From what a user types after `load` to a model folder on this disk."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.errors import HfshellError, ModelError, Place, PluginError
from hfshell.models import fresh, hub
from hfshell.models.inspection import CONFIG, inspect_folder
from hfshell.models.task_model import TaskSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hfshell.api.cancel import CancelToken
    from hfshell.api.events import Event
    from hfshell.api.models import ModelFolder
    from hfshell.api.specs import ModelSourceSpec

_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+-]*):(?P<name>.+)")
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?(@[\w./-]+)?")


@dataclass(frozen=True)
class PluginSource:
    """A model source that a plugin declares.

    Attributes:
        spec: the declaration.
        find: called with the name behind the colon; imports the plugin's code and returns the folder.
    """

    spec: ModelSourceSpec
    find: Callable[[str], str | Path]


@dataclass(frozen=True)
class Sources:
    """Everything that a model's name may refer to.

    Attributes:
        plugins: plugin sources by scheme.
        runs: gives the folder of a run's best model, or None when there is no such run.
        offline: never reach for the network.
        tasks: names of the tasks that make models themselves, by scheme; a plugin source of that scheme wins.
        giver_hint: says who gives a scheme that nothing in use gives, if it is known.
        new: folder of models with random weights, for `new:`; None offers none.
        any_files: whether a task will read the folder itself, see `inspect_folder`.
    """

    plugins: Mapping[str, PluginSource]
    runs: Callable[[str], Path | None]
    offline: bool = False
    tasks: Mapping[str, str] = field(default_factory=dict)
    giver_hint: Callable[[str], str | None] = lambda _scheme: None
    new: Path | None = None
    any_files: bool = False

    def names(self) -> tuple[str, ...]:
        """Names that plugin sources offer, for completion and for hints."""
        return tuple(name for source in self.plugins.values() for name in source.spec.names)

    def resolve(
        self, source: str, *, cancelled: CancelToken, emit: Callable[[Event], None] = lambda _event: None
    ) -> ModelFolder | TaskSource:
        """Find a model and prove its folder whole.

        Tried in this order: a local folder; `run:ID`; `new:ARCHITECTURE`; `hub:ORG/NAME[@REVISION]` and the
        schemes of plugins, those of tasks last; a bare name that a plugin offers; a model of the Hub, from
        the cache if it is there and else over the network.

        Args:
            source: the name as typed.
            cancelled: ends a download within a tenth of a second.
            emit: told of a download's progress.

        Returns:
            The folder; for a name that a task makes a model of, that name.

        Raises:
            ModelError: there is no such model, or its folder is not whole.
            Refused: the folder asks to run code of its own.
            PluginError: a plugin's source failed.
            Interrupted: cancelled.
        """
        if Path(source).expanduser().is_dir():
            return self._local(source)
        if match := _SCHEME.fullmatch(source):
            return self._by_scheme(match["scheme"], match["name"], cancelled, emit)
        if _is_path(source) or Path(source).exists():
            return self._local(source)
        for scheme, plugin in self.plugins.items():
            if source in plugin.spec.names:
                return self._from_plugin(scheme, plugin, source)
        return self._from_hub(source, cancelled, emit)

    def _by_scheme(
        self, scheme: str, name: str, cancelled: CancelToken, emit: Callable[[Event], None]
    ) -> ModelFolder | TaskSource:
        if scheme == "run":
            return self._from_run(name)
        if scheme == "hub":
            return self._from_hub(name, cancelled, emit)
        if scheme in self.plugins:
            return self._from_plugin(scheme, self.plugins[scheme], name)
        if scheme in self.tasks:
            return TaskSource(f"{scheme}:{name}", self.tasks[scheme], name)
        if scheme == "new" and self.new is not None:
            return self._inspected(fresh.find(self.new, name), f"new:{name}")
        own = ("run", "hub", "new")
        known = ", ".join(f"{known}:" for known in dict.fromkeys((*own, *self.plugins, *self.tasks)))
        hint = self.giver_hint(scheme) or f"known sources: {known}"
        raise ModelError(f"there is no model source {scheme}:", hint=hint)

    def _from_run(self, run: str) -> ModelFolder:
        folder = self.runs(run)
        if folder is None:
            raise ModelError(
                f"there is no run {run}", hint="the model of a run is kept until the run is deleted"
            )
        return self._inspected(folder, f"run:{run}")

    def _from_hub(self, name: str, cancelled: CancelToken, emit: Callable[[Event], None]) -> ModelFolder:
        if not _HUB_ID.fullmatch(name):
            raise ModelError(f"there is no model {name}", hint=self._nearest(name))
        repository, _, revision = name.partition("@")
        try:
            snapshot = hub.fetch(
                repository, revision or None, offline=self.offline, cancelled=cancelled, emit=emit
            )
        except ModelError as error:
            raise ModelError(error.message, hint=_lines(error.hint, self._nearest(name))) from None
        return self._inspected(snapshot.folder, f"hub:{repository}@{snapshot.commit}")

    def _from_plugin(self, scheme: str, plugin: PluginSource, name: str) -> ModelFolder:
        try:
            folder = Path(plugin.find(name))
        except HfshellError:
            raise
        except Exception as error:  # a stranger's code may raise anything  # noqa: BLE001
            raise PluginError(
                f"the model source {scheme}: failed to give {name}: {type(error).__name__}: {error}",
                hint="`plugins` shows where it comes from",
            ) from None
        return self._inspected(folder, f"{scheme}:{name}")

    def _local(self, source: str) -> ModelFolder:
        folder = Path(source).expanduser().absolute()
        if not folder.exists():
            siblings = [path.name for path in folder.parent.glob("*/") if path.is_dir()]
            close = difflib.get_close_matches(folder.name, siblings, n=1, cutoff=0.6)
            hint = f"did you mean {Path(source).parent / close[0]}?" if close else None
            raise ModelError(f"there is no folder {source}", place=Place(source), hint=hint)
        return self._inspected(folder, str(folder))

    def _inspected(self, folder: Path, source: str) -> ModelFolder:
        return inspect_folder(folder, source=source, any_files=self.any_files)

    def _nearest(self, name: str) -> str | None:
        folders = [path.parent.name for path in Path().glob(f"*/{CONFIG}")]
        close = difflib.get_close_matches(name, [*self.names(), *folders], n=1, cutoff=0.6)
        if close:
            return f"did you mean {close[0]}?"
        if self.names():
            return f"with no network: {', '.join(self.names())}"
        return None


def _is_path(source: str) -> bool:
    return source.startswith(("/", "./", "../", "~")) or source in (".", "..") or source.count("/") > 1


def _lines(*hints: str | None) -> str | None:
    return "\n".join(hint for hint in hints if hint) or None
