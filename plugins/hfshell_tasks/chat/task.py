"""Chat with a causal model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    ModelView,
    Note,
    Row,
    TokenRow,
    graded_perplexities,
    prompt_feature,
)
from hfshell_tasks.chat.options import EvalOptions
from hfshell_tasks.chat.replies import conversations
from hfshell_tasks.chat.template import PLAIN, Message, Template
from hfshell_tasks.chat.turns import fitted

if TYPE_CHECKING:
    from hfshell.api import Context, FinetuneOutcome, LoadedModel, TaskData

_LEARN = "learn"
"""A row's replies are to be learnt, not written."""

_FITTED = "fitted"
"""A row's messages are those of its prompt that fit; nobody has to look again what does."""

_LEAST_ROOM = 4
"""A conversation may take all of what the model reads but a quarter, so that there is room for a reply."""


class Chat(CausalTask):
    """Replies to what a user said; learns from replies, and from nothing else of a conversation."""

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Turn conversations into windows to learn from, or into prompts for a reply.

        Raises:
            DataError: a row has no conversation.
            Refused: guard `chat-template`.
        """
        template = Template(model.processor)
        with_end = not isinstance(model.options, EvalOptions)
        context = (model.limit or 2) // 2
        found: list[dict[str, Any]] = []
        for number, row in enumerate(rows):
            messages = self._messages(row, model.options)
            if not row.get(_LEARN):
                longest = _longest_prompt(model.limit, model.options)
                told = messages if row.get(_FITTED) else _fitted(_asked(messages), template, longest)
                ids = template.ids(told, prompt=True)
                found.append(prompt_feature(template.opening, ids, number, longest))
                continue
            for one in conversations(messages, template, with_end=with_end):
                found += TokenRow(template.opening, one.ids, one.learnt).windows(number, model.limit, context)
        return found

    def decode(
        self,
        logits: Sequence[Generated],
        rows: Sequence[Row],  # noqa: ARG002 - of the contract
        model: ModelView,  # noqa: ARG002 - of the contract
    ) -> Iterator[dict[str, str]]:
        """Yield replies, as the Hub's pipeline calls them, and why they ended."""
        for item in logits:
            yield {"generated_text": item.text.strip(), "finish_reason": item.finish_reason}

    def generation(self, options: Any, model: ModelView) -> Mapping[str, Any]:
        """Say how replies are written: they end where the template ends them, too."""
        end = Template(model.processor).end
        ends = [token for token in (model.processor.eos_token_id, end) if token is not None]
        return {**super().generation(options, model), "eos_token_id": sorted(set(ends)) or None}

    def prepare(self, model: LoadedModel, data: TaskData, context: Context) -> None:  # noqa: ARG002 - of the contract
        """Give a model without a chat template the plain one, to be saved with it."""
        if not model.processor.chat_template:
            model.processor.chat_template = PLAIN

    def finetune(self, model: LoadedModel, data: TaskData, options: Any, context: Context) -> FinetuneOutcome:
        """Train a copy of the model on the replies of conversations."""
        self._say_template(model, context)
        kept = KeptRows(data, _has_reply, _to_learn)
        mute = len(data.train) - len(kept.train)
        if mute:
            said = f"{mute:,} of {len(data.train):,} conversations have no reply: nothing is learnt from them"
            context.emit(Note(said))
        return super().finetune(model, kept, options, context)

    def predict(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Iterator[Any]:
        """Write a reply to each row's last user.

        Of a conversation that is longer than the model reads the oldest turns are left out; the guard `turns`
        counts their messages.
        """
        self._say_template(model, context)
        return super().predict(model, self._fitting(model, rows, options, context), options, context)

    def _fitting(
        self, model: LoadedModel, rows: Iterable[Row], options: Any, context: Context
    ) -> Sequence[Row]:
        """Return the rows with what of their messages fits, and say how many are left out."""
        view = ModelView.of(model, options, getattr(context.command, "max_length", None))
        longest, template = _longest_prompt(view.limit, options), Template(model.processor)
        kept: list[Row] = []
        left: list[int] = []
        for row in rows:
            asked = _asked(self._messages(row, options))
            told = _fitted(asked, template, longest)
            kept.append({**row, "messages": told, _FITTED: True})
            left.append(len(asked) - len(told))
        if any(left):
            long = sum(map(bool, left))
            which = (
                "the conversation is" if len(left) == 1 else f"{long:,} of {len(left):,} conversations are"
            )
            said = f"{which} longer than the {longest:,} tokens there is room for"
            what = f"the oldest {sum(left):,} messages are left out"
            more = "a smaller --max-new-tokens leaves more room"
            context.guard(Guard("turns", "warn", f"{said}: {what}", hint=more, count=sum(left)))
        return kept

    def eval(self, model: LoadedModel, rows: Sequence[Row], options: EvalOptions, context: Context) -> Graded:
        """Measure the perplexity of replies, each behind all that was said before; ends are not counted."""
        self._say_template(model, context)
        kept = [_to_learn(row) for row in rows if _has_reply(row)]
        if not kept:
            raise DataError("no conversation has a reply to measure")
        losses = self.losses(model, kept, options, context)
        found = (
            Likelihood.of(_replies(row), loss, tokens)
            for row, (loss, tokens) in zip(kept, losses, strict=True)
        )
        texts = [next(found) if _has_reply(row) else None for row in rows]
        return graded_perplexities(texts, "replies only|ends:no", seed=context.seed)

    def _messages(self, row: Row, options: Any) -> list[Message]:
        said = row.get("messages") or ()
        messages = [dict(message) for message in said]
        if not messages and isinstance(row.get("prompt"), str):
            messages = [{"role": "user", "content": str(row["prompt"])}]
        if not messages:
            raise DataError(f"a row has no messages: {dict(row)!r:.80}")
        system = getattr(options, "system", None)
        if system is None or messages[0]["role"] == "system":
            return messages
        return [{"role": "system", "content": system}, *messages]

    def _say_template(self, model: LoadedModel, context: Context) -> None:
        template = Template(model.processor)
        if not model.processor.chat_template:
            context.guard(
                Guard("chat-template", "warn", "the model has no chat template: a plain one is used")
            )
        elif not template.takes_system and getattr(context.predict_options, "system", None):
            context.guard(
                Guard("system", "warn", "the chat template has no system: it is told by the first user")
            )


def _has_reply(row: Row) -> bool:
    return any(_is_reply(message) for message in row.get("messages") or ())


def _is_reply(message: Mapping[str, Any]) -> bool:
    return message["role"] == "assistant" and bool(str(message["content"]).strip())


def _to_learn(row: Row) -> Row:
    return {**row, _LEARN: True}


def _asked(messages: list[Message]) -> list[Message]:
    """Return a conversation as far as its last user, who is to be replied to."""
    last = max(
        (place for place, item in enumerate(messages) if item["role"] in ("user", "tool")), default=None
    )
    if last is None:
        raise DataError("a conversation has no user to reply to")
    return messages[: last + 1]


def _replies(row: Row) -> str:
    return " ".join(message["content"] for message in row["messages"] if message["role"] == "assistant")


def _fitted(asked: Sequence[Message], template: Template, longest: int | None) -> list[Message]:
    """Return the messages of a prompt that fit, whole turns of them."""
    room = None if longest is None else longest - len(template.opening)
    return fitted(asked, room, lambda some: len(template.ids(some, prompt=True)))


def _longest_prompt(limit: int | None, options: Any) -> int | None:
    if limit is None:
        return None
    wanted = getattr(options, "max_new_tokens", limit)
    return limit - min(int(wanted), limit // _LEAST_ROOM)
