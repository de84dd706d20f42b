"""Edited texts: what may change in them, what may not, and which of them become rows."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from hfshell.api.roles import Role
from hfshell.data import DataOptions, DataSet, load_data
from hfshell.data.augmentation import augmented, edited, hide, texts_of, write
from hfshell.data.augmentation.words import between_blanks, is_negation, of_letters

TEXT = "The parcel arrived late and the box was badly broken on one side"
TASKS = ((Role.text(), Role.label()),)


def many(text: str, rate: float = 0.2) -> list[str]:
    """Edit a text two hundred times."""
    draw = random.Random(3)
    return [edited(text, rate, draw) for _ in range(200)]


def test_edits_only_move_and_drop_words() -> None:
    """No word is made up, none stands twice that stood once, and at least half of them stay."""
    before = Counter(TEXT.split())
    for text in many(TEXT):
        after = Counter(text.split())
        assert after <= before
        assert after.total() >= before.total() / 2
        assert text == text.strip()
        assert "  " not in text


def test_both_edits_happen() -> None:
    """Some texts have the same words in another order, and some have fewer."""
    lengths = Counter(len(text.split()) for text in many(TEXT))
    assert set(lengths) == {10, 13}
    assert min(lengths.values()) > 50


def test_rate_says_how_much_changes() -> None:
    """A higher rate drops more words; a tiny one still drops one."""
    assert min(len(text.split()) for text in many(TEXT, 0.01)) == 12
    assert min(len(text.split()) for text in many(TEXT, 0.4)) == 8


@pytest.mark.parametrize(
    "text",
    [
        "the film was not very good at all and far too long",
        "it isn't worth the money however nice the box looks",
        "der Film war nicht besonders gut und auch viel zu lang",
    ],
)
def test_negations_stay_with_what_they_negate(text: str) -> None:
    """A negation is neither dropped nor moved, nor are the three words behind it: the label would turn."""
    words = text.split()
    place = next(number for number, word in enumerate(words) if is_negation(word))
    kept = " ".join(words[place : place + 4])
    changed = many(text, 0.4)
    assert all(kept in edit for edit in changed)
    assert any(edit != text for edit in changed)


@pytest.mark.parametrize("word", ["not", "Don't", "doesn’t", "never,", "kein", "nicht", "pas", "无"])
def test_negations(word: str) -> None:
    """They are known with a mark behind them, and with either apostrophe."""
    assert is_negation(word)


@pytest.mark.parametrize("word", ["note", "nothingness", "know", "tent"])
def test_no_negations(word: str) -> None:
    """What only contains one is none."""
    assert not is_negation(word)


@pytest.mark.parametrize("text", ["", "   ", "fine", "not good", "很好"])
def test_text_without_free_words_stays(text: str) -> None:
    """There is nothing to swap or to leave out."""
    assert set(many(text)) == {text}


def test_same_seed_same_edits() -> None:
    """What is made once can be made again."""
    assert many(TEXT) == many(TEXT)


def test_blanks_between_words_stay() -> None:
    """Lines and indentation are part of a text."""
    text = "one two\n  three\tfour"
    swapped = [edit for edit in many(text) if len(edit.split()) == 4]
    assert swapped
    assert {re.sub(r"\S+", "w", edit) for edit in swapped} == {"w w\n  w\tw"}


def test_words_of_letters() -> None:
    """Marks and digits are no words; in Chinese each character is one."""
    assert [word.text for word in of_letters("It's 3.5 km, isn't it?")] == ["It's", "km", "isn't", "it"]
    assert [word.text for word in of_letters("房间很大 room")] == ["房", "间", "很", "大", "room"]
    assert [word.fixed for word in between_blanks("good but not so very nice in all")] == [
        False, False, True, True, True, True, False, False,
    ]  # fmt: skip


def test_hidden_words_and_others_in_their_place() -> None:
    """Masks stand exactly where words stood; what is put there is a word, another one, and written alike."""
    hidden = hide("Great service!", 0.5, random.Random(0))
    (word,) = hidden.words
    assert hidden.masked("[MASK]") == f"{hidden.text[: word.start]}[MASK]{hidden.text[word.end :]}"
    one = hide("Great!", 0.5, random.Random(0))
    proposals = [
        {"token_str": text, "score": score}
        for text, score in (("great", 0.5), ("##ly", 0.2), (".", 0.2), ("never", 0.2), (" fine", 0.1))
    ]
    assert one.filled(proposals, random.Random(1)) == "Fine!"
    assert one.filled(proposals[:4], random.Random(1)) == "Great!"


def test_several_hidden_words_have_each_their_own() -> None:
    """The proposals for each mask are for the word that stood there."""
    hidden = hide("red green", 0.5, random.Random(0))
    assert len(hidden.words) == 1
    both = hide("red green", 1.0, random.Random(0))
    found = [[{"token_str": "one", "score": 1.0}], [{"token_str": "two", "score": 1.0}]]
    assert both.filled(found, random.Random(0)) == "one two"


def test_negated_words_are_not_hidden() -> None:
    """A model would put the opposite there, or take the negation away."""
    for seed in range(50):
        hidden = hide("it was not a good day for all of us", 0.4, random.Random(seed))
        assert not {word.text for word in hidden.words} & {"not", "a", "good", "day"}


@pytest.mark.parametrize(
    "text", ["my ___ was late", "my [MASK] was late", "my <mask> was late", "my <|m|> was"]
)
def test_a_text_with_a_mask_of_its_own_stays(text: str) -> None:
    """A model would fill that one too, and its words would be taken for others."""
    hidden = hide(text, 0.5, random.Random(0), "<|m|>")
    assert not hidden.words
    assert hidden.text == text


@pytest.fixture
def dataset(tmp_path: Path) -> DataSet:
    """Three training rows, one of validation and one of test; a column that no task wants."""
    splits: dict[str, list[tuple[str, str, float | None]]] = {
        "train": [("red green", "a", 7), ("one two three", "b", None), ("alpha beta", "a", 1.5)],
        "validation": [("two one three", "b", 0)],
        "test": [("Green  red", "a", 0)],
    }
    for split, rows in splits.items():
        lines = [json.dumps({"text": text, "label": label, "extra": extra}) for text, label, extra in rows]
        (tmp_path / f"{split}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return load_data([str(tmp_path)], DataOptions(), TASKS)


def test_texts_of_other_splits_are_dropped(dataset: DataSet) -> None:
    """An edited text that is measured on would be trained on; so would one in other case and spacing."""
    made = [(0, ("green red",)), (1, ("two one three",)), (1, ("three two one",))]
    new = augmented(dataset, ("text",), made)
    assert new.made == ((1, ("three two one",)),)
    assert (new.leaking, new.repeated, new.unchanged) == (2, 0, 0)
    guard = new.leaks()
    assert guard is not None
    assert (guard.name, guard.count) == ("leakage", 2)


def test_texts_that_are_there_are_dropped(dataset: DataSet) -> None:
    """Neither what did not change nor what train has is a new row, nor is the same new text twice."""
    made = [(0, ("red  green",)), (0, ("",)), (0, ("alpha beta",)), (1, ("one three",)), (1, ("One three",))]
    new = augmented(dataset, ("text",), made)
    assert new.made == ((1, ("one three",)),)
    assert (new.leaking, new.repeated, new.unchanged) == (0, 2, 2)
    assert new.leaks() is None


def test_written_rows_are_read_again(dataset: DataSet, tmp_path: Path) -> None:
    """All columns and values stay, new rows stand behind the old ones, and no other split has changed."""
    new = augmented(dataset, ("text",), [(1, ("three one",)), (2, ("beta alpha",))])
    folder = write(dataset, new, tmp_path / "kept")
    again = load_data([str(folder)], DataOptions(validation=0.0, test=0.0), TASKS)
    before, after = texts_of(dataset, "train", ("text",)), texts_of(again, "train", ("text",))
    assert after == [*before, ("three one",), ("beta alpha",)]
    assert [row["label"] for row in again.train] == ["a", "b", "a", "b", "a"]
    assert again.loaded.parts["train"].rows.cells("extra") == [7, None, 1.5, None, 1.5]
    for split in ("validation", "test"):
        assert list(again.split(split)) == list(dataset.split(split))
    assert write(dataset, new, tmp_path / "kept") == folder
