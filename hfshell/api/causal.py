"""Causal models: tokens to learn and to measure, in windows; each token counts in one of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from hfshell.api.features import IGNORED, ROW, TRUNCATED, Feature
from hfshell.api.generative import GenerativeTask
from hfshell.api.likelihood import token_losses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hfshell.api.context import Context, Row
    from hfshell.api.model_view import ModelView
    from hfshell.api.models import LoadedModel

UNLIMITED = 1024
"""Tokens of a window when neither model nor user limits it."""


class CausalTask(GenerativeTask):
    """A head that goes on with a text, one token after another.

    Rows to learn from are padded on the right whatever side the tokenizer prefers, so that positions count
    from each row's first token; prompts are padded on the left, so that what is written follows on them.
    """

    auto_class: ClassVar[str] = "AutoModelForCausalLM"
    windowed: ClassVar[bool] = True
    usual_length: ClassVar[int] = 512

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make one batch, padded on the right."""
        return model.pad(features, side="right")

    def read(self, outputs: Any, batch: Mapping[str, Any], model: ModelView) -> Any:  # noqa: ARG002 - of the contract
        """Keep the loss of each token that is learnt: shape (features, tokens)."""
        return token_losses(outputs, batch)

    def losses(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[tuple[float, int]]:
        """Yield for each row the sum of its tokens' losses, in nats, and how many tokens were predicted.

        Args:
            model: with its head.
            rows: that `encode` makes windows with `labels` of.
            options: what `encode` sees as the model's `options`.
            context: the command's surroundings.
        """
        row, loss, tokens = -1, 0.0, 0
        for window in context.engine.outputs(self, model, rows, options, context):
            if window.row != row:
                if row >= 0:
                    yield loss, tokens
                row, loss, tokens = window.row, 0.0, 0
            loss += float(window.output.double().sum())
            tokens += sum(label != IGNORED for label in window.feature["labels"][1:])
        if row >= 0:
            yield loss, tokens


@dataclass(frozen=True)
class TokenRow:
    """The tokens of one row, and which of them are learnt.

    Attributes:
        opening: tokens that stand before every text that the model reads, and in each of its windows; they
            are never learnt.
        ids: all others.
        learnt: for each of `ids` whether it is learnt.
    """

    opening: tuple[int, ...]
    ids: Sequence[int]
    learnt: Sequence[bool]

    def windows(self, row: int, limit: int | None, context: int = 1) -> list[dict[str, Any]]:
        """Return features of at most `limit` tokens; each token is learnt in exactly one of them.

        A window begins with the last tokens of the one before it, which are its context; half a window of
        them where some tokens are not learnt, for what is learnt follows on these. Windows in which nothing
        is learnt are left out, unless there is no other.

        Args:
            row: which of the rows that `encode` was given it is.
            limit: longest input in tokens; `UNLIMITED` without it.
            context: how many tokens of the window before are read again, at least one.
        """
        room = max(2, (limit or UNLIMITED) - len(self.opening))
        least = 1 if all(self.learnt) else room // 2
        again = min(max(least, context), room - 1)
        features: list[dict[str, Any]] = []
        start = fresh = 0
        while not features or fresh < len(self.ids):
            end = min(start + room, len(self.ids))
            features.append(self._feature(row, start, fresh, end))
            fresh, start = max(end, 1), max(end - again, 0)
        learning = [
            feature for feature in features if any(label != IGNORED for label in feature["labels"][1:])
        ]
        return learning or features[:1]

    def _feature(self, row: int, start: int, fresh: int, end: int) -> dict[str, Any]:
        ids = [*self.opening, *self.ids[start:end]]
        labels = [IGNORED] * (len(self.opening) + fresh - start)
        learnt = zip(self.ids[fresh:end], self.learnt[fresh:end], strict=True)
        labels += [token if learn else IGNORED for token, learn in learnt]
        return {"input_ids": ids, "attention_mask": [1] * len(ids), "labels": labels, ROW: row}


def opening_of(processor: Any) -> tuple[int, ...]:
    """Return the tokens that a tokenizer puts before any text: the one that begins a text, if it has such."""
    whole, bare = processor("a")["input_ids"], processor("a", add_special_tokens=False)["input_ids"]
    places = range(len(whole) - len(bare) + 1)
    start = next((place for place in places if whole[place : place + len(bare)] == bare), 0)
    return tuple(whole[:start])


def bare_ids(processor: Any, texts: Sequence[str], **arguments: Any) -> list[list[int]]:
    """Return the tokens of texts without those that a tokenizer puts around them.

    A text that begins with them as written, `<s>Once`, does not have them twice.
    """
    if not texts:
        return []
    how = {"add_special_tokens": False, "truncation": False, "verbose": False, **arguments}
    opening = list(opening_of(processor))
    found: list[list[int]] = processor(list(texts), **how)["input_ids"]
    return [_without(opening, ids) for ids in found]


def prompt_feature(
    opening: Sequence[int], ids: Sequence[int], row: int, longest: int | None
) -> dict[str, Any]:
    """Return a prompt; of one that is too long the end, with what is lost counted.

    Args:
        opening: tokens that stand before every text.
        ids: all others.
        row: which of the rows it is.
        longest: tokens that it may have, those of the opening included.
    """
    kept = ids if longest is None else ids[max(0, len(ids) - max(1, longest - len(opening))) :]
    whole = [*opening, *kept]
    feature: dict[str, Any] = {"input_ids": whole, "attention_mask": [1] * len(whole), ROW: row}
    return feature | ({TRUNCATED: len(ids) - len(kept)} if len(kept) < len(ids) else {})


def blank_between(before: str, after: str) -> str:
    """Return what stands between two texts that are read as one: a blank, but for scripts that have none."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    beside = (before[-1], after[0])
    return "" if any(unicodedata.east_asian_width(sign) in "WF" for sign in beside) else " "


def _without(opening: list[int], ids: list[int]) -> list[int]:
    while opening and ids[: len(opening)] == opening:
        ids = ids[len(opening) :]
    return ids
