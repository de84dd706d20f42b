"""Which task a line means: asked for, the model's own, or the one whose columns the data has."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from hfshell.api.models import LoadedModel
from hfshell.api.task import HeadTask, Task
from hfshell.errors import DataError, ModelError, PluginError, UsageError
from hfshell.models import fresh
from hfshell.models.sidecar import read_sidecar
from hfshell.models.task_model import TaskModel, TaskSource
from hfshell.plugin_host.discovery import USED_HERE
from hfshell.session import choosing
from hfshell.session.chosen import ChosenTask, Run
from hfshell.session.contained_head import contained
from hfshell.session.head_faults import mismatch

if TYPE_CHECKING:
    from hfshell.api.models import ModelFolder
    from hfshell.api.specs import TaskSpec
    from hfshell.data import DataSet
    from hfshell.models.task_model import InMemory
    from hfshell.plugin_host import PluginHost
    from hfshell.plugin_host.discovery import Discovered

__all__ = ["ChosenTask", "Tasks"]


class Tasks:
    """The installed tasks; one object each, made on first use of the version of the package that gives it."""

    def __init__(self, plugins: PluginHost) -> None:
        self._plugins = plugins
        self._objects: dict[tuple[str, str], Task] = {}
        self._imported: dict[str, Discovered] = {}

    def get(self, name: str) -> ChosenTask:
        """Return a task by name.

        Raises:
            UsageError: no installed plugin offers it.
            PluginError: the plugin that offers it failed.
        """
        spec = self._plugins.task(name)
        plugin = self._plugins.provider(spec)
        packaged = plugin is not None and plugin.distribution != USED_HERE
        given = (plugin.distribution, plugin.version) if plugin and packaged else None
        run = partial(self._plugins.run, spec)
        key = (spec.target, plugin.label if plugin else "")
        if key not in self._objects:
            self._objects[key] = self._made(spec, given, run)
            self._remark_if_stale(spec, plugin)
        return ChosenTask(spec, self._objects[key], given, run, self._plugins.containment.sign_of_life)

    def has(self, name: str) -> bool:
        """Whether a task of that name is installed."""
        return name in self._plugins.task_names()

    def schemes(self) -> dict[str, str]:
        """Names of the tasks that make models themselves, by scheme; of two with one scheme the first."""
        found: dict[str, str] = {}
        for spec in self._plugins.tasks():
            for scheme in spec.schemes:
                found.setdefault(scheme, spec.name)
        return found

    def of_source(self, found: ModelFolder | TaskSource, asked: str | None) -> ChosenTask | None:
        """Return the task that a model is loaded for: what was asked, else its own; None for a base model.

        Raises:
            UsageError: the model is another task's own, or several tasks use its head.
            ModelError: the folder was saved for a task that is not installed.
        """
        if isinstance(found, TaskSource):
            if asked not in (None, found.task):
                raise UsageError(f"{found.source} is a model of {found.task}, not of {asked}")
            return self.get(found.task)
        chosen = self.get(asked) if asked else self.of_files(found)
        if not found.model_type and (chosen is None or chosen.is_head):
            read_by = f"only {found.task} reads it" if found.task else "no task reads it"
            raise UsageError(f"{found.source} holds no transformers model: {read_by}")
        return chosen

    def of_files(self, files: ModelFolder) -> ChosenTask | None:
        """Return the task whose head a model folder holds; None for a base model.

        Raises:
            UsageError: several tasks use that head, and the folder does not say which.
            ModelError: the folder was saved for a task that is not installed.
        """
        if files.task is not None:
            return self._saved_for(files, files.task)
        fitting = self._own_first(choosing.for_folder(self._plugins.tasks(), files))
        if len(fitting) > 1:
            raise UsageError(
                f"{files.source} could be used for {' or '.join(fitting)}", hint="say which with --task"
            )
        return self.get(fitting[0]) if fitting else None

    def others_of_files(self, chosen: ChosenTask, files: ModelFolder) -> tuple[str, ...]:
        """Name hfshell's other tasks that use the head in a folder, where the folder does not say which."""
        if files.task is not None:
            return ()
        specs = [spec for spec in self._plugins.tasks() if self._is_own(spec) and spec != chosen.spec]
        return tuple(spec.name for spec in specs if choosing.could_use(spec, files))

    def for_data(self, dataset: DataSet) -> tuple[str, ...]:
        """Names of the tasks that a data set is for."""
        specs = [spec for spec in self._plugins.tasks() if spec.roles]
        fitting = dataset.is_for([spec.roles for spec in specs], [self._is_own(spec) for spec in specs])
        return tuple(spec.name for spec, fits in zip(specs, fitting, strict=True) if fits)

    def for_training(self, asked: str | None, model: InMemory, dataset: DataSet) -> ChosenTask:
        """Choose what to train for: what was asked, the model's own task, or the one that fits the data.

        Raises:
            UsageError: several fit.
            ModelError: the data fits some, and the model none of these.
            DataError: none does.
        """
        if asked or isinstance(model, TaskModel):
            return self.get(asked or str(model.task))
        specs = [self._plugins.task(name) for name in self.for_data(dataset)]
        fitting = [spec.name for spec in choosing.for_training(specs, model, self._is_own)]
        if len(fitting) == 1:
            return self.get(fitting[0])
        if not fitting and model.task:
            return self.get(model.task)
        if fitting:
            raise UsageError(f"{dataset.name} fits {', '.join(fitting)}", hint="say which with --task")
        if learning := [spec for spec in specs if spec.architectures and "finetune" in spec.capabilities]:
            names = " or ".join(spec.name for spec in learning)
            raise ModelError(
                f"{dataset.name} is for {names}, and {model.source} is no model for that",
                hint=fresh.other_kind([ending for spec in learning for ending in spec.architectures]),
            )
        columns = ", ".join(dataset.columns)
        missing = [f" --map {role}=COLUMN" for role in dataset.missing_roles()]
        said = f"say what they are, `data …{''.join(missing)}`, or name a --task" if missing else ""
        raise DataError(
            f"no installed task has its columns in {dataset.name} ({columns})",
            hint=said or "name a --task",
        )

    def others_for(self, chosen: ChosenTask, dataset: DataSet) -> tuple[str, ...]:
        """Name other tasks with a head that know by its name the column which the chosen one learns."""
        name = chosen.spec.name
        specs = [
            spec
            for spec in self._plugins.tasks()
            if spec.architectures and spec.name != name and "finetune" in spec.capabilities
        ]
        knowing = dataset.known_to([spec.roles for spec in specs], chosen.spec.roles)
        return tuple(spec.name for spec, knows in zip(specs, knowing, strict=True) if knows)

    def of_model(self, asked: str | None, model: InMemory) -> ChosenTask:
        """Return the task that a model is used for.

        Raises:
            UsageError: it is a base model, and no task was asked for.
        """
        name = asked or model.task
        if name is None:
            headless = " or ".join(
                f"--task {spec.name}" for spec in self._plugins.tasks() if _needs_no_head(spec)
            )
            raise UsageError(
                f"{model.source} is a base model: it has no head to predict with",
                hint=f"`finetune` it first, or {headless}, which needs none"
                if headless
                else "`finetune` it first",
            )
        return self.get(name)

    def of_conversation(self, asked: str | None, model: InMemory) -> ChosenTask:
        """Return the task that a model is talked with: what was asked, its own, or the one that fits it.

        Raises:
            UsageError: what was asked holds no conversation, several tasks fit, or none does.
        """
        if asked or self._converses(model.task):
            chosen = self.get(asked or str(model.task))
            if not _holds_messages(chosen.spec):
                raise UsageError(f"{chosen.spec.name} holds no conversations", hint="leave --task out")
            return chosen
        specs = [spec for spec in self._plugins.tasks() if _holds_messages(spec)]
        fitting = self._own_first(
            [spec for spec in specs if isinstance(model, LoadedModel) and choosing.is_able(spec, model)]
        )
        if len(fitting) == 1:
            return self.get(fitting[0])
        if fitting:
            raise UsageError(
                f"{model.source} could be talked with by {' or '.join(fitting)}", hint="say which with --task"
            )
        of = f", a model of {model.task}," if model.task else ""
        raise UsageError(
            f"{model.source}{of} holds no conversations", hint="a model that writes text is wanted"
        )

    def _converses(self, task: str | None) -> bool:
        return task is not None and _holds_messages(self._plugins.task(task))

    def _saved_for(self, files: ModelFolder, task: str) -> ChosenTask:
        try:
            return self.get(task)
        except UsageError as error:  # no plugin, installed or not, is known by that name
            sidecar = read_sidecar(files.folder)
            if sidecar is None or sidecar.plugin is None:
                message = f"{files.source} was trained for task {task}, which is not installed"
                raise ModelError(message, hint=error.hint) from None
            name, version = sidecar.plugin
            raise ModelError(
                f"{files.source} was trained for task {task}, "
                f"which {name} {version} gave and is not installed",
                hint=f"pip install '{name}>={version}'",
            ) from None

    def _made(self, spec: TaskSpec, plugin: tuple[str, str] | None, run: Run) -> Task:
        kind = self._plugins.resolve(spec.target, owner=spec.name)
        task = run(f"making {spec.target}", kind)
        if isinstance(task, HeadTask):
            task.name, task.plugin = spec.name, plugin
            task.target_role = spec.target_role.name if spec.target_role else None
            if wrong := mismatch(spec, task):
                self._plugins.notice(f"plugin {' '.join(plugin)}: {wrong}" if plugin else wrong)
            return (
                task if self._is_own(spec) else contained(task, run, self._plugins.containment.sign_of_life)
            )
        if not isinstance(task, Task):
            raise PluginError(
                f"task {spec.name}: {spec.target} has not the methods of a task",
                hint="a task has `load` and `predict`; see hfshell.api.Task",
            )
        return task

    def _remark_if_stale(self, spec: TaskSpec, plugin: Discovered | None) -> None:
        """Say it when what was imported is the code of another version: Python keeps that until it ends."""
        if plugin is None:
            return
        module = spec.target.partition(":")[0]
        first = self._imported.setdefault(module, plugin)
        if first.distribution == plugin.distribution and first.version != plugin.version:
            self._plugins.notice(
                f"plugin {plugin.label} changed since it was imported: `kernel restart` takes the new one"
            )

    def _own_first(self, fitting: Sequence[TaskSpec]) -> list[str]:
        """Return the names of tasks that fit: hfshell's own, or else all.

        What a line means must not change when somebody's plugin is installed.
        """
        own = [spec.name for spec in fitting if self._is_own(spec)]
        return own or [spec.name for spec in fitting]

    def _is_own(self, spec: TaskSpec) -> bool:
        plugin = self._plugins.provider(spec)
        return plugin is None or plugin.built_in


def _needs_no_head(spec: TaskSpec) -> bool:
    """Whether a task uses models as they are: it trains none, and makes none itself."""
    return not (spec.architectures or spec.schemes) and spec.capabilities == {"load", "predict"}


def _holds_messages(spec: TaskSpec) -> bool:
    return any(role.kind == "messages" for role in spec.roles) and "predict" in spec.capabilities
