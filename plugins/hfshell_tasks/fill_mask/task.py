"""Masked words: an encoder finds out what a text hides."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import torch

from hfshell.api import (
    IGNORED,
    ROW,
    Context,
    DataError,
    Feature,
    Features,
    FinetuneOutcome,
    HeadTask,
    Likelihood,
    LoadedModel,
    Metric,
    ModelView,
    Note,
    Row,
    TaskData,
    UsageError,
    Window,
    perplexities,
    ratio,
    ratio_interval,
)
from hfshell_tasks.fill_mask.masking import each_masked, mask_of, masked, with_masks
from hfshell_tasks.fill_mask.options import EvalOptions, PredictOptions
from hfshell_tasks.fill_mask.rows import MadeRows

_HOW = "_masks"
"""Key of a row that says how its text is masked: `_DRAWN`, `_EACH`, or the seed of fixed masks."""

_DRAWN = "drawn anew"
_EACH = "each token in turn"

_AT_ONCE = 16
"""Texts whose tokens are hidden one after the other at a time: each makes as many features as tokens."""


class FillMask(HeadTask):
    """Finds out hidden tokens. It learns from texts, of which it hides other tokens in each epoch.

    Texts that are longer than the model reads are learnt and measured in windows, side by side.
    """

    auto_class = "AutoModelForMaskedLM"
    windowed = True
    validated_by = "loss"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn texts into windows; masked when they are measured, and later when they are learnt.

        Raises:
            DataError: a row has no text.
            ModelError: the tokenizer has no mask.
        """
        mask = mask_of(model.processor)
        how = [row.get(_HOW) for row in rows]
        texts = [
            _text(row) if kind else with_masks(_text(row), mask) for row, kind in zip(rows, how, strict=True)
        ]
        found: list[Feature] = []
        for feature in model.windows(texts, overlap=0 if any(how) else None):
            kind = how[feature[ROW]]
            if kind == _DRAWN:
                found.append({**feature, _HOW: kind})
            elif kind == _EACH:
                found += each_masked(feature, model.processor)
            elif kind is None:
                found.append(feature)
            else:
                where = feature["_offsets"][1:2]
                draw = random.Random(f"{kind} {where} {texts[feature[ROW]]}")  # noqa: S311 - no secret
                found.append(masked(feature, model.processor, draw))
        return found

    def head_labels(self, data: TaskData) -> tuple[str, ...]:  # noqa: ARG002 - of the contract
        """Name no labels: the tokenizer's tokens are what there is to choose from."""
        return ()

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make a batch; of texts to learn from, with tokens hidden at random.

        The random numbers are torch's own, so that a run that is resumed hides the same tokens.
        """
        return model.pad([_drawn(feature, model) if _HOW in feature else feature for feature in features])

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> torch.Tensor:
        """Keep what is wanted of each token alone.

        Returns:
            Where tokens are measured, their loss and whether the best guess is right, of shape (features,
            tokens, 2). Else the best tokens at each mask and their probabilities, of shape (features, tokens,
            `top_k`, 2). 0 at other tokens.
        """
        if "labels" in batch:
            return _measured(super().read(outputs, batch, model), batch["labels"])
        count = min(_top_k(model), len(model.processor))
        is_mask = batch["input_ids"] == model.processor.mask_token_id
        return _best(super().read(outputs, batch, model), is_mask, count)

    def decode(self, logits: Sequence[Window], rows: Sequence[Row], model: ModelView) -> Iterator[Any]:
        """Yield the best tokens for each mask, with the keys of the Hub's pipeline.

        For one mask a list of them, for several masks a list of such lists, in the order of the text.
        """
        by_row = {number: list(windows) for number, windows in groupby(logits, key=lambda window: window.row)}
        for number in range(len(rows)):
            asked = _masks(by_row[number], model.processor.mask_token_id)
            filled = [_filled(window, place, model, alone=len(asked) == 1) for window, place in asked]
            yield filled[0] if len(filled) == 1 else filled

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Yield the best tokens for the masks of each text.

        Raises:
            UsageError: a text has no mask.
        """
        mask, texts = mask_of(model.processor), list(rows)
        for number, row in enumerate(texts, 1):
            if mask not in with_masks(_text(row), mask):
                where = f" of row {number}" if len(texts) > 1 else ""
                raise UsageError(
                    f"nothing is hidden in the text{where}: {_text(row)!r:.60}",
                    hint=f"write {mask} for the word that is to be found",
                )
        return super().predict(model, texts, options, context)

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model on texts, without those that are blank.

        The tokens that validation rows hide are the same after each epoch.
        """
        made = MadeRows.of(
            data, lambda rows: _marked(rows, _DRAWN), lambda rows: _marked(rows, context.seed + 1)
        )
        if blank := len(data.train) - len(made.train):
            context.emit(
                Note(f"{blank:,} of {len(data.train):,} texts are blank: nothing is learnt from them")
            )
        return super().finetune(model, made, options, context)

    def eval(self, model: LoadedModel, rows: Sequence[Row], options: Any, context: Context) -> list[Metric]:
        """Measure how many hidden tokens are found out; the same are hidden whenever the seed is the same.

        `unigram_accuracy` is what the commonest of the hidden tokens, always guessed, would reach.
        """
        texts = _marked(rows, context.seed + 1)
        if not texts:
            raise DataError("all texts are blank: nothing can be hidden in them")
        sums = [(0.0, 0, 0)] * len(texts)
        hidden: Counter[int] = Counter()
        for window in context.engine.outputs(self, model, texts, options, context):
            labels = [label for label in window.feature["labels"] if label != IGNORED]
            loss, right = window.output.double().sum(0).tolist()
            before = sums[window.row]
            sums[window.row] = (before[0] + loss, before[1] + round(right), before[2] + len(labels))
            hidden.update(labels)
        metrics = _metrics(sums, hidden, context.seed)
        if isinstance(options, EvalOptions) and options.pseudo_perplexity:
            metrics += self._pseudo_perplexities(model, texts, options, context)
        return metrics

    def _pseudo_perplexities(
        self, model: LoadedModel, rows: Sequence[Row], options: Any, context: Context
    ) -> list[Metric]:
        """Measure pseudo-perplexity: each token is predicted from all others (Salazar et al. 2020)."""
        texts: list[Likelihood] = []
        for start in range(0, len(rows), _AT_ONCE):
            some = [{**row, _HOW: _EACH} for row in rows[start : start + _AT_ONCE]]
            sums = [(0.0, 0)] * len(some)
            for window in context.engine.outputs(self, model, some, options, context):
                loss, tokens = sums[window.row]
                hidden = sum(label != IGNORED for label in window.feature["labels"])
                sums[window.row] = (loss + float(window.output[:, 0].double().sum()), tokens + hidden)
            texts += [Likelihood.of(_text(row), *found) for row, found in zip(some, sums, strict=True)]
        found = perplexities(texts, "one pass a token", seed=context.seed)
        return [replace(metric, name=f"pseudo_{metric.name}") for metric in found[:2]]


def _text(row: Row) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise DataError(f"a row has no text: {dict(row)!r:.80}")
    return text


def _marked(rows: Sequence[Row], how: str | int) -> list[Row]:
    return [{**row, _HOW: how} for row in rows if str(row.get("text") or "").strip()]


def _drawn(feature: Feature, model: ModelView) -> dict[str, Any]:
    seed = int(torch.randint(2**62, ()).item())
    return masked(feature, model.processor, random.Random(seed))  # noqa: S311 - no secret


def _top_k(model: ModelView) -> int:
    options = model.options
    return options.top_k if isinstance(options, PredictOptions) else PredictOptions().top_k


def _measured(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    kept = labels.new_zeros((*labels.shape, 2), dtype=torch.float32)
    hidden = labels != IGNORED
    chosen, wanted = logits[hidden].float(), labels[hidden]
    losses = torch.nn.functional.cross_entropy(chosen, wanted, reduction="none")
    kept[hidden] = torch.stack([losses, (chosen.argmax(-1) == wanted).float()], -1)
    return kept


def _best(logits: torch.Tensor, is_mask: torch.Tensor, count: int) -> torch.Tensor:
    kept = logits.new_zeros((*is_mask.shape, count, 2), dtype=torch.float32)
    scores, tokens = logits[is_mask].float().softmax(-1).topk(count, -1)
    kept[is_mask] = torch.stack([tokens.float(), scores], -1)  # a float32 holds token numbers up to 2^24
    return kept


def _masks(windows: Sequence[Window], mask: int) -> list[tuple[Window, int]]:
    """Return each mask of a text, in the window that shows most of what is around it."""
    found: dict[tuple[int, int], tuple[int, Window, int]] = {}
    for window in windows:
        ids = window.feature["input_ids"]
        for place in (place for place, token in enumerate(ids) if token == mask):
            room = min(place, len(ids) - place)
            offset = window.feature["_offsets"][place]
            if offset not in found or room > found[offset][0]:
                found[offset] = (room, window, place)
    return [(window, place) for _, (_, window, place) in sorted(found.items(), key=lambda item: item[0])]


def _filled(window: Window, place: int, model: ModelView, *, alone: bool) -> list[dict[str, Any]]:
    processor, ids = model.processor, window.feature["input_ids"]
    found = []
    for number, score in window.tokens[place].tolist():
        token = int(number)
        text = [*ids[:place], token, *ids[place + 1 :]]
        found.append(
            {
                "score": score,
                "token": token,
                "token_str": processor.decode([token]),
                "sequence": processor.decode(text, skip_special_tokens=alone),
            }
        )
    return found


def _metrics(sums: Sequence[tuple[float, int, int]], hidden: Counter[int], seed: int) -> list[Metric]:
    right = [(float(hits), float(count)) for _, hits, count in sums]
    losses = [(loss, float(count)) for loss, _, count in sums]
    common = hidden.most_common(1)[0][1] if hidden else 0
    low, high = ratio_interval(right, seed=seed)
    least, most = ratio_interval(losses, seed=seed)
    said = "15 % hidden, of these 80 % masked, 10 % another, 10 % as they are"
    return [
        Metric("masked_accuracy", ratio(right), low, high, signature=said),
        Metric("unigram_accuracy", ratio([(float(common), float(hidden.total()))])),
        Metric(
            "masked_perplexity",
            _exp(ratio(losses)),
            _exp(least),
            _exp(most),
            higher_is_better=False,
            signature=said,
        ),
    ]


def _exp(value: float | None) -> float | None:
    return None if value is None else math.exp(min(value, 700.0))
