"""Multiple choice: a head that scores each choice beside its question, or the likelihood of each choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api import TRUNCATED, Context, Feature, HeadTask, LoadedModel, ModelFolder, ModelView, Row
from hfshell_tasks.multiple_choice.asked import Asked, ChoiceScore, ranked, without_beginning
from hfshell_tasks.multiple_choice.likelihood import ChoiceLikelihood

if TYPE_CHECKING:
    import torch

    from hfshell.api import FinetuneOutcome, TaskData

_CAUSAL = ("ForCausalLM", "LMHeadModel")


class MultipleChoice(HeadTask):
    """The right one of several choices.

    An encoder reads each choice beside the question, and a head gives it a number. A causal model needs no
    head: it says how likely each choice follows on the question.
    """

    auto_class: ClassVar[str] = "AutoModelForMultipleChoice"

    def encode(self, rows: Sequence[Row], model: ModelView) -> list[dict[str, Any]]:
        """Turn rows into token IDs, a list a choice. What is too long loses the question's beginning.

        Raises:
            DataError: a row has fewer than two choices, or they leave no room for their question.
        """
        asked = [Asked.of(row) for row in rows]
        return [
            _fitting(one, features, model)
            for one, features in zip(asked, _encoded(asked, model), strict=True)
        ]

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make one batch; rows with fewer choices than others get empty ones, which are never right."""
        most = max(len(feature["input_ids"]) for feature in features)
        return model.pad([_filled(feature, most, model) for feature in features])

    def target(self, value: Any, model: ModelView) -> int:  # noqa: ARG002 - of the contract
        """Return the index of the right choice."""
        return int(value)

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: each row has choices of its own."""
        return ()

    def decode(
        self,
        logits: torch.Tensor,
        rows: Sequence[Row],
        model: ModelView,  # noqa: ARG002 - of the contract
    ) -> Iterator[list[ChoiceScore]]:
        """Yield each row's choices with their probabilities, the best first.

        Args:
            logits: float32, shape (rows, choices); what is behind a row's own choices is passed over.
            rows: with their choices.
            model: as encoded for.
        """
        for row, scores in zip(rows, logits, strict=True):
            yield ranked(row["choices"], scores[: len(row["choices"])])

    def answer(self, prediction: Any) -> int:
        """Return which choice is the best, from 0."""
        best: ChoiceScore = prediction[0]
        return best.index

    def load(self, source: ModelFolder | str, options: Any, context: Context) -> LoadedModel:
        """Load a model with the head, or a causal model as it is."""
        if isinstance(source, ModelFolder) and any(map(_is_causal, source.architectures)):
            return context.engine.load(self._by_likelihood(), source, context)
        return super().load(source, options, context)

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model: its head, or a causal model on the right choices."""
        return context.engine.finetune(self._of(model), model, data, options, context)

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield each row's choices with their probabilities."""
        return context.engine.predict(self._of(model), model, rows, options, context)

    def _of(self, model: LoadedModel) -> HeadTask:
        return self._by_likelihood() if _is_causal(type(model.module).__name__) else self

    def _by_likelihood(self) -> HeadTask:
        twin = ChoiceLikelihood()
        twin.name, twin.target_role, twin.plugin = self.name, self.target_role, self.plugin
        return twin


def _is_causal(name: str) -> bool:
    return name.endswith(_CAUSAL)


def _encoded(asked: Sequence[Asked], model: ModelView) -> Iterator[list[dict[str, Any]]]:
    """Yield the features of each row's choices, whole."""
    if not asked:
        return
    questions = [one.question for one in asked for _ in one.choices]
    choices = [choice for one in asked for choice in one.choices]
    encoded = model.processor(questions, choices, truncation=False, verbose=False)
    places = iter(range(len(questions)))
    for one in asked:
        own = [next(places) for _ in one.choices]
        yield [{name: list(values[place]) for name, values in encoded.items()} for place in own]


def _fitting(asked: Asked, features: list[dict[str, Any]], model: ModelView) -> dict[str, Any]:
    """Return the features of a row as one, a list a choice; the same of the question is cut for all."""
    limit, cut = model.limit, 0
    longest = max(len(feature["input_ids"]) for feature in features)
    while limit is not None and longest > limit:
        cut += longest - limit
        short = Asked(without_beginning(asked.question, cut, model.processor), asked.choices)
        (features,) = _encoded([short], model)
        longest = max(len(feature["input_ids"]) for feature in features)
    joined: dict[str, Any] = {name: [feature[name] for feature in features] for name in features[0]}
    return {**joined, **({TRUNCATED: cut} if cut else {})}


def _filled(feature: Feature, most: int, model: ModelView) -> Feature:
    missing = most - len(feature["input_ids"])
    if not missing:
        return feature
    empty = model.processor("")
    return {
        name: [*values, *[list(empty[name])] * missing] if name in empty else values
        for name, values in feature.items()
    }
