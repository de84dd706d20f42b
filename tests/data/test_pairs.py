"""Two texts that make a pair are found together, by names that go together."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.api import Role
from hfshell_tasks.sentence_pairs import _NAMES, LABEL
from tests.data.reading import read
from tests.data.test_roles import PROSE, roles, table

PAIR = LABEL.roles
OTHER = f"another {PROSE}"


@pytest.mark.parametrize("names", _NAMES, ids="-".join)
def test_usual_pairs(tmp_path: Path, names: tuple[str, str]) -> None:
    """Each usual pair of names is found, the first as the first."""
    path = table(tmp_path, ["id", names[1], names[0], "label"], ["{}", OTHER, PROSE, "x|y"])
    assert roles(path, roles=PAIR) == [
        ("first", names[0], "name"),
        ("second", names[1], "name"),
        ("label", "label", "name"),
    ]


@pytest.mark.parametrize(
    "columns",
    [("premise", "sentence2"), ("question", "hypothesis"), ("sentence1", "answer"), ("text", "title")],
)
def test_names_of_two_pairs_are_no_pair(tmp_path: Path, columns: tuple[str, str]) -> None:
    """A premise beside an answer is something else: nothing is guessed."""
    path = table(tmp_path, [*columns, "label"], [PROSE, OTHER, "x|y"])
    found = read(path, roles=PAIR).roles.by_role
    assert "first" not in found
    assert "second" not in found


def test_the_better_pair_of_two(tmp_path: Path) -> None:
    """Files of NLI have parses beside their sentences; the pair that stands first is read."""
    path = table(
        tmp_path,
        ["premise", "hypothesis", "sentence1", "sentence2", "label"],
        [OTHER, OTHER, PROSE, PROSE, "x|y"],
    )
    assert read(path, roles=PAIR).roles.by_role["first"] == "sentence1"


def test_the_users_word_goes_before_names(tmp_path: Path) -> None:
    """A column that is mapped has a partner by any usual name."""
    path = table(tmp_path, ["q", "answer", "label"], [PROSE, OTHER, "x|y"])
    found = read(path, roles=PAIR, map={"first": "q"})
    assert found.roles.by_role == {"first": "q", "second": "answer", "label": "label"}


def test_texts_without_a_pair_are_found_as_ever(tmp_path: Path) -> None:
    """The rule is for texts that say that they make a pair."""
    free = (Role.text("premise", name="first"), Role.text("answer", name="second"), Role.label())
    path = table(tmp_path, ["premise", "answer", "label"], [PROSE, OTHER, "x|y"])
    assert read(path, roles=free).roles.by_role["second"] == "answer"
