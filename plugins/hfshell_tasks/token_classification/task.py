"""Token classification on a head that gives each token its labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import torch

from hfshell.api import (
    IGNORED,
    ROW,
    DataError,
    Features,
    Guard,
    HeadTask,
    ModelView,
    Refused,
    Row,
    Window,
    tagging,
)
from hfshell_tasks.token_classification.entities import Entity, Tagged, entities_of, loose_begins
from hfshell_tasks.token_classification.words import Words, joined, split, spoken_for

if TYPE_CHECKING:
    from hfshell.api import Context, LoadedModel, TaskData
    from hfshell_tasks.token_classification.options import PredictOptions

_WORDS = "_words"


class TokenClassification(HeadTask):
    """A tag for each word of a text, however long it is.

    A word's tag is that of its first token; of a word in several windows that of the window where it stands
    furthest from the edges. A word that the tokenizer makes nothing of is outside of all entities.
    """

    auto_class: ClassVar[str] = "AutoModelForTokenClassification"
    windowed: ClassVar[bool] = True

    def head_labels(self, data: TaskData) -> tuple[str, ...]:
        """Name the outputs of a new head: `O`, then the begin and the inside of each type in the data.

        A type whose entities are all of one word in the data gets its `I-` too. Tags that mark no spans are
        taken as they are.

        Raises:
            DataError: there are no tags.
        """
        tags = super().head_labels(data)
        if not all(map(tagging.marks_spans, tags)):
            return tags
        types = dict.fromkeys(tag[1:] for tag in tags if tag != tagging.OUTSIDE)
        return (tagging.OUTSIDE, *(f"{place}{name}" for name in types for place in "BI"))

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into windows of token IDs, with the tag of each word at its first token.

        Raises:
            DataError: a row has neither tokens nor a text.
            Refused: the model does not know a tag (`labels`).
        """
        words = [_words_of(row) for row in rows]
        features = model.windows([one.text for one in words])
        of_row: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for feature in features:
            of_row[feature[ROW]].append(feature)
        for number, windows in of_row.items():
            spoken = spoken_for(words[number].spans, [window["_offsets"] for window in windows])
            for window, numbers in zip(windows, spoken, strict=True):
                window[_WORDS] = numbers
                tags = rows[number].get(self.target_role or "")
                if tags is not None:
                    window["labels"] = _targets(numbers, tags, model.labels)
        return features

    def decode(self, logits: Sequence[Window], rows: Sequence[Row], model: ModelView) -> Iterator[Tagged]:
        """Yield the tags of each row's words, and the entities that they mark.

        Args:
            logits: windows, each with an output of shape (tokens, labels).
            rows: the rows.
            model: with its labels.
        """
        of_row: dict[int, list[Window]] = defaultdict(list)
        for window in logits:
            of_row[window.row].append(window)
        is_foreign = _is_foreign(model.labels)
        for number, row in enumerate(rows):
            words = _words_of(row)
            tags, scores = _tags(of_row[number], len(words.spans), model.labels)
            if is_foreign or (model.options is not None and model.options.repair_tags):
                tags = _as_iob2(tags)
            yield Tagged(tuple(tags), entities_of(words, tags, scores))

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: PredictOptions, context: Context
    ) -> Iterator[Tagged]:
        """Yield each row's tags and entities; say it when they are of another scheme than IOB2."""
        loose = found = 0
        for prediction in super().predict(model, rows, options, context):
            loose += loose_begins(prediction.tags)
            found += len(prediction.entities)
            yield prediction
        if 2 * loose > found:
            context.guard(_other_scheme(loose, found))

    def select(self, prediction: Tagged, options: Any) -> list[Entity]:  # noqa: ARG002 - of the contract
        """Give the entities."""
        return list(prediction.entities)

    def answer(self, prediction: Tagged) -> tuple[str, ...]:
        """Measure the tags, one a word."""
        return prediction.tags


def _words_of(row: Row) -> Words:
    tokens, text = row.get("tokens"), row.get("text")
    if tokens is not None:
        return joined(tokens)
    if isinstance(text, str):
        return split(text)
    raise DataError(f"a row has neither tokens nor a text: {dict(row)!r:.80}")


def _targets(numbers: Sequence[Sequence[int]], tags: Sequence[str], labels: tuple[str, ...]) -> list[int]:
    """Return what each token learns: the tag of the word that it speaks for, or nothing."""
    return [_index(tags[spoken[0]], labels) if spoken else IGNORED for spoken in numbers]


def _index(tag: str, labels: tuple[str, ...]) -> int:
    if tag in labels:
        return labels.index(tag)
    raise Refused("labels", f"the data has a tag {tag} that the model does not know: {', '.join(labels)}")


def _tags(windows: Sequence[Window], count: int, labels: tuple[str, ...]) -> tuple[list[str], list[float]]:
    """Return a tag and its probability for each of so many words."""
    tags, scores = [tagging.OUTSIDE] * count, [1.0] * count
    context: dict[int, int] = {}
    for window in windows:
        best, which = torch.softmax(window.tokens, dim=-1).max(dim=-1)
        spoken = window.feature[_WORDS]
        for place, (score, label, numbers) in enumerate(
            zip(best.tolist(), which.tolist(), spoken, strict=True)
        ):
            around = min(place, len(spoken) - 1 - place)
            for number in numbers:
                if around > context.get(number, -1):
                    context[number] = around
                    scores[number] = score
                    tags[number] = labels[label] if number == numbers[0] else _goes_on(labels[label])
    return tags, scores


def _goes_on(tag: str) -> str:
    """Return the tag of a word that is spoken for by the token of the word before."""
    return f"I{tag[1:]}" if tag.startswith("B") and tagging.marks_spans(tag) else tag


def _is_foreign(labels: Sequence[str]) -> bool:
    """Whether a model's own tags are surely not IOB2: they mark ends of spans, or no begin of any."""
    if not all(map(tagging.marks_spans, labels)):
        return False
    places = {label[0] for label in labels if label != tagging.OUTSIDE}
    return bool(places & set("ESLU")) or places == {"I"}


def _as_iob2(tags: Sequence[str]) -> list[str]:
    return list(tagging.to_iob2(tags)) if all(map(tagging.marks_spans, tags)) else list(tags)


def _other_scheme(loose: int, found: int) -> Guard:
    return Guard(
        "tag-scheme",
        "warn",
        f"{loose:,} of {found:,} entities begin with I-, where IOB2 has B-: strictly measured they are none",
        hint="the model may have learnt IOB1: --repair-tags reads them as begun",
        count=loose,
    )
