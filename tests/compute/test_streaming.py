"""A text that is watched while it is written: in whole characters, and all of it."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from hfshell.api import GenerationOptions, LoadedModel, Written
from hfshell.compute.streaming import PieceStreamer
from tests.compute.classify import Options, Surroundings
from tests.compute.test_constraints import Constrained, model
from tests.models.talking import bytes_tokenizer

__all__ = ["model"]


def streamed(text: str, seconds: float, stops: tuple[str, ...] = ()) -> list[str]:
    """The pieces of a text, each token so many seconds after the last."""
    words, events, now = bytes_tokenizer(), [], [0.0]
    streamer = PieceStreamer(words, events.append, stops, lambda: now[0])
    streamer.put(torch.tensor([words("the prompt")["input_ids"]]))
    for token in words(text)["input_ids"]:
        now[0] += seconds
        streamer.put(torch.tensor([token]))
    streamer.end()
    return [event.text for event in events]


@pytest.mark.parametrize("seconds", [0.0, 0.02, 1.0])
def test_pieces_are_the_text(seconds: float) -> None:
    """None is lost, none is half a character, and the prompt is no part of it."""
    text = "größer 你好 🙂\n  end"
    assert "".join(streamed(text, seconds)) == text
    assert all("\ufffd" not in piece for piece in streamed(text, seconds))


def test_pieces_come_twenty_times_a_second_at_most() -> None:
    """However quick the model is, the screen has time."""
    assert len(streamed("a" * 1000, 0.001)) <= 21
    assert len(streamed("abc", 1.0)) == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [("abc END def", "abc "), ("abc EN", "abc EN"), ("abEENDd", "abE"), ("EN E END", "EN E "), ("STOP", "")],
)
def test_what_ends_the_writing_is_not_told(text: str, told: str) -> None:
    """Not even its beginning, until it is known to be none."""
    assert "".join(streamed(text, 1.0, ("END", "STOP"))) == told


def written(model: LoadedModel, texts: tuple[str, ...], **options: Any) -> tuple[str, str]:
    context = Surroundings(command=Options(max_length=None))
    given = GenerationOptions(max_new_tokens=20, **options)
    (first, *_) = Constrained().predict(model, [{"text": text} for text in texts], given, context)
    return "".join(event.text for event in context.events if isinstance(event, Written)), first.text


def test_one_row_is_told_while_it_is_written(model: LoadedModel) -> None:
    """What is told is what the result has; of several rows, and of beams, nothing is told."""
    told, text = written(model, ("my card",), regex="[a-f]{12}")
    assert told == text
    assert written(model, ("my card", "where is my parcel, please?"), regex="[a-f]{12}")[0] == ""
    assert written(model, ("my card",), regex="[a-f]{12}", num_beams=2)[0] == ""
