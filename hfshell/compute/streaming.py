"""A text while it is written: pieces for whoever watches, at a cost that grows with its length alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tokenizers.decoders import DecodeStream
from transformers.generation import BaseStreamer

from hfshell.api.events import Written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hfshell.api.events import Event

_SECONDS_BETWEEN = 0.05


class PieceStreamer(BaseStreamer):  # type: ignore[misc] # transformers is not typed
    """Emits what `generate` writes, at most twenty times a second; for one row, and one beam.

    Args:
        processor: a fast tokenizer.
        emit: who is told.
        stops: texts that end the writing: they, and what begins like one, are not told.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        processor: Any,
        emit: Callable[[Event], None],
        stops: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tokenizer = processor.backend_tokenizer
        self._stream = DecodeStream(skip_special_tokens=True)
        self._emit = emit
        self._clock = clock
        self._stops = tuple(stops)
        self._held = ""  # what may be the beginning of a text that ends the writing
        self._stopped = False
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
                self._take(piece)
        if self._clock() - self._said >= _SECONDS_BETWEEN:
            self._flush()

    def end(self) -> None:
        """Emit what is left."""
        self._pieces.append(self._held)
        self._held = ""
        self._flush()

    def _take(self, piece: str) -> None:
        """Keep a piece, but for a text that ends the writing, and what may become one."""
        if self._stopped:
            return
        text = self._held + piece
        ends = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if ends:
            self._pieces.append(text[: min(ends)])
            self._held, self._stopped = "", True
            return
        held = max((_beginning(text, stop) for stop in self._stops), default=0)
        self._pieces.append(text[: len(text) - held])
        self._held = text[len(text) - held :]

    def _flush(self) -> None:
        if text := "".join(self._pieces):
            self._emit(Written(text))
        self._pieces, self._said = [], self._clock()


def _beginning(text: str, stop: str) -> int:
    """Return how many of a text's last characters are a beginning of another."""
    most = min(len(stop) - 1, len(text))
    return next((count for count in range(most, 0, -1) if text.endswith(stop[:count])), 0)
