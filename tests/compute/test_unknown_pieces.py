"""Texts in a script that the tokenizer does not know: all look alike to the model, and get a sure answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.api import LoadedModel, Refused
from hfshell.compute.unknown_pieces import UnknownPieces
from hfshell.testing.tiny_bert import tokenizer
from tests.compute.classify import Classify, Data, Surroundings, rows

CHINESE = ({"text": "酒店很好"}, {"text": "房间太差"})


def test_unreadable_texts_are_refused_before_anything_is_computed(
    trained: LoadedModel, context: Surroundings
) -> None:
    """Texts of unknown tokens alone are no question to the model."""
    with pytest.raises(Refused) as refused:
        list(Classify().predict(trained, CHINESE, None, context))
    assert refused.value.guard == "unknown-tokens"
    assert "100%" in refused.value.message


def test_without_the_guard_opposite_texts_get_one_answer(trained: LoadedModel, context: Surroundings) -> None:
    """What it protects from: praise and blame are the same, with the same score. Allowed, it is recorded."""
    context.allowed = frozenset({"unknown-tokens"})
    praise, blame = Classify().predict(trained, CHINESE, None, context)
    assert praise == blame
    assert [(guard.name, guard.count) for guard in context.guards] == [("unknown-tokens", 8)]


def test_training_on_unreadable_texts_is_refused(base: LoadedModel, context: Surroundings) -> None:
    """There is nothing to learn from texts that are all the same."""
    data = Data(train=[{**CHINESE[number % 2], "label": row["label"]} for number, row in enumerate(rows())])
    with pytest.raises(Refused) as refused:
        Classify().finetune(base, data, None, context)
    assert refused.value.guard == "unknown-tokens"


def test_readable_texts_are_nothing_to_speak_of(trained: LoadedModel, context: Surroundings) -> None:
    """Whatever the tokenizer knows in pieces it knows."""
    list(Classify().predict(trained, [{"text": "my zebra was charged"}], None, context))
    assert context.guards == []


def counted(*texts: str) -> UnknownPieces:
    words = tokenizer()
    pieces = UnknownPieces(words)
    for text in texts:
        pieces.count({"input_ids": words(text)["input_ids"]})
    return pieces


@pytest.mark.parametrize(
    ("unknown", "severity"), [(1, None), (2, "warn"), (6, "warn"), (7, "refuse"), (20, "refuse")]
)
def test_shares_at_which_it_speaks(unknown: int, severity: str | None) -> None:
    """Above 5 % it warns, above 30 % it refuses; marks at both ends of a text do not count."""
    guard = counted(" ".join(["酒"] * unknown + ["card"] * (20 - unknown))).guard()
    assert (guard.severity if guard else None) == severity


def test_one_text_of_many_that_is_unreadable_is_said() -> None:
    """A share over all rows hides the row that was read as nothing at all."""
    guard = counted(*["my card was charged twice"] * 40, "酒店").guard()
    assert guard is not None
    assert (guard.severity, guard.count) == ("warn", 1)


def test_choices_are_counted_too() -> None:
    """Features that are lists of choices have lists of tokens."""
    pieces = UnknownPieces(tokenizer())
    pieces.count({"input_ids": [[2, 1, 3], [2, 1, 1, 3]]})
    guard = pieces.guard()
    assert guard is not None
    assert guard.count == 3


def test_an_unknown_token_that_means_something_else_is_not_asked() -> None:
    """GPT-2 ends a text with the token that it calls unknown."""
    words = tokenizer()
    words.eos_token = words.unk_token
    pieces = UnknownPieces(words)
    pieces.count({"input_ids": [1, 1, 1]})
    assert pieces.guard() is None


def test_what_has_no_tokens_has_no_unknown_ones(tmp_path: Path) -> None:
    """Images have no text."""
    pieces = UnknownPieces(object())
    pieces.count({"pixel_values": [0.0]})
    assert pieces.guard() is None
