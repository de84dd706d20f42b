"""Columns of other shapes, read as those that tasks know, and said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.roles import Role
from hfshell.api.tagging import spans_of
from hfshell.data import DataSet
from hfshell.errors import DataError
from tests.data.reading import ROLES, all_rows, findings, read, write_json_lines

TRANSLATING = (Role.text("source", name="source"), Role.text("target", name="target", target=True))
COMPLETING = (
    Role.text("prompt", name="prompt"),
    Role.text("completion", name="completion", target=True),
)
CHATTING = (Role.messages(),)
TAGGING = (Role.tokens(), Role.tags())
CHOOSING = (Role.text("question", name="question"), Role.choices(), Role.index())
ANSWERING = (
    Role.text("question", name="question"),
    Role.text("context", name="context"),
    Role.answers(),
)
EN, DE = "a dog is running along the beach", "ein Hund rennt am Strand entlang"


def lines(folder: Path, rows: Sequence[dict[str, Any]], roles: Sequence[Role], **options: Any) -> DataSet:
    path = write_json_lines(folder / "t.jsonl", rows)
    return read(path, roles=roles, validation=0.0, test=0.0, **options)


def first(dataset: DataSet) -> dict[str, Any]:
    return all_rows(dataset)[0]


EXCHANGE = ({"role": "user", "content": "Say hi.\n\nloudly"}, {"role": "assistant", "content": "HI"})
ASKED = ({"role": "user", "content": "Say hi."}, {"role": "assistant", "content": "Hi."})


@pytest.mark.parametrize(
    ("row", "roles", "seen"),
    [
        ({"translation": {"de": DE, "en": EN}}, TRANSLATING, {"source": EN, "target": DE}),
        ({"translation": {"fr": "oui", "de": DE}}, TRANSLATING, {"source": "oui", "target": DE}),
        ({"id": 1, "de_DE": DE, "en_US": EN}, TRANSLATING, {"source": EN, "target": DE}),
        (
            {"conversations": [{"from": "human", "value": "Say hi."}, {"from": "gpt", "value": "Hi."}]},
            CHATTING,
            {"messages": ASKED},
        ),
        ({"conversation": list(ASKED)}, CHATTING, {"messages": ASKED}),
        ({"instruction": "Say hi.", "input": "loudly", "output": "HI"}, CHATTING, {"messages": EXCHANGE}),
        (
            {"instruction": "Say hi.", "input": "", "output": "Hi."},
            COMPLETING,
            {"prompt": "Say hi.", "completion": "Hi."},
        ),
        ({"instruction": "Say hi.", "response": "Hi."}, CHATTING, {"messages": ASKED}),
        ({"prompt": "Say hi.", "response": "Hi."}, COMPLETING, {"prompt": "Say hi.", "completion": "Hi."}),
        ({"prompt": "Say hi.", "completion": "Hi."}, CHATTING, {"messages": ASKED}),
        (
            {"question": "q?", "choices": {"text": ["x", "y"], "label": ["1", "2"]}, "answerKey": "2"},
            CHOOSING,
            {"question": "q?", "choices": ("x", "y"), "label": 1},
        ),
        (
            {
                "question": "q?",
                "choices": [{"label": "A", "text": "x"}, {"label": "B", "text": "y"}],
                "answer": "B",
            },
            CHOOSING,
            {"question": "q?", "choices": ("x", "y"), "label": 1},
        ),
        (
            {"question": "q?", "ending0": "x", "ending1": "y", "ending2": "z", "label": 2},
            CHOOSING,
            {"question": "q?", "choices": ("x", "y", "z"), "label": 2},
        ),
        (
            {"premise": "It fell.", "question": "cause", "choice1": "x", "choice2": "y", "label": 0},
            CHOOSING,
            {"question": "It fell because", "choices": ("x", "y"), "label": 0},
        ),
        (
            {"premise": "It fell.", "question": "effect", "choices": ["x", "y"], "label": 1},
            CHOOSING,
            {"question": "It fell so", "choices": ("x", "y"), "label": 1},
        ),
        (
            {"question": "who?", "context": "Zoë, then Ada. Ada!", "answer": "Ada"},
            ANSWERING,
            {
                "question": "who?",
                "context": "Zoë, then Ada. Ada!",
                "answers": {"text": ["Ada"], "answer_start": [10]},
            },
        ),
    ],
)
def test_read_as(tmp_path: Path, row: dict[str, Any], roles: Sequence[Role], seen: dict[str, Any]) -> None:
    """Each shape gives a task what it knows, and the columns of the file stay."""
    dataset = lines(tmp_path, [row, row], roles)
    dataset.require(roles)
    assert first(dataset) == seen
    assert set(row) <= set(dataset.columns)


def test_what_was_read_is_said(tmp_path: Path) -> None:
    """Nobody has to guess how the columns were understood."""
    said = findings(lines(tmp_path, [{"en": EN, "de": DE}] * 2, TRANSLATING))["read-as"]
    assert said == "columns en and de read as a translation: source en, target de"


@pytest.mark.parametrize("words", [{"source": "de"}, {"target": "en"}, {"source": "de", "target": "en"}])
def test_the_user_says_the_direction(tmp_path: Path, words: dict[str, str]) -> None:
    """One word turns a translation around."""
    assert first(lines(tmp_path, [{"en": EN, "de": DE}], TRANSLATING, map=words)) == {
        "source": DE,
        "target": EN,
    }


def test_languages_are_no_labels(tmp_path: Path) -> None:
    """That a column was read as the target of a translation makes it no label."""
    rows = [{"en": f"{EN} {n}", "de": f"{DE} {n}"} for n in range(4)]
    assert lines(tmp_path, rows, ROLES).roles.column("label") is None


def test_names_that_look_like_languages(tmp_path: Path) -> None:
    """Numbers under `id` and `no` are no languages."""
    rows = [{"id": f"a{n}", "no": n, "text": EN} for n in range(4)]
    assert "read-as" not in findings(lines(tmp_path, rows, ROLES))


@pytest.mark.parametrize(
    ("column", "entities"),
    [
        ("entities", [{"start": 0, "end": 12, "label": "PER"}, {"start": 22, "end": 24, "label": "LOC"}]),
        ("spans", [{"start": 22, "end": 24, "type": "LOC"}, {"start": 0, "end": 12, "type": "PER"}]),
        ("label", [[0, 12, "PER"], [22, 24, "LOC"]]),
    ],
)
def test_entities_at_offsets(tmp_path: Path, column: str, entities: list[Any]) -> None:
    """Entities become tags of the words and signs they hold, in whatever order they come."""
    row = {"text": "Ada Lovelace lived in 東京, UK.", column: entities}
    seen = first(lines(tmp_path, [row, row], TAGGING))
    assert seen["tokens"] == ("Ada", "Lovelace", "lived", "in", "東", "京", ",", "UK", ".")
    marked = [(seen["tokens"][span.start : span.end], span.label) for span in spans_of(seen["tags"])]
    assert marked == [(("Ada", "Lovelace"), "PER"), (("東", "京"), "LOC")]


def test_an_entity_inside_a_word(tmp_path: Path) -> None:
    """A word is cut where an entity ends in it: none is lost, and none grows."""
    row = {"text": "Londoners", "entities": [{"start": 0, "end": 6, "label": "LOC"}]}
    assert first(lines(tmp_path, [row], TAGGING)) == {"tokens": ("London", "ers"), "tags": ("B-LOC", "O")}


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([[0, 3, "A"], [2, 5, "B"]], "a A and a B overlap at 'e'"),
        ([[0, 99, "A"]], "the A at 0 to 99 is not within the 13 characters"),
        ([[3, 4, "A"]], "holds no word"),
    ],
)
def test_entities_that_cannot_be_tags(tmp_path: Path, entities: list[Any], reason: str) -> None:
    """What tags cannot say is a fault of its row, with its line."""
    rows = [{"text": "one two three", "entities": [[0, 3, "A"]]}] * 2
    dataset = lines(tmp_path, [*rows, {"text": "one two three", "entities": entities}], TAGGING)
    with pytest.raises(DataError, match=reason) as caught:
        dataset.require(TAGGING)
    assert caught.value.place is not None
    assert caught.value.place.line == 3


@pytest.mark.parametrize(
    ("row", "roles", "reason"),
    [
        ({"conversations": [{"from": "elf", "value": "x"}]}, CHATTING, "message 1 is from 'elf'"),
        ({"conversations": [{"from": "human"}]}, CHATTING, "message 1 has no content"),
        (
            {"question": "who?", "context": "Zoë and Ada", "answer": "Eve"},
            ANSWERING,
            "'Eve' does not stand in its context",
        ),
        (
            {"question": "q?", "choices": {"text": ["x", "y"], "label": ["A", "B"]}, "answerKey": "E"},
            CHOOSING,
            "'E' is the label of no choice: they are A, B",
        ),
    ],
)
def test_what_cannot_be_read_so(
    tmp_path: Path, row: dict[str, Any], roles: Sequence[Role], reason: str
) -> None:
    """A row that has not the shape of the others is named, and not passed over."""
    good: dict[str, Any] = {
        "conversations": [{"from": "human", "value": "a"}, {"from": "gpt", "value": "b"}],
        "question": "who?",
        "context": "Zoë and Ada",
        "answer": "Ada",
        "choices": {"text": ["x", "y"], "label": ["A", "B"]},
        "answerKey": "A",
    }
    usual = {name: good[name] for name in row}
    dataset = lines(tmp_path, [usual, usual, row], roles)
    with pytest.raises(DataError, match=reason) as caught:
        dataset.require(roles)
    assert caught.value.place is not None
    assert caught.value.place.line == 3


def test_the_task_that_uses_most_of_the_data(tmp_path: Path) -> None:
    """A question with its choices is no text with a label; a text with a label is no text alone."""
    rows = [
        {"question": f"what happened {n} times?", "choices": ["x", "y"], "label": n % 2} for n in range(6)
    ]
    tasks = [(Role.text(),), ROLES, CHOOSING]
    path = write_json_lines(tmp_path / "t.jsonl", rows)
    assert read(path, tasks=tasks).is_for(tasks) == [False, False, True]
    assert read(path, tasks=tasks[:2]).is_for(tasks[:2]) == [False, True]
    said = read(path, tasks=tasks, map={"text": "question"})
    assert said.is_for(tasks) == [True, True, True]


def test_a_strangers_task_displaces_none_of_ours(tmp_path: Path) -> None:
    """What a line means must not change when somebody's plugin is installed, however much it makes of it."""
    rows = [
        {"text": f"the {number}th message", "label": "ab"[number % 2], "tone": f"the {number}th kind of tone"}
        for number in range(20)
    ]
    theirs = (*ROLES, Role.text("tone", name="tone"))
    dataset = read(write_json_lines(tmp_path / "t.jsonl", rows), tasks=(ROLES, theirs))
    assert dataset.is_for((ROLES, theirs)) == [False, True]
    assert dataset.is_for((ROLES, theirs), own=(True, False)) == [True, True]
    assert dataset.is_for((ROLES, theirs), own=(False, False)) == [False, True]
