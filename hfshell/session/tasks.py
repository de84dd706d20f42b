"""Which task a line means, and the one place where the code of tasks is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.models import LoadedModel
from hfshell.api.specs import VERBS
from hfshell.api.task import HeadTask, Task, answer_of
from hfshell.errors import DataError, PluginError, UsageError
from hfshell.models.task_model import TaskModel, TaskSource
from hfshell.plugin_host.option_types import as_declared
from hfshell.session import returned

if TYPE_CHECKING:
    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.models import ModelFolder
    from hfshell.api.results import Metric
    from hfshell.api.specs import TaskSpec, Verb
    from hfshell.data import DataSet
    from hfshell.models.task_model import InMemory
    from hfshell.plugin_host import PluginHost
    from hfshell.session.context import CommandContext

_NO_MORE = object()


@dataclass(frozen=True)
class Provider:
    """The distribution that gives a task."""

    distribution: str
    version: str


@dataclass(frozen=True)
class ChosenTask:
    """A task: its declaration, the object that does the work, and who gives it.

    The verbs here hand a model over as its task knows it: a `LoadedModel` to a head, to any other task the
    object that its own `load` or `finetune` returned.
    """

    spec: TaskSpec
    task: Task
    provider: Provider | None = None

    @property
    def is_head(self) -> bool:
        """Whether its models are transformers models with its head; else it makes them itself."""
        return isinstance(self.task, HeadTask)

    @property
    def has_eval(self) -> bool:
        """Whether it measures its models itself."""
        return self._optional("eval") is not None

    @property
    def has_save(self) -> bool:
        """Whether its models can be written to disk."""
        return self._optional("save") is not None

    @property
    def title(self) -> str:
        """Its name, and who gives it: what an error blames."""
        given = f" ({self.provider.distribution} {self.provider.version})" if self.provider else ""
        return f"task {self.spec.name}{given}"

    def check(self, verb: Verb) -> None:
        """Make sure that the task offers a verb.

        Raises:
            UsageError: it does not.
        """
        offered = [known for known in VERBS if self._offers(known)]
        if verb not in offered:
            raise UsageError(f"{self.spec.name} has no {verb}", hint=f"it offers {', '.join(offered)}")

    def options(self, verb: Verb, context: CommandContext) -> Any:
        """Return the task's own options of a verb, None when it declares none.

        What the line gave for options of the same names counts, else their defaults.

        Raises:
            UsageError: the task refuses the values.
        """
        declared = self.spec.options.get(verb)
        if declared is None:
            return None
        try:
            return self._call(f"options of {verb}", as_declared, declared, context.task_options)
        except ValueError as error:
            raise UsageError(str(error), hint=f"`help {verb} --task {self.spec.name}` lists them") from None

    def load(
        self, source: ModelFolder | TaskSource, options: Any, context: Context
    ) -> LoadedModel | TaskModel:
        """Bring a model into memory.

        Raises:
            PluginError: the task gave none.
        """
        wanted = source.name if isinstance(source, TaskSource) else source
        made = returned.model(self._call("load", self.task.load, wanted, options, context), self._who("load"))
        if not self.is_head:
            return self.keep(made, source)
        if isinstance(made, LoadedModel):
            return made
        raise PluginError(f"{self._who('load')} returned a {type(made).__name__}: a LoadedModel is wanted")

    def finetune(self, model: LoadedModel | TaskModel, data: TaskData, options: Any, context: Context) -> Any:
        """Train a copy of a model. Returns what the task returned: a `FinetuneOutcome`, or the new model.

        Raises:
            PluginError: the task gave no model, or the one that it was given.
        """
        self.check("finetune")
        before = self._handed(model)
        made = self._call("finetune", self._optional("finetune"), before, data, options, context)
        return returned.model(made, self._who("finetune"))

    def predict(
        self, model: LoadedModel | TaskModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield one whole prediction a row, in order.

        Raises:
            PluginError: a prediction is no JSON, or there are more or fewer of them than rows.
        """
        given = rows if self.is_head or isinstance(rows, Sequence) else list(rows)
        who = self._who("predict")
        made = self._call("predict", self.task.predict, self._handed(model), given, options, context)
        each = self._call("predict", iter, returned.predictions(made, who))
        return self._one_each(each, len(given) if isinstance(given, Sequence) else None, who)

    def evaluate(
        self, model: LoadedModel | TaskModel, rows: Sequence[Row], options: Any, context: Context
    ) -> tuple[Metric, ...]:
        """Let a task that `has_eval` measure a model itself.

        Raises:
            PluginError: the task gave no metrics.
        """
        made = self._call("eval", self._optional("eval"), self._handed(model), rows, options, context)
        return returned.metrics(made, self._who("eval"))

    def save(self, model: LoadedModel | TaskModel, folder: Path, context: Context) -> None:
        """Let a task that `has_save` write a model to an empty folder."""
        if isinstance(self.task, HeadTask):
            self._call("save", self.task.save, self._handed(model), folder, context)
        else:
            self._call("save", self._optional("save"), self._handed(model), folder)

    def size(self, model: LoadedModel | TaskModel) -> int:
        """Say how many bytes of memory a model takes; 0 when the task does not know.

        Raises:
            PluginError: the task gave no such number.
        """
        if isinstance(model, LoadedModel):
            return model.bytes
        function = self._optional("size")
        if function is None:
            return 0
        return returned.size(self._call("size", function, self._handed(model)), self._who("size"))

    def labels(self, model: LoadedModel | TaskModel) -> tuple[str, ...]:
        """Name the labels that a model can predict; none when the task does not know.

        Raises:
            PluginError: the task gave no texts.
        """
        if isinstance(model, LoadedModel):
            return model.labels
        function = self._optional("labels")
        if function is None:
            return ()
        return returned.labels(self._call("labels", function, self._handed(model)), self._who("labels"))

    def answer(self, prediction: Any) -> Any:
        """Say what of a whole prediction is held against the data's target."""
        function = self._optional("answer")
        if function is not None:
            return self._call("answer", function, prediction)
        target = self.spec.target_role
        return answer_of(prediction, multiple=target is not None and target.multiple)

    def select(self, prediction: Any, options: Any) -> Any:
        """Choose what of a whole prediction `predict` gives."""
        function = self._optional("select")
        return prediction if function is None else self._call("select", function, prediction, options)

    def keep(self, made: Any, origin: ModelFolder | TaskSource) -> TaskModel:
        """Wrap what the task itself made, with what it says of it.

        Raises:
            PluginError: what it says is of the wrong type.
        """
        bare = TaskModel(origin, self.spec.name, made)
        return TaskModel(origin, self.spec.name, made, labels=self.labels(bare), bytes=self.size(bare))

    def _offers(self, verb: Verb) -> bool:
        return verb in self.spec.capabilities and (verb == "eval" or self._optional(verb) is not None)

    def _optional(self, name: str) -> Any:
        function = getattr(self.task, name, None)
        return function if callable(function) else None

    def _who(self, method: str) -> str:
        return f"{self.title}: {method}"

    def _handed(self, model: LoadedModel | TaskModel) -> Any:
        """Return a model as the task knows it.

        Raises:
            UsageError: it is not one of the task's own.
        """
        if isinstance(model, LoadedModel):
            if self.is_head:
                return model
            raise UsageError(
                f"{self.spec.name} makes its models itself, and {model.source} is none of them",
                hint=f"load {model.source} --task {self.spec.name}",
            )
        if model.task == self.spec.name:
            return model.module
        raise UsageError(
            f"{model.source} is a model of {model.task}: {self.spec.name} cannot use it",
            hint=f"--task {model.task}",
        )

    def _one_each(self, each: Iterator[Any], rows: int | None, who: str) -> Iterator[Any]:
        count = 0
        while (item := self._call("predict", next, each, _NO_MORE)) is not _NO_MORE:
            count += 1
            if rows is not None and count > rows:
                raise PluginError(f"{who} gave more predictions than rows ({rows:,}): one a row is wanted")
            yield returned.prediction(item, count, who)
        if rows is not None and count < rows:
            raise PluginError(f"{who} gave {count:,} predictions for {rows:,} rows: one a row is wanted")

    def _call(self, what: str, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ARG002
        return function(*arguments)


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
        provider = self._provider(spec)
        if name not in self._objects:
            self._objects[name] = self._made(spec)
        return ChosenTask(spec, self._objects[name], provider)

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

    def for_training(self, asked: str | None, model: InMemory, dataset: DataSet) -> ChosenTask:
        """Choose what to train for: what was asked, the model's own task, or the one that fits the data.

        Raises:
            UsageError: several fit.
            DataError: none does.
        """
        if asked or model.task:
            return self.get(asked or str(model.task))
        fitting = [name for name in self.for_data(dataset) if self._plugins.task(name).architectures]
        if len(fitting) == 1:
            return self.get(fitting[0])
        if fitting:
            raise UsageError(f"{dataset.name} fits {', '.join(fitting)}", hint="say which with --task")
        columns = ", ".join(dataset.columns)
        raise DataError(
            f"no installed task has its columns in {dataset.name} ({columns})",
            hint="say what they are, `data … --map text=COLUMN --map label=COLUMN`, or name a --task",
        )

    def of_model(self, asked: str | None, model: InMemory) -> ChosenTask:
        """Return the task that a model is used for.

        Raises:
            UsageError: it is a base model, and no task was asked for.
        """
        name = asked or model.task
        if name is None:
            raise UsageError(
                f"{model.source} is a base model: it has no head to predict with",
                hint="`finetune` it first",
            )
        return self.get(name)

    def _made(self, spec: TaskSpec) -> Task:
        task = self._plugins.resolve(spec.target, owner=spec.name)()
        if isinstance(task, HeadTask):
            task.name = spec.name
            task.target_role = spec.target_role.name if spec.target_role else None
        if not isinstance(task, Task):
            raise PluginError(
                f"task {spec.name}: {spec.target} has not the methods of a task",
                hint="a task has `load` and `predict`; see hfshell.api.Task",
            )
        return task

    def _provider(self, spec: TaskSpec) -> Provider | None:
        find = getattr(self._plugins, "provider", None)
        if find is not None:
            found = find(spec)
            return Provider(found.distribution, found.version) if found else None
        rows = [row for row in self._plugins.rows() if f"task {spec.name}" in row.gives]
        return Provider(rows[0].distribution, rows[0].version) if rows else None


def _has_head(spec: TaskSpec, files: ModelFolder) -> bool:
    return any(name.endswith(ending) for name in files.architectures for ending in spec.architectures)


def _required(spec: TaskSpec) -> set[str]:
    return {role.name for role in spec.roles if role.required}
