"""Heads beyond one answer a row: a tagger of windows, and writers of either kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api import Generated, GenerativeTask, HeadTask, LoadedModel, ModelFolder, ModelView, Row, Window
from hfshell.testing.tiny_heads import write_tiny_head
from tests.compute.classify import Data
from tests.models import tiny

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import torch

TAGS = ("O", "B-X", "I-X")


class Tag(HeadTask):
    """Tags each word of a text, however long, by its first token."""

    name = "tag"
    auto_class: ClassVar[str] = "AutoModelForTokenClassification"
    windowed: ClassVar[bool] = True
    target_role = "tags"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Any:
        features = model.windows([row["words"] for row in rows], is_split_into_words=True)
        for feature in features:
            tags = rows[feature["_row"]].get("tags")
            if tags is not None:
                feature["labels"] = [
                    -100 if word is None else TAGS.index(tags[word]) for word in feature["_words"]
                ]
        return features

    def decode(self, windows: Sequence[Window], rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        found: list[dict[int, str]] = [{} for _ in rows]
        for window in windows:
            for word, scores in zip(window.feature["_words"], window.tokens, strict=True):
                if word is not None:
                    found[window.row].setdefault(word, TAGS[int(scores.argmax())])
        for row, tags in zip(rows, found, strict=True):
            yield tuple(tags[word] for word in range(len(row["words"])))

    def head_labels(self, data: Any) -> tuple[str, ...]:
        return TAGS


class Continue(GenerativeTask):
    """Goes on with a text; learns its ending."""

    name = "continue"
    auto_class: ClassVar[str] = "AutoModelForCausalLM"
    target_role = "ending"

    def __init__(self, **arguments: Any) -> None:
        self.arguments = {"max_new_tokens": 8, **arguments}

    def encode(self, rows: Sequence[Row], model: ModelView) -> Any:
        features = model.tokenize([row["text"] for row in rows])
        for row, feature in zip(rows, features, strict=True):
            if row.get("ending") is not None:
                ending = model.processor(row["ending"], add_special_tokens=False)["input_ids"]
                ending.append(model.processor.eos_token_id)
                feature["labels"] = [-100] * len(feature["input_ids"]) + ending
                feature["input_ids"] = feature["input_ids"] + ending
                feature["attention_mask"] = [1] * len(feature["input_ids"])
                feature.pop("token_type_ids", None)
        return features

    def decode(
        self, logits: Sequence[Generated], rows: Sequence[Row], model: ModelView
    ) -> Iterable[Generated]:
        return logits

    def generation(self, options: Any, model: ModelView) -> Mapping[str, Any]:
        return self.arguments


class Rewrite(Continue):
    """Writes a text for a text."""

    name = "rewrite"
    auto_class: ClassVar[str] = "AutoModelForSeq2SeqLM"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Any:
        features = model.tokenize([row["text"] for row in rows])
        for row, feature in zip(rows, features, strict=True):
            if row.get("ending") is not None:
                feature["labels"] = model.processor(text_target=row["ending"])["input_ids"]
        return features


class FirstWord(Continue):
    """Keeps the first word of what is written, which is whole wherever the text ends."""

    def decode(self, logits: Sequence[Generated], rows: Sequence[Row], model: ModelView) -> Iterable[Any]:
        for item in logits:
            yield {"word": item.text.partition(" ")[0], "finish_reason": "stop"}


class Read(Continue):
    """Keeps the sum of each feature's logits, and tells the batch's names."""

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> torch.Tensor:
        self.seen = set(batch)
        kept: torch.Tensor = outputs.logits.sum((1, 2))
        return kept


def made(task: HeadTask, folder: Path) -> LoadedModel:
    """A tiny random model with a task's head, in memory."""
    from hfshell.models.loading import Head, load_model

    write_tiny_head(task, Data(train=[], labels=()), folder)
    files: ModelFolder = tiny.files(folder)
    return load_model(files, Head(task.auto_class, task.name))
