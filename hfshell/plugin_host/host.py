"""The plugins of one session: what they give, and the one way to run it."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from hfshell.api.specs import (
    CommandSpec,
    DataFormatSpec,
    MetricSpec,
    ModelSourceSpec,
    RendererSpec,
    Spec,
    TaskSpec,
)
from hfshell.errors import PluginError, UsageError
from hfshell.home import Home, locate_home
from hfshell.language.suggest import did_you_mean
from hfshell.plugin_host import choices, failures, known
from hfshell.plugin_host.containment import Containment
from hfshell.plugin_host.discovery import TASKS, USED_HERE, Discovered
from hfshell.plugin_host.imported import Imported, changes_in
from hfshell.plugin_host.inventory import Inventory
from hfshell.plugin_host.isolation import Failure, contain
from hfshell.plugin_host.listening import Listening
from hfshell.plugin_host.notices import Notices
from hfshell.plugin_host.observers import Observers
from hfshell.plugin_host.records import Record

if TYPE_CHECKING:
    from hfshell.api.observations import RunInfo, RunObservation, SessionInfo
    from hfshell.api.results import ModelSummary

_OWN = "hfshell."
"""What targets of hfshell's own commands begin with: nobody is asked for them."""

_CHECK = "plugins check"

T = TypeVar("T")


