"""Which task a line means: asked for, the model's own, or the one whose columns the data has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.task import HeadTask
from hfshell.errors import DataError, UsageError

if TYPE_CHECKING:
    from hfshell.api.models import LoadedModel, ModelFolder
    from hfshell.api.specs import TaskSpec, Verb
    from hfshell.api.task import Task
    from hfshell.data import DataSet
    from hfshell.plugin_host import PluginHost


@dataclass(frozen=True)
class ChosenTask:
    """A task: its declaration and the object that does the work."""

    spec: TaskSpec
    task: Task

    def check(self, verb: Verb) -> None:
        """Make sure that the task offers a verb.

        Raises:
            UsageError: it does not.
        """
        if verb not in self.spec.capabilities:
            offered = ", ".join(sorted(self.spec.capabilities))
            raise UsageError(f"{self.spec.name} has no {verb}", hint=f"it offers {offered}")


class Tasks:
    """The installed tasks; one object each, made on first use."""

    def __init__(self, plugins: PluginHost) -> None:
        self._plugins = plugins
        self._objects: dict[str, Task] = {}

    def get(self, name: str) -> ChosenTask:
        """Return a task by name.

        Raises:
            UsageError: no installed plugin offers it.
            PluginError: the plugin that offers it failed.
        """
        spec = self._plugins.task(name)
        if name not in self._objects:
            task = self._plugins.resolve(spec.target, owner=name)()
            if isinstance(task, HeadTask):
                task.name = name
            self._objects[name] = task
        return ChosenTask(spec, self._objects[name])

    def of_files(self, files: ModelFolder) -> ChosenTask | None:
        """Return the task whose head a model folder holds; None for a base model.

        Raises:
            UsageError: several tasks use that head, and the folder does not say which.
        """
        if files.task in self._plugins.task_names():
            return self.get(files.task)
        fitting = [spec.name for spec in self._plugins.tasks() if _has_head(spec, files)]
        if len(fitting) > 1:
            raise UsageError(
                f"{files.source} could be used for {' or '.join(fitting)}", hint="say which with --task"
            )
        return self.get(fitting[0]) if fitting else None

    def for_data(self, dataset: DataSet) -> tuple[str, ...]:
        """Names of the tasks whose required columns a data set has."""
        found = set(dataset.roles.by_role)
        return tuple(spec.name for spec in self._plugins.tasks() if spec.roles and _required(spec) <= found)

    def for_training(self, asked: str | None, model: LoadedModel, dataset: DataSet) -> ChosenTask:
        """Choose what to train for: what was asked, the model's own task, or the one that fits the data.

        Raises:
            UsageError: several fit.
            DataError: none does.
        """
        if asked or model.task:
            return self.get(asked or str(model.task))
        fitting = self.for_data(dataset)
        if len(fitting) == 1:
            return self.get(fitting[0])
        if fitting:
            raise UsageError(f"{dataset.name} fits {', '.join(fitting)}", hint="say which with --task")
        columns = ", ".join(dataset.columns)
        raise DataError(
            f"no installed task has its columns in {dataset.name} ({columns})",
            hint="say what they are, `data … --map text=COLUMN --map label=COLUMN`, or name a --task",
        )

    def of_model(self, asked: str | None, model: LoadedModel) -> ChosenTask:
        """Return the task that a model is used for.

        Raises:
            UsageError: it is a base model, and no task was asked for.
        """
        name = asked or model.task
        if name is None:
            raise UsageError(
                f"{model.files.source} is a base model: it has no head to predict with",
                hint="`finetune` it first",
            )
        return self.get(name)


def _has_head(spec: TaskSpec, files: ModelFolder) -> bool:
    return any(name.endswith(ending) for name in files.architectures for ending in spec.architectures)


def _required(spec: TaskSpec) -> set[str]:
    return {role.name for role in spec.roles if role.required}
