"""What a task is given: a placed device, a seed, cancellation, events, data, and the shared engine.

These are protocols: the session fills them in, and a test may fill them in with anything that fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hfshell.api.cancel import CancelToken
from hfshell.api.events import Event
from hfshell.api.guards import Guard
from hfshell.api.models import LoadedModel, ModelFolder

if TYPE_CHECKING:
    from hfshell.api.features import Window
    from hfshell.api.generative import GenerativeTask
    from hfshell.api.results import FinetuneOutcome, Metric
    from hfshell.api.task import HeadTask

Row = Mapping[str, Any]
"""One example, its values by role: `{"text": …, "label": …}`."""


class TaskData(Protocol):
    """A data set as a task sees it: rows by role, in splits."""

    @property
    def name(self) -> str:
        """The name that the user bound, or the file's."""

    @property
    def fingerprint(self) -> str:
        """Hash of content, roles and splits."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels, in the data's own order; empty without a label column."""

    @property
    def train(self) -> Sequence[Row]:
        """Rows to train on."""

    @property
    def validation(self) -> Sequence[Row]:
        """Rows to choose the best checkpoint with; may be empty."""

    @property
    def test(self) -> Sequence[Row]:
        """Rows to report on; may be empty."""


class Context(Protocol):
    """One command's surroundings."""

    @property
    def device(self) -> str:
        """Where to compute, as torch names it: `cpu`, `cuda:0`."""

    @property
    def seed(self) -> int:
        """Seed of this command."""

    @property
    def cancelled(self) -> CancelToken:
        """Set by the user's Ctrl-C; look at it between steps."""

    @property
    def artifacts(self) -> Path | None:
        """The run's folder, for whatever should outlive the command; None when there is no run."""

    @property
    def resume(self) -> bool:
        """Whether training should go on from the newest verified checkpoint under `artifacts`."""

    @property
    def offline(self) -> bool:
        """Whether the user asked that nothing reaches for the network."""

    @property
    def command(self) -> Any:
        """The options of the command itself, `context.command.epochs`: what `help finetune` lists."""

    @property
    def predict_options(self) -> Any:
        """The task's own options of `predict`, for predictions that are measured.

        Their defaults, but for options of the same name that the command was given. None when the task
        declares none.
        """

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the labels of the data that is measured or predicted; empty where it has none."""

    @property
    def engine(self) -> Engine:
        """Loading, training and inference for heads on transformers models."""

    @property
    def text(self) -> str | None:
        """The text of the line's heredoc, for a command that reads one; None without one."""

    def model(self, name: str) -> Any:
        """Return a model by what a user would write after `predict`: a bound name, a source, or `_`.

        A model of a head, or a base model, is a `LoadedModel`; of any other task it is what its `load` made.

        Raises:
            UsageError, ModelError: there is none, or it cannot be loaded.
        """

    def data(self, name: str) -> TaskData:
        """Return a data set by what a user would write after `finetune`: a bound name, or a file.

        Raises:
            UsageError, DataError: there is none, or it cannot be read.
        """

    def rows(self, name: str) -> Sequence[Row]:
        """Return the rows that a user would measure on: those of `tickets.test`, or of a file.

        Raises:
            UsageError, DataError: there are none, or they cannot be read.
        """

    def emit(self, event: Event) -> None:
        """Tell whoever watches."""

    def measure(
        self, predictions: Sequence[Any], rows: Sequence[Row], labels: Sequence[str]
    ) -> Sequence[Metric]:
        """Measure whole predictions with the task's metrics, the headline first; none gets an interval.

        Args:
            predictions: as the task's `predict` gives them.
            rows: the rows that they are for, targets included.
            labels: the labels that the model knows; empty when there are none.
        """

    def guard(self, guard: Guard) -> None:
        """Speak: record a warning, or refuse.

        Raises:
            Refused: the guard refuses and the user has not allowed it on this line.
        """


class Engine(Protocol):
    """The shared machinery behind `HeadTask`."""

    def load(self, task: HeadTask, files: ModelFolder, context: Context) -> LoadedModel:
        """Load a model with the task's head."""

    def finetune(
        self, task: HeadTask, model: LoadedModel, data: TaskData, options: Any, context: Context
    ) -> FinetuneOutcome:
        """Train a copy of the model with the task's head; the model given stays as it was.

        What to do is in `context.command`: `epochs`, `learning_rate`, `batch_size`, `max_length`, ….
        """

    def predict(
        self, task: HeadTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Predict in length-sorted batches; yield in the order of the rows."""

    def outputs(
        self, task: HeadTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Window]:
        """Yield what the task's `read` keeps of the model's outputs, feature by feature, in order.

        For a task that measures by itself: targets are not hidden from it, and nothing is decoded.
        """

    def generate(
        self, task: GenerativeTask, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Write texts in length-sorted batches; yield what the task decodes of them, in order of the rows.

        A guard says how many were cut at `max_new_tokens`.
        """

    def save(self, model: LoadedModel, folder: Path) -> None:
        """Write a model folder that `load` and transformers can read."""