class PluginHost:
    """Knows what plugins give without importing those of others; runs what they give.

    May be asked from any thread; runs plugins on the one that calls.

    Attributes:
        containment: where the code of others runs.
        observers: plugins that listen.

    Args:
        third_party: False leaves only what hfshell ships.
        home: where choices and manifests lie.
    """

    def __init__(self, *, third_party: bool = True, home: Home | None = None) -> None:
        self._home = home or locate_home()
        self._notices = Notices()
        self._inventory = Inventory(self._home, self._notices, third_party=third_party)
        self.containment = Containment(remark=self._remark, failed=self._failed)
        self._imported = Imported(self._home.state)
        self._did: set[tuple[Discovered, str]] = set()
        self._listening = Listening(self._home.state / "plugin-failures")
        self.observers = Observers(self.containment, self._listening, self._notices.say)

    # What they give.

    def task_names(self) -> tuple[str, ...]:
        """Names of installed tasks; asks nobody."""
        return tuple(dict.fromkeys(name for record in self._inventory.listed for name in record.task_names()))

    def task(self, name: str) -> TaskSpec:
        """Return a task's declaration.

        Raises:
            UsageError: no installed plugin offers it.
            PluginError: the plugin that offers it failed, or is disabled; or two offer it.
        """
        spec = self._inventory.catalogue.find(TaskSpec, name)
        if spec is None:
            raise self._no_task(name)
        return spec

    def tasks(self) -> tuple[TaskSpec, ...]:
        """Return all tasks; those of a failing plugin are left out, and the plugin is named in `notices`."""
        return self._inventory.catalogue.of(TaskSpec)

    def command(self, name: str) -> CommandSpec | None:
        """Return a command that a plugin adds; None when no plugin does.

        Raises:
            PluginError: two plugins add it, and none was chosen.
        """
        return self._inventory.catalogue.find(CommandSpec, name)

    def commands(self) -> tuple[CommandSpec, ...]:
        """Return the commands that plugins add."""
        return self._inventory.catalogue.of(CommandSpec)

    def model_sources(self) -> tuple[ModelSourceSpec, ...]:
        """Return the model sources."""
        return self._inventory.catalogue.of(ModelSourceSpec)

    def data_formats(self) -> tuple[DataFormatSpec, ...]:
        """Return the formats of data files that plugins read."""
        return self._inventory.catalogue.of(DataFormatSpec)

    def metrics(self) -> tuple[MetricSpec, ...]:
        """Return the metrics that plugins give."""
        return self._inventory.catalogue.of(MetricSpec)

    def renderers(self) -> tuple[RendererSpec, ...]:
        """Return how plugins want results to look."""
        return self._inventory.catalogue.of(RendererSpec)

    @property
    def edition(self) -> object:
        """Something that is another object once plugins give something else: what was made of it is stale."""
        return self._inventory.catalogue

    def provider(self, spec: Spec) -> Discovered | None:
        """Return the plugin that gives a declaration; None for hfshell's own commands."""
        if spec.target.startswith(_OWN):
            return None
        record = self._inventory.catalogue.provider(spec)
        return record.plugin if record else None

    def giver_hint(self, kind: type[Spec], name: str) -> str | None:
        """Say who gives what no plugin in use gives, see `known.giver_hint`."""
        return known.giver_hint(kind, name, self._inventory.manifests.cache.remembered(), self.listed())

    # What runs.

    def resolve(self, target: str, *, owner: str) -> Any:
        """Import what a declaration names as `package.module:attribute`: the only step that may be heavy.

        Args:
            target: the declaration's target.
            owner: what it is for, for the error.

        Raises:
            PluginError: the import failed or the attribute is not there.
        """
        plugin = None if target.startswith(_OWN) else self._owner(target)
        if plugin is not None and not plugin.built_in:
            with self.containment.running(plugin, f"the import of {target}"):
                found = import_target(target)
            self._note_imported()
            self._passed(plugin, f"the import of {target}")
            return found
        outcome = contain(lambda: import_target(target))
        if outcome.failure is None:
            return outcome.value
        label = plugin.label if plugin else owner
        hint = f"`plugins why {plugin.name if plugin else owner}` shows the traceback"
        raise PluginError(f"plugin {label} failed to give {target}: {outcome.failure.summary}", hint=hint)

    def run(self, spec: Spec, what: str, function: Callable[..., T], *arguments: Any) -> T:
        """Call code of the plugin that gives a declaration; a stranger's is contained.

        Args:
            spec: the declaration.
            what: what is done, `predict`, for errors.
            function: the plugin's, or one that calls into the plugin.
            arguments: its arguments.

        Raises:
            PluginError: it raised something that is not in hfshell's tree of errors.
            HfshellError: what it raised otherwise.
        """
        plugin = self.provider(spec)
        if plugin is None or plugin.built_in:
            return function(*arguments)
        with self.containment.running(plugin, what):
            returned = function(*arguments)
        self._passed(plugin, what)
        return returned

    def session_started(self, session: SessionInfo) -> None:
        """Tell plugins that listen that a session began."""
        self._tell("hfshell_session_started", session=session)

    def session_ended(self, session: SessionInfo) -> None:
        """Tell plugins that listen that a session ends."""
        self._tell("hfshell_session_ended", session=session)

    def model_loaded(self, model: ModelSummary) -> None:
        """Tell plugins that listen that a model came into memory."""
        self._tell("hfshell_model_loaded", model=model)

    def model_unloaded(self, model: ModelSummary) -> None:
        """Tell plugins that listen that a model left memory."""
        self._tell("hfshell_model_unloaded", model=model)

    def run_event(self, run: RunInfo, event: RunObservation) -> None:
        """Tell plugins that listen what happened in a run."""
        self._tell("hfshell_run_event", run=run, event=event)

    def _tell(self, hook: str, **arguments: Any) -> None:
        """Tell one plugin after another; a failing one is named once."""
        for record in self._inventory.records:
            if hook in record.declarations.observes:
                self.observers.tell(record.plugin, hook, arguments)

    def use(self, plugin: object, name: str) -> None:
        """Use a module, or any object with hooks, as if it were installed: for tests and notebooks.

        Raises:
            PluginError: it gives something that is not in the contract.
        """
        from hfshell.plugin_host.gathering import gather_from

        listed = Discovered(name, TASKS, getattr(plugin, "__name__", name), USED_HERE, "0")
        record = Record(listed, "ready", gather_from(plugin, name))
        self.observers.register(plugin, listed)
        self._inventory.use(record)

    # What is known of them, and what the user says of them.

    def listed(self) -> tuple[Discovered, ...]:
        """Return all installed plugins as their distributions list them; asks nobody."""
        return tuple(record.plugin for record in self._inventory.listed)

    def records(self) -> tuple[Record, ...]:
        """Return all installed plugins, asked what they give."""
        return self._inventory.records

    def clashes(self) -> tuple[str, ...]:
        """Say which names several packages give, and how to choose; a line each."""
        return tuple(str(clash) for clash in self._inventory.catalogue.clashes())

    def notices(self) -> tuple[str, ...]:
        """Hand out what people should be told, each thing once."""
        self._note_imported()
        for stale in self.stale(os.getpid()).values():
            self._notices.say(stale)
        return self._notices.take()

    def stale(self, process: int) -> Mapping[str, str]:
        """Say of each distribution whose files have changed since a process imported them, how to go on.

        Args:
            process: this one, or a kernel's.
        """
        own = process == os.getpid()
        changes = self._imported.changes() if own else changes_in(self._home.state, process)
        how = "a new process" if own and not self.containment.may_exit else "`kernel restart`"
        return {name: f"{name}: {said}: {how} takes it up" for name, said in changes.items()}

    def notice(self, text: str) -> None:
        """Have people told something about a plugin, once."""
        self._notices.say(text)

    def failure(self, name: str) -> Failure | None:
        """Return why a plugin fails when it is asked, or failed last at work; None when it did not.

        One at work is a `failures.Kept`, which says when it was and what has happened since.

        Raises:
            UsageError: no such plugin.
        """
        plugins = {record.plugin for record in self.named(name)}
        asked = [record for record in self.records() if record.plugin in plugins]
        kept = [(failures.read(self._home.state, record.plugin), record) for record in asked]
        at_work = [failure.since(record.stamps) for failure, record in kept if failure is not None]
        when_asked = [record.failure for record in asked if record.failure is not None]
        return next(iter([*when_asked, *sorted(at_work, key=lambda failure: -failure.time)]), None)

    def checked(self, name: str, failure: Failure | None) -> None:
        """Keep what came of checking a plugin, as of any other work of its.

        Raises:
            UsageError: no such plugin.
        """
        plugin = self.named(name)[0].plugin
        if failure is None:
            failures.passed(self._home.state, plugin, _CHECK)
        else:
            self._failed(plugin, _CHECK, failure)

    def named(self, name: str) -> Sequence[Record]:
        """Return the plugins of a name, or of a distribution of that name.

        Raises:
            UsageError: there is none.
        """
        listed = self._inventory.listed
        found = [record for record in listed if record.plugin.is_called({name})]
        if found:
            return found
        hint = did_you_mean(name, [record.plugin.name for record in listed]) or "`plugins` lists them"
        raise UsageError(f"there is no plugin {name}", hint=hint)

    def disable(self, name: str) -> None:
        """Switch a plugin off, for good.

        Raises:
            UsageError: there is none of that name.
            StorageError: the disk refused.
        """
        self.named(name)
        choices.disable(self._home.config, name)
        self.refresh()

    def enable(self, name: str) -> None:
        """Switch a plugin on again; what is known of its failures is forgotten.

        Raises:
            UsageError: there is none of that name.
            StorageError: the disk refused.
        """
        for record in self.named(name):
            for word in (record.plugin.name, record.plugin.distribution, name):
                choices.enable(self._home.config, word)
            failures.clear(self._home.state, record.plugin)
            self._listening.clear(record.plugin)
            self._inventory.manifests.cache.forget(record.plugin)
        self.refresh()

    def prefer(self, name: str, distribution: str) -> None:
        """Choose which distribution is meant by a name that several give, for good.

        Raises:
            UsageError: the distribution does not give the name.
            StorageError: the disk refused.
        """
        offering = {record.plugin.distribution for record in self.records() if record.offers(name)}
        if distribution not in offering:
            given = ", ".join(sorted(offering)) or "no plugin"
            raise UsageError(f"{distribution} does not give {name}", hint=f"it comes from {given}")
        choices.prefer(self._home.config, name, distribution)
        self.refresh()

    def refresh_if_changed(self) -> None:
        """Look again if a package came or went, the user chose something, or files of a plugin changed."""
        self._inventory.refresh_if_changed()

    def refresh(self) -> None:
        """Look again at what is installed, and at what the user chose."""
        self._inventory.refresh()

    def _no_task(self, name: str) -> PluginError | UsageError:
        """Say why there is no such task: its plugin is off, failed, or is not here."""
        record = next((record for record in self.records() if record.plugin.name == name), None)
        if record is not None:
            return _unusable(record, name)
        names = self.task_names()
        hint = self.giver_hint(TaskSpec, name) or did_you_mean(name, names)
        return UsageError(
            f"there is no task {name}", hint=hint or f"installed tasks: {', '.join(names) or 'none'}"
        )

    def _owner(self, target: str) -> Discovered | None:
        for record in self.records():
            if any(spec.target == target for spec in record.declarations.specs):
                return record.plugin
        return None

    def _note_imported(self) -> None:
        if self._imported.look(self.listed()) and self.containment.may_exit:
            self._imported.leave_word()  # for the shell

    def _remark(self, plugin: Discovered, text: str) -> None:
        self._notices.say(f"plugin {plugin.label} {text}")

    def _failed(self, plugin: Discovered, what: str, failure: Failure) -> None:
        self._did.discard((plugin, what))
        told = replace(failure, summary=f"in {what}: {failure.summary}")
        failures.write(self._home.state, plugin, told, what, self._imported.stamps(plugin.distribution))

    def _passed(self, plugin: Discovered, what: str) -> None:
        if (plugin, what) not in self._did:
            self._did.add((plugin, what))
            failures.passed(self._home.state, plugin, what)


def import_target(target: str) -> Any:
    """Import `package.module:attribute`."""
    module, _, path = target.partition(":")
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    return found


def _unusable(record: Record, task: str) -> PluginError:
    if record.plugin.disabled:
        return PluginError(f"plugin {record.label} is disabled: {record.plugin.disabled}")
    if record.failure is None:
        return PluginError(f"plugin {record.label} declares no task {task}", hint="tell its author")
    hint = record.failure.hint or f"`plugins why {record.plugin.name}` shows the traceback"
    return PluginError(f"plugin {record.label} failed: {record.failure.summary}", hint=hint)
