"""The plugins of one session: listed by name, imported on first mention, asked for their declarations."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pluggy

from hfshell.api.hooks import PROJECT, HookSpecs
from hfshell.api.results import PluginRow
from hfshell.api.specs import API_VERSION, CommandSpec, ModelSourceSpec, TaskSpec
from hfshell.errors import PluginError, UsageError
from hfshell.language.suggest import did_you_mean
from hfshell.plugin_host.discovery import PLUGINS, TASKS, Discovered, discover
from hfshell.plugin_host.isolation import Failure, contain

State = Literal["listed", "loaded", "failed", "disabled", "incompatible"]


@dataclass(frozen=True)
class Record:
    """What is known of a plugin. `seconds` is what its import took."""

    plugin: Discovered
    state: State = "listed"
    seconds: float | None = None
    tasks: tuple[TaskSpec, ...] = ()
    commands: tuple[CommandSpec, ...] = ()
    sources: tuple[ModelSourceSpec, ...] = ()
    failure: Failure | None = None

    @property
    def label(self) -> str:
        """Name, distribution and version, as errors give them."""
        return f"{self.plugin.name} ({self.plugin.distribution} {self.plugin.version})"


@dataclass
class PluginHost:
    """Imports nothing until it is asked for something that only a plugin can answer.

    Args:
        third_party: False leaves only what hfshell ships.
    """

    third_party: bool = True
    _records: dict[tuple[str, str], Record] = field(init=False)
    _notices: list[str] = field(init=False, default_factory=list)
    _manager: pluggy.PluginManager = field(init=False)

    def __post_init__(self) -> None:
        """List the installed plugins by name."""
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(HookSpecs)
        self._records = {}
        for plugin in discover(third_party=self.third_party):
            key = (plugin.group, plugin.name)
            if key in self._records:
                self._notices.append(_clash(self._records[key].plugin, plugin))
                continue
            self._records[key] = Record(plugin, "disabled" if plugin.disabled else "listed")

    def task_names(self) -> tuple[str, ...]:
        """Names of installed tasks; imports nothing."""
        return tuple(
            name for (group, name), record in self._records.items() if group == TASKS and _usable(record)
        )

    def task(self, name: str) -> TaskSpec:
        """Import a task's declaration.

        Raises:
            UsageError: no installed plugin offers it.
            PluginError: the plugin that offers it failed, or is disabled.
        """
        record = self._records.get((TASKS, name))
        if record is None:
            raise UsageError(f"there is no task {name}", hint=_task_hint(name, self.task_names()))
        record = self._load(record)
        for spec in record.tasks:
            if spec.name == name:
                return spec
        raise _failed(record)

    def tasks(self) -> tuple[TaskSpec, ...]:
        """Import the declarations of all tasks; a failing one is left out and named in `notices`."""
        records = [self._load(record) for record in self._of(TASKS)]
        return tuple(spec for record in records for spec in record.tasks)

    def commands(self) -> tuple[CommandSpec, ...]:
        """Import the declarations of commands that plugins add."""
        return tuple(spec for record in self._cross_cutting() for spec in record.commands)

    def model_sources(self) -> tuple[ModelSourceSpec, ...]:
        """Import the declarations of model sources."""
        return tuple(spec for record in self._cross_cutting() for spec in record.sources)

    def resolve(self, target: str, *, owner: str) -> Any:
        """Import what a declaration names as `package.module:attribute`: the only step that may be heavy.

        Args:
            target: the declaration's target.
            owner: the plugin's name, for the error.

        Raises:
            PluginError: the import failed or the attribute is not there.
        """
        outcome = contain(lambda: import_target(target))
        if outcome.failure is not None:
            raise PluginError(
                f"plugin {self._owner_label(owner)} failed to give {target}: {outcome.failure.summary}",
                hint=f"`plugins why {owner}` shows the traceback",
            )
        return outcome.value

    def rows(self) -> tuple[PluginRow, ...]:
        """What `plugins` shows; imports nothing."""
        return tuple(_row(record) for record in self._records.values())

    def failure(self, name: str) -> Failure | None:
        """Why a plugin failed, with its traceback; None when it did not.

        Raises:
            UsageError: no such plugin.
        """
        records = [record for (_, known), record in self._records.items() if known == name]
        if not records:
            names = [known for _, known in self._records]
            raise UsageError(f"there is no plugin {name}", hint=did_you_mean(name, names))
        return next((record.failure for record in records if record.failure), None)

    def notices(self) -> tuple[str, ...]:
        """Hand out what people should be told of failed plugins, each once."""
        notices, self._notices = tuple(self._notices), []
        return notices

    def _of(self, group: str) -> list[Record]:
        return [record for (known, _), record in self._records.items() if known == group and _usable(record)]

    def _cross_cutting(self) -> list[Record]:
        return [self._load(record) for record in self._of(PLUGINS)]

    def _load(self, record: Record) -> Record:
        if record.state != "listed":
            return record
        began = time.perf_counter()
        outcome = contain(lambda: self._declarations(record))
        seconds = time.perf_counter() - began
        if outcome.value is not None:
            loaded = replace(outcome.value, seconds=seconds)
        else:
            self._manager.unregister(name=_registered_name(record))
            loaded = replace(record, state="failed", seconds=seconds, failure=outcome.failure)
            summary = outcome.failure.summary if outcome.failure else "gave nothing"
            self._notices.append(
                f"plugin {record.label} failed: {summary} · `plugins why {record.plugin.name}`"
            )
        self._records[record.plugin.group, record.plugin.name] = loaded
        return loaded

    def _declarations(self, record: Record) -> Record:
        module = importlib.import_module(record.plugin.module)
        name = _registered_name(record)
        self._manager.register(module, name=name)
        self._manager.check_pending()
        tasks = self._drain("hfshell_tasks", name, TaskSpec)
        newer = next((spec for spec in tasks if spec.api > API_VERSION), None)
        if newer is not None:
            raise PluginError(
                f"{newer.name} was written for API {newer.api}; this hfshell speaks {API_VERSION}"
            )
        return replace(
            record,
            state="loaded",
            tasks=tasks,
            commands=self._drain("hfshell_commands", name, CommandSpec),
            sources=self._drain("hfshell_model_sources", name, ModelSourceSpec),
        )

    def _drain(self, hook: str, plugin_name: str, kind: type[Any]) -> tuple[Any, ...]:
        caller = getattr(self._manager.hook, hook)
        functions: list[Callable[[], Iterable[Any]]] = [
            implementation.function
            for implementation in caller.get_hookimpls()
            if implementation.plugin_name == plugin_name
        ]
        declarations = tuple(item for function in functions for item in function())
        for item in declarations:
            if not isinstance(item, kind):
                raise TypeError(f"{hook} returned {type(item).__name__}, not {kind.__name__}")
        return declarations

    def _owner_label(self, owner: str) -> str:
        return next((record.label for (_, name), record in self._records.items() if name == owner), owner)


def import_target(target: str) -> Any:
    """Import `package.module:attribute`."""
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _usable(record: Record) -> bool:
    return record.state in ("listed", "loaded")


def _registered_name(record: Record) -> str:
    return f"{record.plugin.group}:{record.plugin.name}"


def _clash(kept: Discovered, other: Discovered) -> str:
    return (
        f"{kept.name} comes from {kept.distribution} {kept.version}, which is used, "
        f"and from {other.distribution} {other.version}"
    )


def _failed(record: Record) -> PluginError:
    if record.plugin.disabled:
        return PluginError(f"plugin {record.label} is disabled: {record.plugin.disabled}")
    summary = record.failure.summary if record.failure else f"it declares no task {record.plugin.name}"
    return PluginError(
        f"plugin {record.label} failed: {summary}",
        hint=f"`plugins why {record.plugin.name}` shows the traceback",
    )


def _task_hint(name: str, names: tuple[str, ...]) -> str:
    return did_you_mean(name, names) or f"installed tasks: {', '.join(names) or 'none'}"


def _row(record: Record) -> PluginRow:
    gives = (
        *(f"task {spec.name}" for spec in record.tasks),
        *(f"command {spec.name}" for spec in record.commands),
        *(f"models {spec.scheme}:" for spec in record.sources),
    )
    error = record.failure.summary if record.failure else record.plugin.disabled
    plugin = record.plugin
    return PluginRow(
        plugin.name,
        plugin.group,
        plugin.distribution,
        plugin.version,
        record.state,
        record.seconds,
        gives,
        error,
    )
