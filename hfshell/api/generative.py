"""Heads that write text: a causal model goes on with its prompt, an encoder-decoder answers its source."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from hfshell.api.options import option
from hfshell.api.task import HeadTask

if TYPE_CHECKING:
    from hfshell.api.context import Context, Row, TaskData
    from hfshell.api.features import Features
    from hfshell.api.model_view import ModelView
    from hfshell.api.models import LoadedModel


@dataclass(frozen=True)
class Generated:
    """A text that a model wrote.

    Attributes:
        text: without special tokens.
        tokens: IDs of its tokens, without those of the prompt and without padding.
        finish_reason: `stop` when the model ended it, or a stop word did; `length` when it was cut.
    """

    text: str
    tokens: tuple[int, ...]
    finish_reason: Literal["stop", "length"]


@dataclass(frozen=True)
class GenerationOptions:
    """Options of `predict` for tasks that write text; a task may add its own in a subclass.

    Attributes:
        max_new_tokens: longest text that is written.
        temperature: 0 always takes the likeliest token; above it tokens are drawn.
        top_p: draw from the likeliest tokens that together have this share.
        top_k: draw from this many of the likeliest tokens; 0 from all.
        num_beams: texts that are written side by side; None for the model's own way, as with the next two.
        repetition_penalty: above 1 what was written before becomes less likely.
        no_repeat_ngram: no sequence of so many tokens is written twice.
        stop: texts that end the writing, and are left out.
        choices: only these texts can be written.
        regex: only what this regular expression matches can be written.
        json_schema: only JSON that fits this schema, or that in this file, can be written.
    """

    max_new_tokens: int = option(256, "Longest text that is written, in tokens", minimum=1)
    temperature: float = option(
        0.0, "0 always takes the likeliest token; above it tokens are drawn, the wilder the higher", minimum=0
    )
    top_p: float = option(
        1.0, "Draw from the likeliest tokens that together have this share", minimum=0, maximum=1
    )
    top_k: int = option(0, "Draw from this many of the likeliest tokens; 0 from all", minimum=0)
    num_beams: int | None = option(
        None,
        "Texts that are written side by side, the likeliest of them kept; the model's own way without it",
        minimum=1,
    )
    repetition_penalty: float | None = option(
        None, "Above 1 what was written becomes less likely; the model's own way without it", minimum=0.01
    )
    no_repeat_ngram: int | None = option(
        None, "No sequence of so many tokens is written twice; the model's own way without it", minimum=0
    )
    stop: tuple[str, ...] = option((), "Texts that end the writing, and are left out")
    choices: tuple[str, ...] = option((), "Only these texts can be written; one for each --choices")
    regex: str | None = option(None, "Only what this regular expression matches can be written")
    json_schema: str | None = option(
        None, "Only JSON that fits this schema can be written", metavar="FILE|JSON"
    )


class GenerativeTask(HeadTask):
    """A head that writes text.

    `encode` has to make prompts of rows without a target, and training features of rows with one. For a
    causal model these are prompt and target in one row, its `labels` -100 over the prompt; for an
    encoder-decoder the target's tokens are the `labels`, as `tokenize(text_target=…)` gives them.

    Example::

        class Headline(GenerativeTask):
            auto_class = "AutoModelForSeq2SeqLM"

            def encode(self, rows, model):
                features = model.tokenize([row["article"] for row in rows])
                for row, feature in zip(rows, features):
                    if row.get("headline") is not None:
                        feature["labels"] = model.processor(text_target=row["headline"])["input_ids"]
                return features

            def decode(self, generated, rows, model):
                for item in generated:
                    yield {"headline": item.text}

            def answer(self, prediction):
                return prediction["headline"]

    Its best epoch is chosen by the loss on the validation rows: to write all of them anew each epoch would
    take longer than the training. Rows are written for 256 at a time, for that may take minutes, and a batch
    that was killed goes on behind the last that were.
    """

    validated_by: ClassVar[Literal["predictions", "loss"]] = "loss"
    rows_at_once: int | None = 256

    @abstractmethod
    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn rows into prompts, and rows that have a target into what is learnt from."""

    @abstractmethod
    def decode(self, logits: Sequence[Generated], rows: Sequence[Row], model: ModelView) -> Iterable[Any]:
        """Turn what was written into one prediction a row.

        A prediction that has a `finish_reason`, as a key or an attribute, says by it whether its text was
        cut, which hfshell counts; of others `Generated.finish_reason` does.
        """

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: such a head has none."""
        return ()

    def generation(self, options: Any, model: ModelView) -> Mapping[str, Any]:  # noqa: ARG002 - of the contract
        """Say how text is written, as arguments of transformers' `GenerationConfig`.

        Here from options that are `GenerationOptions`. A task may add to them.
        """
        return generation_arguments(options) if isinstance(options, GenerationOptions) else {}

    def processors(self, options: Any, model: ModelView) -> Sequence[Any]:  # noqa: ARG002 - of the contract
        """Return transformers' `LogitsProcessor`s that constrain what is written; none here."""
        return ()

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Write a text for each row, in order."""
        return context.engine.generate(self, model, rows, options, context)


def generation_arguments(options: GenerationOptions) -> dict[str, Any]:
    """Return options as arguments of transformers' `GenerationConfig`."""
    drawn: dict[str, Any] = {"do_sample": False}
    if options.temperature > 0:
        drawn = {"do_sample": True, "temperature": options.temperature, "top_p": options.top_p}
        drawn["top_k"] = options.top_k
    own = {
        "num_beams": options.num_beams,
        "repetition_penalty": options.repetition_penalty,
        "no_repeat_ngram_size": options.no_repeat_ngram,
        "stop_strings": list(options.stop) or None,
    }
    given = {name: value for name, value in own.items() if value is not None}
    return {**drawn, "max_new_tokens": options.max_new_tokens, **given}
