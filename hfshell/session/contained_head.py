"""A stranger's head, as the engine works with it: each call into the stranger's code is contained alone.

So that what the engine itself does between the calls, for hours perhaps, is nobody's fault but its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.features import Feature, Features
from hfshell.api.generative import GenerativeTask
from hfshell.api.task import HeadTask
from hfshell.session import returned
from hfshell.session.head_faults import require_usable

if TYPE_CHECKING:
    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.model_view import ModelView
    from hfshell.api.models import LoadedModel, ModelFolder
    from hfshell.api.results import FinetuneOutcome

Run = Callable[..., Any]
"""Calls a plugin's code: (what is done, function, arguments…)."""


class ContainedHead(HeadTask):
    """Hands every question of the engine's on to a plugin's head.

    Args:
        head: the plugin's.
        run: calls its code.
        alive: told that its code, which may run for long, gave something.
    """

    def __init__(self, head: HeadTask, run: Run, alive: Callable[[], None]) -> None:
        self.auto_class = head.auto_class  # type: ignore[misc] # of the head's class, whichever that is
        self.problem_type = head.problem_type  # type: ignore[misc]
        self.windowed = head.windowed  # type: ignore[misc]
        self.usual_length = head.usual_length  # type: ignore[misc]
        self.validated_by = head.validated_by  # type: ignore[misc]
        self.own_loss = head.own_loss  # type: ignore[misc]
        self.rows_at_once = head.rows_at_once
        self.name = head.name
        self.target_role = head.target_role
        self.plugin = head.plugin
        self._head = head
        self._run = run
        self._alive = alive

    @property
    def of_class(self) -> type[HeadTask]:
        """The class of the plugin's head."""
        return type(self._head)

    def __getattr__(self, name: str) -> Any:
        """Return what the plugin's head has beyond what each head has: `eval`, say."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = getattr(self._head, name)
        return partial(self._run, name, value) if callable(value) else value

    def prepare(self, model: LoadedModel, data: TaskData, context: Context) -> None:
        """Make a copy ready that is about to be trained."""
        if self._overrides("prepare"):
            self._run("prepare", self._head.prepare, model, data, context)

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn rows into features."""
        features: Features = self._run("encode", lambda: _whole(self._head.encode(rows, model)))
        return features

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterable[Any]:
        """Turn logits into predictions, read one too far where there are too many."""

        def decoded() -> list[Any]:
            made = returned.predictions(self._head.decode(logits, rows, model), self._who("decode"))
            return list(islice(made, len(rows) + 1))

        predictions: list[Any] = self._run("decode", decoded)
        return predictions

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make a batch of features."""
        if not self._overrides("collate"):
            return self._head.collate(features, model)
        batch: Mapping[str, Any] = self._run("collate", self._head.collate, features, model)
        return batch

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:
        """Choose what of a model's outputs is kept."""
        if not self._overrides("read"):
            return self._head.read(outputs, batch, model)
        return self._run("read", self._head.read, outputs, batch, model)

    def loss(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:
        """Return the loss of a batch."""
        return self._run("loss", self._head.loss, outputs, batch, model)

    def targets(self, values: Sequence[Any], model: ModelView) -> list[Any]:
        """Turn the targets of rows into what the head learns from, all of them at once."""

        def given() -> list[Any]:
            return returned.targets(self._head.targets(values, model), len(values), self._who("target"))

        found: list[Any] = self._run("target", given)
        return found

    def head_labels(self, data: TaskData) -> tuple[str, ...]:
        """Name the outputs of a new head."""
        made = self._run("head_labels", self._head.head_labels, data)
        return returned.labels(made, self._who("head_labels"))

    def labels(self, model: LoadedModel) -> tuple[str, ...]:
        """Name the labels that a model can predict."""
        return (
            super().labels(model)
            if not self._overrides("labels")
            else self._run("labels", self._head.labels, model)
        )

    def select(self, prediction: Any, options: Any) -> Any:
        """Choose what of a prediction is given; contained by who asks for many."""
        return self._head.select(prediction, options)

    def answer(self, prediction: Any) -> Any:
        """Say what of a prediction is measured; contained by who asks for many."""
        return self._head.answer(prediction)

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> LoadedModel:
        """Load a model."""
        if not self._overrides("load"):
            return super().load(source, options, context)
        model: LoadedModel = self._run("load", self._head.load, source, options, context)
        return model

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of a model."""
        if not self._overrides("finetune"):
            return super().finetune(model, data, options, context)
        outcome: FinetuneOutcome = self._run("finetune", self._head.finetune, model, data, options, context)
        return outcome

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Predict rows; an own way of it is read one prediction too far where there are too many."""
        if not self._overrides("predict"):
            return super().predict(model, rows, options, context)
        end = len(rows) + 1 if isinstance(rows, Sized) else None

        def predicted() -> Iterator[Any]:
            made = returned.predictions(
                self._head.predict(model, rows, options, context), self._who("predict")
            )
            for prediction in islice(made, end):
                context.cancelled.raise_if_set()
                self._alive()
                yield prediction

        return iter(self._run("predict", lambda: list(predicted())))

    def save(self, model: LoadedModel, folder: Path, context: Context) -> None:
        """Write a model's folder."""
        if not self._overrides("save"):
            super().save(model, folder, context)
        else:
            self._run("save", self._head.save, model, folder, context)

    def _who(self, method: str) -> str:
        package = f" ({' '.join(self.plugin)})" if self.plugin else ""
        return f"task {self.name}{package}: {method}"

    def _overrides(self, verb: str) -> bool:
        """Whether the plugin does a verb itself, rather than leave it to the engine."""
        function = getattr(type(self._head), verb)
        return not str(getattr(function, "__module__", "")).startswith(_ENGINE)


class ContainedWriter(ContainedHead, GenerativeTask):
    """The same for a head that writes text."""

    def generation(self, options: Any, model: ModelView) -> Mapping[str, Any]:
        """Say how text is written."""
        given: Mapping[str, Any] = self._run("generation", self._head.generation, options, model)  # type: ignore[attr-defined]
        return given

    def processors(self, options: Any, model: ModelView) -> Sequence[Any]:
        """Constrain what is written."""
        if not self._overrides("processors"):
            constraining: Sequence[Any] = self._head.processors(options, model)  # type: ignore[attr-defined]
            return constraining
        found: Sequence[Any] = self._run("processors", self._head.processors, options, model)  # type: ignore[attr-defined]
        return found


def contained(head: HeadTask, run: Run, alive: Callable[[], None]) -> HeadTask:
    """Return a stranger's head with each call into it contained.

    Raises:
        PluginError: it does not say which head it is, or says something that transformers does not know.
    """
    require_usable(head)
    return (ContainedWriter if isinstance(head, GenerativeTask) else ContainedHead)(head, run, alive)


_ENGINE = "hfshell.api."
"""What a method of this package does, the engine does: it is no stranger's code."""


def _whole(features: Any) -> Any:
    """Run a generator to its end, while it is contained."""
    return features if isinstance(features, Mapping) else list(features)
