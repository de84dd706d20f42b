"""Rows to features, with what a task must not do checked: lose rows, or cut texts unsaid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hfshell.api.guards import Guard
from hfshell.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.api.context import Row
    from hfshell.api.models import ModelFolder
    from hfshell.api.task import HeadTask

TRUNCATED = "hfshell_truncated"


@dataclass
class Encoder:
    """A task's `encode`, counting what it cut.

    Attributes:
        task: the task.
        processor: the tokenizer.
        labels: label names by index.
        max_length: longest input in tokens; None when nothing limits it.
        longest: tokens that the model can read; None when nobody knows.
    """

    task: HeadTask
    processor: Any
    labels: tuple[str, ...]
    max_length: int | None
    longest: int | None
    _rows: int = 0
    _cut_rows: int = 0
    _cut_tokens: int = 0
    _most_cut: int = 0

    def encode(self, rows: Sequence[Row]) -> list[dict[str, Any]]:
        """Turn rows into features, one each.

        Raises:
            PluginError: the task gave more or fewer features than there are rows.
        """
        features = [
            dict(feature) for feature in self.task.encode(rows, self.processor, self.labels, self.max_length)
        ]
        require_one_each(self.task, "features", len(features), len(rows))
        self._rows += len(rows)
        for feature in features:
            self._count(int(feature.pop(TRUNCATED, 0)))
        return features

    def truncation(self) -> Guard | None:
        """What was cut so far, or None when nothing was."""
        if not self._cut_rows:
            return None
        return Guard(
            "truncation",
            "warn",
            f"{self._cut_rows:,} of {self._rows:,} rows were cut at {self.max_length} tokens: "
            f"{self._cut_tokens:,} tokens were not read",
            hint=self._way_out(),
            count=self._cut_rows,
        )

    def _count(self, cut: int) -> None:
        self._cut_rows += cut > 0
        self._cut_tokens += cut
        self._most_cut = max(self._most_cut, cut)

    def _way_out(self) -> str:
        wanted = (self.max_length or 0) + self._most_cut
        if self.longest is None or wanted <= self.longest:
            return f"--max-length {wanted} reads all of them whole"
        return f"the model reads {self.longest} tokens at most; the longest row has {wanted}"


def encoder_for(
    task: HeadTask, files: ModelFolder, processor: Any, labels: tuple[str, ...], options: Any
) -> Encoder:
    """Make an encoder for a model; the command's `max_length`, if it has one, limits it further."""
    longest = files.max_length
    limits = [limit for limit in (getattr(options, "max_length", None), longest) if limit is not None]
    return Encoder(task, processor, labels, min(limits, default=None), longest)


def require_one_each(task: HeadTask, what: str, given: int, rows: int) -> None:
    """Refuse to go on when a task lost rows, or made some up.

    Raises:
        PluginError: the numbers differ.
    """
    if given != rows:
        raise PluginError(
            f"{task.name or type(task).__name__} gave {given:,} {what} for {rows:,} rows",
            hint="this is a fault of the plugin; tell its author",
        )
