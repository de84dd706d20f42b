from __future__ import annotations

from typing import Any

import pytest

from hfshell.evaluation.saying import said


@pytest.mark.parametrize(
    ("tags", "shown"),
    [
        (("B-PER", "I-PER", "O", "B-LOC"), "[Ada Lovelace]PER [Paris]LOC"),
        (["O", "O", "O", "O"], "no entity"),
        (("NOUN", "VERB", "X", "Y"), "NOUN VERB X Y"),
        (("B-PER",), "B-PER"),
    ],
)
def test_tags_are_said_by_what_they_mark(tags: Any, shown: str) -> None:
    """People see the entities, not as many tags as there are words; tags of other words stay tags."""
    assert said(tags, "tags", "Ada Lovelace in Paris") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"text": ["Ada", "Lovelace"], "answer_start": [0, 4]}, "Ada / Lovelace"),
        ({"text": [], "answer_start": []}, "no answer"),
        ("", "no answer"),
        ("Ada", "Ada"),
    ],
)
def test_answers_are_said_by_their_texts(value: Any, shown: str) -> None:
    """No answer is said in words, where an empty text would look like a fault."""
    assert said(value, "answers", "Who? | Ada Lovelace") == shown


def test_other_kinds_are_said_as_before() -> None:
    """A text is itself, even an empty one; whatever else there is is JSON."""
    assert said("", "text", "") == ""
    assert said([1, 2], "texts", "") == "[1,2]"


def test_of_several_references_each_is_shown() -> None:
    """A summary is held against the nearest of them, so all are right ones."""
    assert said(["ships leave", "a ship leaves"], "text", "") == "ships leave / a ship leaves"
