"""Rows to features, with what a task must not do checked: lose rows, or cut texts unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hfshell.api.features import ROW, TARGETS, TRUNCATED, split_rows
from hfshell.api.guards import Guard
from hfshell.api.model_view import ModelView
from hfshell.compute.padding import pad
from hfshell.compute.unknown_pieces import UnknownPieces
from hfshell.errors import PluginError

if TYPE_CHECKING:
    from hfshell.api.context import Context, Row
    from hfshell.api.models import LoadedModel
    from hfshell.api.task import HeadTask


@dataclass
class Encoder:
    """A task's `encode`, counting what it cut.

    Attributes:
        task: the task.
        model: the model as the task sees it.
        longest: tokens that the model can read; None when nobody knows.
    """

    task: HeadTask
    model: ModelView
    longest: int | None
    _rows: int = 0
    _cut_rows: int = 0
    _cut_tokens: int = 0
    _most_cut: int = 0
    _unknown: UnknownPieces = field(init=False)
    _refused: bool = False

    def __post_init__(self) -> None:
        self._unknown = UnknownPieces(self.model.processor)

    def encode(self, rows: Sequence[Row], first: int = 0) -> list[dict[str, Any]]:
        """Turn rows into features; with `labels` where a row has the task's target.

        Args:
            rows: the rows.
            first: number of the first of them, among all whose features will stand together.

        Raises:
            PluginError: the task gave no feature for a row, or more than one although it is not `windowed`.
            Refused: the model does not know a row's label (`labels`).
        """
        encoded = self.task.encode(rows, self.model)
        given = split_rows(encoded) if isinstance(encoded, Mapping) else encoded
        features = [dict(feature) for feature in given]
        self._require_all(features, len(rows))
        self._rows += len(rows)
        for feature in features:
            self._count(int(feature.pop(TRUNCATED, 0)))
            self._unknown.count(feature)
        self._add_targets(rows, features)
        for feature in features:
            if ROW in feature:
                feature[ROW] += first
        return features

    def refuse_unreadable(self, context: Context) -> None:
        """Refuse to go on, before anything is computed, with texts that the tokenizer does not know.

        Raises:
            Refused: guard `unknown-tokens`, unless the user allowed it.
        """
        guard = self._unknown.guard()
        if guard and guard.severity == "refuse" and not self._refused:
            self._refused = True
            context.guard(guard)

    def say_losses(self, context: Context) -> None:
        """Say what of the texts did not reach the model: what its tokenizer does not know, what was cut."""
        unknown = None if self._refused else self._unknown.guard()
        for guard in (unknown, self.truncation()):
            if guard:
                context.guard(guard)

    def truncation(self) -> Guard | None:
        """What was cut so far, or None when nothing was."""
        if not self._cut_rows:
            return None
        return Guard(
            "truncation",
            "warn",
            f"{self._cut_rows:,} of {self._rows:,} rows were cut at {self.model.limit} tokens: "
            f"{self._cut_tokens:,} tokens were not read",
            hint=self._way_out(),
            count=self._cut_rows,
        )

    def _require_all(self, features: Sequence[Mapping[str, Any]], rows: int) -> None:
        if not self.task.windowed:
            require_one_each(self.task, "features", len(features), rows)
            return
        numbers = {feature.get(ROW, number) for number, feature in enumerate(features)}
        if numbers != set(range(rows)):
            require_one_each(self.task, "rows' features", len(numbers & set(range(rows))), rows)

    def _add_targets(self, rows: Sequence[Row], features: Sequence[dict[str, Any]]) -> None:
        """Add what is to be learnt, unless the task's `encode` did: tags, say, that follow its tokens."""
        role = self.task.target_role
        lacking = [
            (feature, rows[feature.get(ROW, number)][role])
            for number, feature in enumerate(features)
            if role
            and rows[feature.get(ROW, number)].get(role) is not None
            and not any(target in feature for target in TARGETS)
        ]
        targets = self.task.targets([value for _, value in lacking], self.model) if lacking else []
        for (feature, _), target in zip(lacking, targets, strict=True):
            feature[TARGETS[0]] = target

    def _count(self, cut: int) -> None:
        self._cut_rows += cut > 0
        self._cut_tokens += cut
        self._most_cut = max(self._most_cut, cut)

    def _way_out(self) -> str:
        wanted = (self.model.limit or 0) + self._most_cut
        if self.longest is None or wanted <= self.longest:
            return f"--max-length {wanted} reads all of them whole"
        return f"the model reads {self.longest} tokens at most; the longest row has {wanted}"


def encoder_for(
    task: HeadTask, model: LoadedModel, options: Any, command: Any, usual: int | None = None
) -> Encoder:
    """Make an encoder for a model.

    Args:
        task: the task.
        model: with its head.
        options: the task's own options of `predict`.
        command: the command's options; its `max_length`, if it has one, limits the input further.
        usual: tokens at most where that says nothing.
    """
    view = ModelView.of(model, options, getattr(command, "max_length", None) or usual)
    return Encoder(task, replace(view, padding=pad), ModelView.of(model).limit)


def without_target(task: HeadTask, rows: Sequence[Row]) -> list[Row]:
    """Return rows as a task may see them that is to predict what they hold under its target role."""
    return [{name: row[name] for name in row if name != task.target_role} for row in rows]


def require_one_each(task: HeadTask, what: str, given: int, rows: int) -> None:
    """Refuse to go on when a task lost rows, or made some up.

    Raises:
        PluginError: the numbers differ.
    """
    if given != rows:
        package = f" ({' '.join(task.plugin)})" if task.plugin else ""
        raise PluginError(
            f"task {task.name or type(task).__name__}{package} gave {given:,} {what} for {rows:,} rows",
            hint="this is a fault of the plugin; tell its author",
        )
