"""A text while it is written: pieces for whoever watches, at a cost that grows with its length alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tokenizers.decoders import DecodeStream
from transformers.generation import BaseStreamer

from hfshell.api.events import Written

if TYPE_CHECKING:
    from collections.abc import Callable

    from hfshell.api.events import Event

_SECONDS_BETWEEN = 0.05


class PieceStreamer(BaseStreamer):  # type: ignore[misc] # transformers is not typed
    """Emits what `generate` writes, at most twenty times a second; for one row, and one beam.

    Args:
        processor: a fast tokenizer.
        emit: who is told.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        processor: Any,
        emit: Callable[[Event], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokenizer = processor.backend_tokenizer
        self._stream = DecodeStream(skip_special_tokens=True)
        self._emit = emit
        self._clock = clock
        self._pieces: list[str] = []
        self._said = clock()
        self._prompt_is_due = True

    def put(self, value: Any) -> None:
        """Take in the prompt, then each token."""
        if self._prompt_is_due:
            self._prompt_is_due = False
            return
        for token in value.reshape(-1).tolist():
            piece = self._stream.step(self._tokenizer, token)  # None within a character
            if piece:
                self._pieces.append(piece)
        if self._clock() - self._said >= _SECONDS_BETWEEN:
            self._flush()

    def end(self) -> None:
        """Emit what is left."""
        self._flush()

    def _flush(self) -> None:
        if self._pieces:
            self._emit(Written("".join(self._pieces)))
        self._pieces, self._said = [], self._clock()
