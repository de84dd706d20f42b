"""A stranger's head, as the engine works with it: each call into the stranger's code is contained alone.

So that what the engine itself does between the calls, for hours perhaps, is nobody's fault but its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hfshell.api.task import Features, HeadTask

if TYPE_CHECKING:
    from hfshell.api.context import Row, TaskData
    from hfshell.api.model_view import ModelView

Run = Callable[..., Any]
"""Calls a plugin's code: (what is done, function, arguments…)."""


class ContainedHead(HeadTask):
    """Hands every question of the engine's on to a plugin's head.

    Args:
        head: the plugin's.
        run: calls its code.
    """

    def __init__(self, head: HeadTask, run: Run) -> None:
        self.auto_class = head.auto_class  # type: ignore[misc] # of the head's class, whichever that is
        self.problem_type = head.problem_type  # type: ignore[misc]
        self.name = head.name
        self.target_role = head.target_role
        self._head = head
        self._run = run

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn rows into features."""
        return self._run("encode", lambda: _whole(self._head.encode(rows, model)))

    def decode(self, logits: Any, rows: Sequence[Row], model: ModelView) -> Iterable[Any]:
        """Turn logits into predictions."""
        return self._run("decode", lambda: list(self._head.decode(logits, rows, model)))

    def target(self, value: Any, model: ModelView) -> Any:
        """Turn a row's target into what the head learns from."""
        return self._run("target", self._head.target, value, model)

    def head_labels(self, data: TaskData) -> tuple[str, ...]:
        """Name the outputs of a new head."""
        return tuple(self._run("head_labels", self._head.head_labels, data))

    def select(self, prediction: Any, options: Any) -> Any:
        """Choose what of a prediction is given."""
        return self._run("select", self._head.select, prediction, options)

    def answer(self, prediction: Any) -> Any:
        """Say what of a prediction is measured."""
        return self._run("answer", self._head.answer, prediction)


def _whole(features: Any) -> Any:
    """Run a generator to its end, while it is contained."""
    return features if isinstance(features, Mapping) else list(features)
