"""One command's surroundings: what a verb, and through it a task, is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.cancel import CancelToken
from hfshell.api.events import Event, Written
from hfshell.api.guards import Guard
from hfshell.api.models import LoadedModel
from hfshell.errors import Refused
from hfshell.session.emitted import checked_event, checked_guard

if TYPE_CHECKING:
    from hfshell.api.context import Engine, Row, TaskData
    from hfshell.api.observations import RunInfo
    from hfshell.api.results import Metric
    from hfshell.compute.reading import Turn
    from hfshell.language import CommandLine
    from hfshell.runs import Run
    from hfshell.session.checkpointing import LineProgress
    from hfshell.session.session import Session
    from hfshell.session.tasks import ChosenTask


@dataclass
class CommandContext:
    """The context of one running command; satisfies `hfshell.api.Context`.

    Attributes:
        session: the session, for verbs; tasks have no business with it.
        line: the command line as parsed.
        binding: the name that the line binds, or None.
        text: the heredoc's text, or None.
        given: names of the options that were given rather than defaulted.
        command: the command's own options.
        task_options: options that a task added to them, or None.
        chosen: the task that the command works with; None before the verb has chosen it, and without one.
        allowed: guards that the user let speak without refusing.
        spoken: guards that spoke so far.
        run: the run directory, for commands that have one.
        observed: the run, as plugins that listen know it.
        resume: whether training goes on from the newest verified checkpoint of that run.
        held: what is let go of when the command is over.
        place: the device that the command was told to use; empty before it asked for one.
        labels: of the data that it measures or predicts; empty where it has none.
        rows_seen: fingerprints of the rows that a model is about to be trained on.
        progress: of the line in the checkpoint of its batch; None without one.
        interactive: whether a prompt waits behind the line, which may be asked for more.
        turn: the turn of a conversation that the command writes, or None.
        writes_result: whether the text that it writes is all of what it has to show.
    """

    session: Session
    line: CommandLine
    emit_event: Callable[[Event], None]
    cancelled: CancelToken
    binding: str | None = None
    text: str | None = None
    given: frozenset[str] = frozenset()
    command: Any = None
    task_options: Any = None
    chosen: ChosenTask | None = None
    allowed: frozenset[str] = frozenset()
    seed: int = 42
    spoken: list[Guard] = field(default_factory=list)
    run: Run | None = None
    observed: RunInfo | None = None
    resume: bool = False
    held: ExitStack = field(default_factory=ExitStack)
    place: str = ""
    labels: tuple[str, ...] = ()
    rows_seen: frozenset[str] = frozenset()
    progress: LineProgress | None = None
    interactive: bool = False
    turn: Turn | None = None
    writes_result: bool = False

    def hold(self, resource: AbstractContextManager[Any]) -> None:
        """Keep something, a model in memory say, until the command is over."""
        self.held.enter_context(resource)

    @property
    def device(self) -> str:
        """Where to compute; where the session places models, unless the model has a place of its own."""
        self.place = self.place or self.session.device
        return self.place

    @property
    def engine(self) -> Engine:
        """The shared machinery for heads on transformers models."""
        return replace(self.session.engine, rows_seen=self.rows_seen, turn=self.turn)

    @property
    def offline(self) -> bool:
        """Whether the user asked that nothing reaches for the network."""
        return self.session.settings.offline

    @property
    def predict_options(self) -> Any:
        """The chosen task's own options of `predict`, for predictions that are measured."""
        return self.chosen.options("predict", self) if self.chosen else None

    @property
    def artifacts(self) -> Path | None:
        """The run's folder; None when there is no run."""
        return self.run.folder if self.run else None

    def model(self, name: str) -> Any:
        """Return a model by name, source, or `_`, as its task knows it; it stays in memory meanwhile."""
        model = self.session.warm.get(name, self).model
        return model if isinstance(model, LoadedModel) else model.module

    def data(self, name: str) -> TaskData:
        """Return a bound data set, or a file's."""
        return self.session.datasets.get(name, self).dataset

    def rows(self, name: str) -> Sequence[Row]:
        """Return the rows of a split, or those of a file."""
        found = self.session.datasets.get(name, self, whole=True)
        return found.dataset.split(found.measured_split)

    def emit(self, event: Event) -> None:
        """Tell whoever watches, and the run's record.

        Raises:
            PluginError: it is no event, or a field is of the wrong type.
        """
        event = checked_event(event, self._who("emit"))
        plugins = self.session.plugins
        plugins.containment.sign_of_life()
        if isinstance(event, Written):  # for the screen alone: the result has all of it
            self.emit_event(replace(event, shown=self.writes_result))
            return
        if self.run is not None:
            self.run.record_event(event)
        if self.observed is not None:
            plugins.run_event(self.observed, event)
        self.emit_event(event)

    def measure(
        self, predictions: Sequence[Any], rows: Sequence[Row], labels: Sequence[str]
    ) -> Sequence[Metric]:
        """Measure whole predictions with the chosen task's metrics, the headline first, without intervals."""
        from hfshell.session.scoring import measure

        if self.chosen is None:
            raise ValueError("the command has chosen no task whose metrics could be measured")
        return measure(self.chosen, predictions, rows, labels, self)

    def guard(self, guard: Guard) -> None:
        """Record what a guard says; refuse when it refuses and was not allowed.

        Raises:
            Refused: as above.
            PluginError: it is no guard, or a field is of the wrong type.
        """
        guard = checked_guard(guard, self._who("guard"))
        if guard.severity == "refuse" and guard.name not in self.allowed:
            raise Refused(guard.name, guard.message, hint=guard.hint or f"--allow {guard.name}")
        self.spoken.append(guard)

    def _who(self, method: str) -> str:
        """Say who calls: the plugin whose code runs, or else the task that the command works with."""
        label = self.session.plugins.containment.at_work
        if label is not None:
            return f"plugin {label}: {method}"
        return f"{self.chosen.title}: {method}" if self.chosen else method
