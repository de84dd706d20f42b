"""Texts for texts, with an encoder-decoder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api import (
    TRUNCATED,
    DataError,
    Features,
    Generated,
    GenerativeTask,
    ModelView,
    Note,
    Row,
)
from hfshell_tasks.text2text.languages import Languages, languages_of, pair_of
from hfshell_tasks.text2text.prefixes import keep_prefix, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hfshell.api import Context, LoadedModel, TaskData

_TAIL = 2
"""So many tokens may end a text: in mBART the language follows on the end."""


class Text2Text(GenerativeTask):
    """Writes a text for a text.

    Attributes:
        source: the role that is read.
        key: under which the Hub's pipelines give what was written.
    """

    auto_class: ClassVar[str] = "AutoModelForSeq2SeqLM"
    usual_length: ClassVar[int] = 256
    source: ClassVar[str] = "prompt"
    key: ClassVar[str] = "generated_text"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into token IDs behind their prefix, and what is learnt into labels with an end.

        Raises:
            DataError: a row has no text.
        """
        prefix = self.prefix(model)
        with self.languages(model).set_on(model.processor):
            features = model.tokenize([prefix + _text(row, self.source) for row in rows])
            learnt = [number for number, row in enumerate(rows) if self._learns(row)]
            written = [_text(rows[number], str(self.target_role)) for number in learnt]
            for number, (labels, cut) in zip(learnt, _labels(written, model), strict=True):
                features[number]["labels"] = labels
                if cut:
                    features[number][TRUNCATED] = features[number].get(TRUNCATED, 0) + cut
        return features

    def decode(
        self,
        logits: Sequence[Generated],
        rows: Sequence[Row],  # noqa: ARG002 - of the contract
        model: ModelView,  # noqa: ARG002 - of the contract
    ) -> Iterator[dict[str, str]]:
        """Yield what was written, as the Hub's pipelines called it, and why it ended."""
        for item in logits:
            yield {self.key: item.text.strip(), "finish_reason": item.finish_reason}

    def answer(self, prediction: Mapping[str, str]) -> str:
        """Return the text that is held against the data's."""
        return prediction[self.key]

    def generation(self, options: Any, model: ModelView) -> Mapping[str, Any]:
        """Say how text is written; of several languages, in which one."""
        given = dict(super().generation(options, model))
        first = self.languages(model).first_token(model.processor)
        return given if first is None else {**given, "forced_bos_token_id": first}

    def prepare(self, model: LoadedModel, data: TaskData, context: Context) -> None:  # noqa: ARG002 - of the contract
        """Have the model remember its prefix."""
        keep_prefix(model.module.config, self.kind(context.predict_options), context.predict_options)

    def prefix(self, model: ModelView) -> str:
        """Return what stands before each text."""
        return prefix_of(model.config, self.kind(model.options), model.options)

    def kind(self, options: Any) -> str:  # noqa: ARG002 - translations have several
        """Return how models call what the task does, where they have a prefix for it."""
        return self.name

    def languages(self, model: ModelView) -> Languages:  # noqa: ARG002 - translations have some
        """Return the languages that are read and written; those that the tokenizer is set to here."""
        return Languages()

    def _learns(self, row: Row) -> bool:
        return self.target_role is not None and row.get(self.target_role) is not None


class Summarization(Text2Text):
    """Writes a short text for a long one."""

    usual_length: ClassVar[int] = 512
    source: ClassVar[str] = "document"
    key: ClassVar[str] = "summary_text"


class Translation(Text2Text):
    """Writes a text in another language."""

    usual_length: ClassVar[int] = 128
    source: ClassVar[str] = "source"
    key: ClassVar[str] = "translation_text"

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Write translations; say from which language into which, where the model has several."""
        if pair := languages_of(model.processor, options).said(model.processor):
            context.emit(Note(f"translates {pair}", once=True))
        return super().predict(model, rows, options, context)

    def kind(self, options: Any) -> str:
        """Return `translation_en_to_de`, where the languages are given."""
        return pair_of(options)

    def languages(self, model: ModelView) -> Languages:
        """Return the languages that the options name, or those that the tokenizer is set to."""
        return languages_of(model.processor, model.options)


def _labels(texts: Sequence[str], model: ModelView) -> list[tuple[list[int], int]]:
    """Return what is learnt of texts, each with an end, and how many tokens of each were cut."""
    if not texts:
        return []
    end = model.processor.eos_token_id
    found: list[list[int]] = model.processor(text_target=list(texts), truncation=False, verbose=False)[
        "input_ids"
    ]
    whole = [ids if end is None or end in ids[-_TAIL:] else [*ids, end] for ids in found]
    return [_cut(ids, model.limit, end) for ids in whole]


def _cut(ids: list[int], limit: int | None, end: int | None) -> tuple[list[int], int]:
    """Cut what is learnt, but for its end: a summary that was cut must not teach to end nowhere."""
    if limit is None or len(ids) <= limit:
        return ids, 0
    tail = _TAIL if limit > _TAIL and ids[-_TAIL] == end else 1
    return [*ids[: limit - tail], *ids[-tail:]], len(ids) - limit


def _text(row: Row, role: str) -> str:
    text = row.get(role)
    if not isinstance(text, str):
        raise DataError(f"a row has no {role}: {dict(row)!r:.80}")
    return text
