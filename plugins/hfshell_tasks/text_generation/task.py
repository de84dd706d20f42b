"""Text generation with a causal model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hfshell.api import (
    CausalTask,
    DataError,
    Features,
    Generated,
    Graded,
    Guard,
    KeptRows,
    Likelihood,
    ModelError,
    ModelView,
    Note,
    Row,
    TokenRow,
    bare_ids,
    blank_between,
    graded_perplexities,
    opening_of,
    prompt_feature,
)
from hfshell_tasks.text_generation.options import EvalOptions, PredictOptions

if TYPE_CHECKING:
    from hfshell.api import Context, FinetuneOutcome, LoadedModel, TaskData

_LEAST_ROOM = 4
"""A prompt may take all of what the model reads but a quarter, so that there is room for an answer."""


class TextGeneration(CausalTask):
    """Goes on with a prompt; learns texts, or what follows on their prompts."""

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into windows to learn from or to measure, and prompts without a text into prompts.

        A text is learnt with the token that ends it, so that what is written ends as well. In a measurement
        it is left out: perplexity is that of the text.

        Raises:
            DataError: a row has neither.
        """
        opening, measuring = opening_of(model.processor), isinstance(model.options, EvalOptions)
        context = _context(model) if measuring else 1
        end = [] if measuring else _end(model.processor)
        found = []
        for number, (before, ids) in enumerate(_tokens(rows, model.processor)):
            if rows[number].get("text") is None:
                start = opening or (() if before else _start(model.processor))
                found.append(prompt_feature(start, before, number, _longest_prompt(model)))
                continue
            whole = [*before, *ids, *(end if ids[-1:] != end else [])]
            learnt = [place >= len(before) for place in range(len(whole))]
            found += TokenRow(opening, whole, learnt).windows(number, model.limit, context)
        return found

    def decode(
        self, logits: Sequence[Generated], rows: Sequence[Row], model: ModelView
    ) -> Iterator[dict[str, str]]:
        """Yield what was written, as the Hub's pipeline calls it, and why it ended."""
        whole = isinstance(model.options, PredictOptions) and model.options.full_text
        for written, row in zip(logits, rows, strict=True):
            before = str(row["prompt"]) if whole else ""
            yield {"generated_text": before + written.text, "finish_reason": written.finish_reason}

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model on texts, without those that are blank."""
        if not _end(model.processor):
            context.guard(
                Guard(
                    "end", "warn", "the tokenizer has no token that ends a text: what is written will not end"
                )
            )
        kept = KeptRows(data, lambda row: bool(str(row.get("text") or "").strip()))
        blank = len(data.train) - len(kept.train)
        if blank:
            context.emit(
                Note(f"{blank:,} of {len(data.train):,} texts are blank: nothing is learnt from them")
            )
        return super().finetune(model, kept, options, context)

    def eval(self, model: LoadedModel, rows: Sequence[Row], options: EvalOptions, context: Context) -> Graded:
        """Measure perplexity.

        Each text stands alone, behind the token that begins a text where the model has one; that token is
        not predicted, nor is one that ends the text. Of a model without such a token the first token of a
        text is not predicted either, for nothing is before it.

        Raises:
            ModelError: there is no such token, and the tokenizer, one in pure Python, keeps no offsets.
        """
        reads_all = bool(opening_of(model.processor))
        texts = []
        for row, (loss, tokens) in zip(rows, self.losses(model, rows, options, context), strict=True):
            text = str(row["text"])
            if not reads_all and not row.get("prompt"):
                text = _without_first(text, model.processor)
            texts.append(Likelihood.of(text, loss, tokens))
        return graded_perplexities(texts, _signature(model, options, context), seed=context.seed)


def _tokens(rows: Sequence[Row], processor: Any) -> list[tuple[list[int], list[int]]]:
    """Return the tokens of each row's prompt, and those of what follows on it.

    Both are read in one piece where that leaves the prompt's tokens as they are, as they will be when the
    prompt stands alone.
    """
    prompts = [_text(row.get("prompt")) for row in rows]
    texts = [_joint(*pair) for pair in zip(prompts, (_text(row.get("text")) for row in rows), strict=True)]
    for prompt, row in zip(prompts, rows, strict=True):
        if row.get("text") is None and row.get("prompt") is None and not prompt:
            raise DataError(f"a row has no text: {dict(row)!r:.80}")
    before = bare_ids(processor, prompts)
    whole = bare_ids(processor, [prompt + text for prompt, text in zip(prompts, texts, strict=True)])
    alone = bare_ids(processor, texts)
    return [
        (start, both[len(start) :] if both[: len(start)] == start else rest)
        for start, both, rest in zip(before, whole, alone, strict=True)
    ]


def _text(value: Any) -> str:
    if value is not None and not isinstance(value, str):
        raise DataError(f"{value!r:.80} is no text")
    return value or ""


def _joint(prompt: str, text: str) -> str:
    """Return what follows on a prompt, with a blank between words that would be one."""
    return blank_between(prompt, text) + text


def _end(processor: Any) -> list[int]:
    return [] if processor.eos_token_id is None else [processor.eos_token_id]


def _start(processor: Any) -> tuple[int, ...]:
    """Return what an empty prompt begins with, for a model whose texts begin with nothing."""
    known = (processor.bos_token_id, processor.eos_token_id)
    return tuple(token for token in known if token is not None)[:1]


def _longest_prompt(model: ModelView) -> int | None:
    if model.limit is None:
        return None
    wanted = getattr(model.options, "max_new_tokens", model.limit)
    return model.limit - min(int(wanted), model.limit // _LEAST_ROOM)


def _context(model: ModelView) -> int:
    """Return how many tokens of context the later windows of a long text have."""
    limit = model.limit or 2
    stride = model.options.stride or limit // 2
    return max(1, limit - int(stride))


def _without_first(text: str, processor: Any) -> str:
    if not getattr(processor, "is_fast", False):
        raise ModelError(f"{type(processor).__name__} does not say where its tokens stand in a text")
    offsets = processor(text, add_special_tokens=False, return_offsets_mapping=True)["offset_mapping"]
    return text[offsets[0][1] :] if offsets else text


def _signature(model: LoadedModel, options: EvalOptions, context: Context) -> str:
    limits = (model.files.max_length, getattr(context.command, "max_length", None))
    window = min((limit for limit in limits if limit), default=None)
    begins = "yes" if opening_of(model.processor) else "no"
    stride = options.stride or (window // 2 if window else None)
    return f"bos:{begins}|eos:no|window:{window}|stride:{stride}"
