"""A task at work: the one place where the code of tasks is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from hfshell.api.models import LoadedModel
from hfshell.api.results import FinetuneOutcome
from hfshell.api.specs import VERBS
from hfshell.api.task import DECIDED, HeadTask, Task, answer_of
from hfshell.errors import PluginError, UsageError
from hfshell.models.task_model import TaskModel, TaskSource
from hfshell.plugin_host.option_types import as_declared
from hfshell.session import returned
from hfshell.session.contained_head import ContainedHead
from hfshell.storage import library_writes

if TYPE_CHECKING:
    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.graded import Graded
    from hfshell.api.models import ModelFolder
    from hfshell.api.specs import TaskSpec, Verb
    from hfshell.models.task_model import InMemory
    from hfshell.session.context import CommandContext

_NONE = object()

_AT_ONCE = 256
"""Predictions that are handed to a task's code in one go."""


Run = Callable[..., Any]


def _plainly(_what: str, function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def _unheard() -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class ChosenTask:
    """A task: its declaration and the object that does the work.

    The verbs here hand a model over as its task knows it: a `LoadedModel` to a head, to any other task the
    object that its own `load` or `finetune` returned.

    Attributes:
        spec: the declaration.
        task: the object.
        plugin: distribution and version of the package that gives it.
        run: calls its code: (what is done, function, arguments…); contains that of a stranger.
        alive: told that its code, which may run for long, gave something.
    """

    spec: TaskSpec
    task: Task
    plugin: tuple[str, str] | None = None
    run: Run = _plainly
    alive: Callable[[], None] = _unheard

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
        given = f" ({' '.join(self.plugin)})" if self.plugin else ""
        return f"task {self.spec.name}{given}"

    def check(self, verb: Verb, model: InMemory | None = None) -> None:
        """Make sure that the task offers a verb, and can use a model.

        Raises:
            UsageError: it does not, or cannot.
        """
        offered = [known for known in VERBS if self._offers(known)]
        if verb not in offered:
            raise UsageError(f"{self.spec.name} has no {verb}", hint=f"it offers {', '.join(offered)}")
        if model is not None:
            self._handed(model)

    def options(self, verb: Verb, context: CommandContext) -> Any:
        """Return the task's own options of a verb, None when it declares none.

        What the line gave for options of the same names counts, else their defaults.

        Raises:
            UsageError: the task refuses the values.
        """
        names = context.given if context.task_options is not None else ()
        given = {name: value for name in names if (value := _value(context.task_options, name)) is not _NONE}
        return self.options_of(verb, given)

    def options_of(self, verb: Verb, given: Mapping[str, Any]) -> Any:
        """Return the task's own options of a verb with the values given, None when it declares none.

        Raises:
            UsageError: the task refuses the values.
        """
        declared = self.spec.options.get(verb)
        if declared is None:
            return None
        hint = f"`help {verb}` lists the options"
        return self.run(f"options of {verb}", _declared, declared, given, hint)

    def load(
        self, source: ModelFolder | TaskSource, options: Any, context: Context
    ) -> LoadedModel | TaskModel:
        """Bring a model into memory.

        Raises:
            PluginError: the task gave none.
        """
        wanted = source.name if isinstance(source, TaskSource) else source
        made = returned.model(self._call("load", self.task.load, wanted, options, context), self._who("load"))
        if self.is_head:
            return returned.loaded(made, self._who("load"))
        return self.keep(made, source.source, None if isinstance(source, TaskSource) else source.folder)

    def finetune(self, model: LoadedModel | TaskModel, data: TaskData, options: Any, context: Context) -> Any:
        """Train a copy of a model. Returns what the task returned: a `FinetuneOutcome`, or the new model.

        Raises:
            PluginError: the task gave no model, or the one that it was given.
        """
        before, who = self._handed(model), self._who("finetune")
        made = self._call("finetune", self._optional("finetune"), before, data, options, context)
        if self.is_head or isinstance(made, FinetuneOutcome):
            made = returned.outcome(made, who)
        if self.is_head:
            returned.loaded(made.model, f"{who}, in its outcome,")
        else:
            returned.new_model(made.model if isinstance(made, FinetuneOutcome) else made, before, who)
        return made

    def predict(
        self, model: LoadedModel | TaskModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield one whole prediction a row, in order.

        Raises:
            PluginError: a prediction is no JSON, or there are more or fewer of them than rows.
        """
        given: Any = rows if self.is_head or isinstance(rows, Sequence) else list(rows)
        who = self._who("predict")
        handed, rows_given = self._handed(model), len(given) if isinstance(given, Sequence) else None

        def predicted() -> Iterator[Any]:
            made = returned.predictions(self.task.predict(handed, given, options, context), who)
            return self._one_each(iter(made), rows_given, who, context)

        if self.is_head:
            return predicted()
        return iter(self._call("predict", lambda: list(predicted())))

    def evaluate(
        self, model: LoadedModel | TaskModel, rows: Sequence[Row], options: Any, context: Context
    ) -> Graded:
        """Let a task that `has_eval` measure a model itself.

        Raises:
            PluginError: the task gave no metrics, or grades that are none.
        """
        made = self._call("eval", self._optional("eval"), self._handed(model), rows, options, context)
        return returned.graded(made, len(rows), self._who("eval"))

    def save(self, model: LoadedModel | TaskModel, folder: Path, context: Context) -> None:
        """Let a task that `has_save` write a model to an empty folder.

        Raises:
            PluginError: the task wrote nothing, or what hfshell writes.
            StorageError: the disk refused.
        """
        if isinstance(self.task, HeadTask):
            self._call("save", self.task.save, self._handed(model), folder, context)
        else:
            self._call("save", _written, self._optional("save"), self._handed(model), folder)
            returned.files(folder, self._who("save"))

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
        if isinstance(self.task, HeadTask):
            return returned.labels(self.task.labels(self._handed(model)), self._who("labels"))
        function = self._optional("labels")
        if function is None:
            return ()
        return returned.labels(self._call("labels", function, self._handed(model)), self._who("labels"))

    def answers(self, predictions: Iterable[Any], options: Any = None) -> list[Any]:
        """Say what of each whole prediction is held against the data's target.

        Args:
            predictions: whole ones.
            options: the task's own of `predict`; a `threshold` in them says from which probability on a label
                counts, for a task that does not say itself what it answers.
        """
        function, target = self._optional("answer"), self.spec.target_role
        if function is not None and not self._answers_as_usual:
            return self._each("answer", predictions, function)
        several = target is not None and target.multiple
        if isinstance(self.task, HeadTask):
            several = self.task.problem_type == "multi_label_classification"
        least = getattr(options, "threshold", DECIDED)
        return [answer_of(item, multiple=several, least=least) for item in predictions]

    def selected(self, predictions: Iterable[Any], options: Any) -> list[Any]:
        """Choose what of each whole prediction `predict` gives."""
        function = self._optional("select")
        if function is None:
            return list(predictions)
        return self._each("select", predictions, lambda item: function(item, options))

    def _each(self, what: str, items: Iterable[Any], function: Callable[[Any], Any]) -> list[Any]:
        """Call the task's code for each item; what makes the items is not run as the task's."""
        found: list[Any] = []
        coming = iter(items)
        while some := list(islice(coming, _AT_ONCE)):
            found += self.run(what, self._called, some, function)
        return found

    def _called(self, items: list[Any], function: Callable[[Any], Any]) -> list[Any]:
        found = []
        for item in items:
            found.append(function(item))
            self.alive()
        return found

    def keep(self, made: Any, source: str, folder: Path | None = None) -> TaskModel:
        """Wrap what the task itself made, with what it says of it.

        Args:
            made: what its `load` or `finetune` returned.
            source: canonical name that finds it again.
            folder: where its files lie; None when it has none.

        Raises:
            PluginError: what it says is of the wrong type.
        """
        model = TaskModel(source, self.spec.name, made, folder=folder)
        model.labels, model.bytes = self.labels(model), self.size(model)
        return model

    @property
    def _answers_as_usual(self) -> bool:
        """Whether a head leaves it to hfshell what its answers are."""
        head = self.task.of_class if isinstance(self.task, ContainedHead) else type(self.task)
        return issubclass(head, HeadTask) and head.answer is HeadTask.answer

    def _offers(self, verb: Verb) -> bool:
        return verb in self.spec.capabilities and (verb == "eval" or self._optional(verb) is not None)

    def _optional(self, name: str) -> Any:
        function = getattr(self.task, name, None)
        return function if callable(function) else None

    def _who(self, method: str) -> str:
        return f"{self.title}: {method}"

    def _handed(self, model: InMemory) -> Any:
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

    def _one_each(self, each: Iterator[Any], rows: int | None, who: str, context: Context) -> Iterator[Any]:
        count = 0
        for item in each:
            count += 1
            context.cancelled.raise_if_set()
            self.alive()
            if rows is not None and count > rows:
                raise PluginError(f"{who} gave more predictions than rows ({rows:,}): one a row is wanted")
            yield returned.prediction(item, count, who)
        if rows is not None and count < rows:
            raise PluginError(f"{who} gave {count:,} predictions for {rows:,} rows: one a row is wanted")

    def _call(self, what: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a verb. A head's verbs are the engine's, which has each call into the head contained."""
        return function(*arguments) if self.is_head else self.run(what, function, *arguments)


def _declared(declared: type, given: Mapping[str, Any], hint: str) -> Any:
    """Make the plugin's own options; what it refuses is the user's mistake, and told as such."""
    try:
        return as_declared(declared, SimpleNamespace(**given))
    except ValueError as error:
        raise UsageError(str(error), hint=hint) from None


def _written(save: Callable[..., Any], model: Any, folder: Path) -> None:
    """Save a model; what the disk refuses is no fault of the task's."""
    with library_writes(folder):
        save(model, folder)


def _value(options: Any, name: str) -> Any:
    return getattr(options, name, _NONE)
