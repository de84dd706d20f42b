"""Conversations as a model reads them: by its own chat template, or by a plain one."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hfshell.api import DataError, ModelError, opening_of

Message = dict[str, str]

PLAIN = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ message['role'] | capitalize }}:{{ '\n' }}{{ message['content'] | trim }}"
    "{% if message['role'] == 'assistant' %}{{ eos_token }}{% endif %}{{ '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}Assistant:{{ '\n' }}{% endif %}"
)
"""For models that were never in a conversation: names on lines of their own, and an end behind each reply."""

_SANITIZE = "sanitize_control_tokens"
_REFUSES = "TemplateError"
"""What a template raises that refuses a role or an order; jinja's other errors, its kin, are mistakes."""

_SYSTEM = ("system", "developer")
_PROBE: list[Message] = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]


@dataclass(frozen=True)
class Template:
    """How a model reads conversations.

    Attributes:
        processor: the tokenizer.
    """

    processor: Any

    @property
    def text(self) -> str:
        """The model's own template; the plain one for a model that has none."""
        found = self.processor.chat_template
        return found if isinstance(found, str) else PLAIN if not found else self.processor.get_chat_template()

    @cached_property
    def opening(self) -> tuple[int, ...]:
        """The tokens that begin a conversation, exactly once, whatever template and tokenizer add."""
        begin = self.processor.bos_token_id
        found = opening_of(self.processor)
        return found or ((begin,) if begin is not None and self._begins_with(begin) else ())

    @cached_property
    def end(self) -> int | None:
        """The token that the template puts behind each reply; None where it puts none there."""
        asked = self._rendered(_PROBE[:1], prompt=True)
        replied = self._rendered(_PROBE)[len(asked) :]
        return next((token for token in replied if token in self._control_ids), None)

    @cached_property
    def takes_system(self) -> bool:
        """Whether the template has a place for what the system says."""
        said = "zyxw"
        try:
            text = self._text([{"role": "system", "content": said}, *_PROBE[:1]])
        except Exception as error:
            if type(error).__name__ == _REFUSES:
                return False
            if mistake := _named(error):
                raise mistake from None
            raise
        return said in text

    @cached_property
    def keeps_replies(self) -> bool:
        """Whether a reply looks the same once more was said; not where thoughts are dropped later on."""
        thought = [_PROBE[0], {"role": "assistant", "content": "<think>\nc\n</think>\n\nb"}]
        first = self._rendered(thought)
        return self._rendered([*thought, *thought])[: len(first)] == first

    def ids(self, messages: Sequence[Message], *, prompt: bool = False) -> list[int]:
        """Return the tokens of a conversation without those that begin it.

        Control tokens that somebody typed are read as the text that they are.

        Args:
            messages: in an order that the template takes.
            prompt: whether a reply is to follow.

        Raises:
            DataError: the template does not take them.
            ModelError: the template has a mistake.
        """
        ids = self._rendered(self._fit(messages), prompt=prompt)
        while self.opening and ids[: len(self.opening)] == list(self.opening):
            ids = ids[len(self.opening) :]
        return ids

    def _fit(self, messages: Sequence[Message]) -> list[Message]:
        """Put what a system says before the first user's words, where the template has no place for it."""
        if self.takes_system or not messages or messages[0]["role"] not in _SYSTEM:
            return list(messages)
        said, *others = messages
        if not others:
            return [{"role": "user", "content": said["content"]}]
        first = {**others[0], "content": f"{said['content']}\n\n{others[0]['content']}"}
        return [first, *others[1:]]

    def _rendered(self, messages: Sequence[Message], *, prompt: bool = False) -> list[int]:
        typed = any(token in message["content"] for message in messages for token in self._control_texts)
        try:
            found = self.processor.apply_chat_template(
                list(messages),
                chat_template=self.text,
                add_generation_prompt=prompt,
                return_dict=True,
                **(self._as_plain_text() if typed else {}),
                tokenizer_kwargs={"verbose": False},
            )
        except Exception as error:
            if said := _named(error):
                raise said from None
            raise
        ids: list[int] = found["input_ids"]
        return ids

    def _as_plain_text(self) -> dict[str, bool]:
        """Return what has control tokens that somebody typed read as text, not as the end of a turn.

        Raises:
            ModelError: transformers is too old for that, and would obey them.
        """
        if _SANITIZE not in inspect.signature(self.processor.apply_chat_template).parameters:
            raise ModelError(
                "a text holds control tokens of the model, and this transformers would obey them",
                hint="pip install 'transformers>=5.20'",
            )
        return {_SANITIZE: True}

    def _text(self, messages: Sequence[Message]) -> str:
        text: str = self.processor.apply_chat_template(
            list(messages), chat_template=self.text, tokenize=False
        )
        return text

    def _begins_with(self, token: int) -> bool:
        return self._rendered(_PROBE[:1])[:1] == [token]

    @cached_property
    def _control_ids(self) -> frozenset[int]:
        return frozenset(self.processor.added_tokens_decoder) - {self.processor.unk_token_id}

    @cached_property
    def _control_texts(self) -> tuple[str, ...]:
        texts = (token.content for token in self.processor.added_tokens_decoder.values())
        return tuple(text for text in texts if not text.isspace())


def _named(error: Exception) -> DataError | ModelError | None:
    """Return what a template's error is to a user; None for any other error."""
    if type(error).__name__ == _REFUSES:
        return DataError(
            f"the model's chat template refuses a conversation: {error}",
            hint="--map messages=COLUMN, or mend the data",
        )
    if any(kind.__name__ == _REFUSES for kind in type(error).__mro__):
        return ModelError(
            f"the model's chat template has a mistake: {error}",
            hint="mend `chat_template` in the model's folder, or take another model",
        )
    return None
