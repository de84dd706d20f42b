"""What a model has read of a conversation, kept so that its next turn is read from where it differs."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import transformers

from hfshell.api.cancel import CancelToken

if TYPE_CHECKING:
    from typing import Literal

_CAN_CUT = hasattr(transformers.DynamicCache, "is_croppable")
"""Before transformers 5.17 no cache says whether it can be cut back: all is read anew."""


class Reading:
    """Keys and values of tokens that a model has read, with the tokens themselves.

    A cache knows no tokens: one that is handed to a model with others than it was made of gives a wrong
    answer without an error. So the tokens stand beside it, and it is cut back to those that are the same.

    Attributes:
        reused: tokens of the last prompt that had been read before.
    """

    def __init__(self) -> None:
        self.reused = 0
        self._cache: Any = None
        self._ids: list[int] = []
        self._model: weakref.ref[Any] | None = None

    def begin(self, module: Any, ids: Sequence[int]) -> Any:
        """Return the cache for a prompt, cut back to what it shares with what was read.

        Until `keep` says what became of it nothing counts as read: whatever breaks the writing off leaves a
        cache that nobody knows the tokens of.

        Args:
            module: the model; what another read is of no use to it.
            ids: all tokens of the prompt.
        """
        cache, read = self._cache, self._ids
        same = self._model is not None and self._model() is module
        self.forget()
        self._model = weakref.ref(module)
        # One token at least must be read, to go on from.
        shared = _shared(read, ids[:-1]) if same and _CAN_CUT else 0
        if not shared or not _cut(cache, len(read) - shared):
            cache, shared = transformers.DynamicCache(config=module.config), 0
            if _CAN_CUT and any(cache.is_sliding):
                cache.activate_past_recording()  # else nothing can be cut back once the window is full
        self.reused, self._cache = shared, cache
        return cache

    def keep(self, ids: Sequence[int]) -> None:
        """Say which tokens the model has now read or written; the last one written was not read.

        Without any, all is forgotten.
        """
        read = self._cache.get_seq_length() if ids and self._cache is not None else 0
        if 0 < read <= len(ids):
            self._ids = list(ids[:read])
        else:
            self.forget()  # there is none, or one of a kind that is not understood here

    def forget(self) -> None:
        """Let go of the memory."""
        self._cache, self._ids, self._model, self.reused = None, [], None, 0


def _shared(before: Sequence[int], after: Sequence[int]) -> int:
    pairs = zip(before, after, strict=False)
    return next(
        (place for place, pair in enumerate(pairs) if pair[0] != pair[1]), min(len(before), len(after))
    )


def _cut(cache: Any, surplus: int) -> bool:
    """Take the last tokens out of a cache; return False where its kind cannot do that."""
    if surplus and not cache.is_croppable:
        return False
    try:
        cache.crop(-surplus)
    except (RuntimeError, ValueError, NotImplementedError):
        return False
    return True


@dataclass
class Turn:
    """One reply of a conversation: what its writer is given, and what it says of it.

    Attributes:
        reading: what was read for the turns before.
        stopped: set by Ctrl-C: the reply ends after its next token, and is kept.
        prompt_tokens, reused_tokens, tokens: of the prompt, of these read before, and of the reply; None
            where nobody counted them.
        finish_reason: why the reply ended; None where nobody said.
    """

    reading: Reading = field(default_factory=Reading)
    stopped: CancelToken = field(default_factory=CancelToken)
    prompt_tokens: int | None = None
    reused_tokens: int | None = None
    tokens: int | None = None
    finish_reason: Literal["stop", "length", "interrupted"] | None = None
