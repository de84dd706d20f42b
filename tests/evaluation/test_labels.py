from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.errors import Refused, UsageError
from hfshell.evaluation.labels import label_map_text, match_labels, parse_label_map

MODEL = ("billing", "refunds", "account", "card arrival")


def test_equal_names_match_in_any_order_and_number() -> None:
    """Position says nothing; the data may have fewer labels than the model."""
    assert match_labels(MODEL, ("refunds", "billing")) == {"refunds": "refunds", "billing": "billing"}


def test_names_match_but_for_case_spaces_and_underscores() -> None:
    """The spellings that people and tools exchange for each other are one name."""
    for spelling in ("Card_Arrival", "card-arrival", "CARD ARRIVAL", "cardArrival", " card  arrival "):
        assert match_labels(MODEL, (spelling,)) == {spelling: "card arrival"}
    assert match_labels(("cafe\u0301",), ("CAF\u00c9",)) == {"CAF\u00c9": "cafe\u0301"}


def test_exact_name_goes_before_a_similar_one() -> None:
    """A model that knows both `Yes` and `yes` is asked for the one that was written."""
    assert match_labels(("Yes", "yes"), ("yes",)) == {"yes": "yes"}


def test_name_that_fits_two_labels_is_refused() -> None:
    """A guess between two would be a silent wrong answer."""
    with pytest.raises(Refused):
        match_labels(("Yes", "yes"), ("YES",))


def test_disagreement_is_refused_with_both_sides_and_the_way_out() -> None:
    """Names against numbers: what each side says, and a map to start from."""
    with pytest.raises(Refused) as raised:
        match_labels(MODEL, ("0", "1", "2", "3"))
    error = raised.value
    assert (error.guard, error.exit_code) == ("labels", 4)
    assert error.message == "the model knows {billing, refunds, account, …}, the data says {0, 1, 2, …}"
    assert error.hint == "map them with --label-map 0=billing,1=refunds,…   or   --allow labels"


def test_one_unknown_label_is_named() -> None:
    """When most labels match, the one that does not is what people need to see."""
    with pytest.raises(Refused) as raised:
        match_labels(MODEL, ("billing", "returns"))
    assert "{returns}" in raised.value.message
    assert raised.value.hint == "map them with --label-map returns=refunds   or   --allow labels"


def test_model_without_label_names_is_refused() -> None:
    """LABEL_0, LABEL_1 are no names, and are never matched by position."""
    with pytest.raises(Refused, match="names no labels"):
        match_labels((), ("billing",))


def test_allowed_disagreement_keeps_the_data_label() -> None:
    """On the user's word the rows are measured, and can only be wrong."""
    assert match_labels(MODEL, ("billing", "returns"), allowed=True) == {
        "billing": "billing",
        "returns": "returns",
    }


def test_map_goes_before_names() -> None:
    """The user's word is the last one, also against a name that would match."""
    mapped = match_labels(MODEL, ("billing", "0"), {"0": "billing", "billing": "refunds"})
    assert mapped == {"billing": "refunds", "0": "billing"}


def test_map_may_leave_out_what_matches_by_name() -> None:
    """Only the labels that differ need to be mapped."""
    assert match_labels(MODEL, ("billing", "returns"), {"returns": "refunds"})["returns"] == "refunds"


def test_map_with_unknown_labels_is_an_error_on_either_side() -> None:
    """A misspelt label in the map is told with the nearest one."""
    with pytest.raises(UsageError) as raised:
        match_labels(MODEL, ("0",), {"0": "biling"})
    assert raised.value.hint == "did you mean billing?"
    with pytest.raises(UsageError, match="zero"):
        match_labels(MODEL, ("0",), {"zero": "billing"})


def test_label_map_is_read() -> None:
    """Pairs at commas, spaces trimmed, separators kept with a backslash."""
    assert parse_label_map("0=billing, 1 = card arrival") == {"0": "billing", "1": "card arrival"}
    assert parse_label_map(r"a\,b=c\=d") == {"a,b": "c=d"}


@pytest.mark.parametrize("text", ["", "0", "0=", "=billing", "0=a=b", "0=a,,1=b", "0=a,"])
def test_broken_label_map_is_a_usage_error(text: str) -> None:
    """A part that is no pair is an error, not skipped."""
    with pytest.raises(UsageError, match="DATA=MODEL"):
        parse_label_map(text)


def test_label_mapped_twice_is_a_usage_error() -> None:
    """Two answers for one label are no answer."""
    with pytest.raises(UsageError, match="twice"):
        parse_label_map("0=a,0=b")


names = st.text(st.characters(exclude_characters="\\", exclude_categories=["Cs", "Cc", "Z"]), min_size=1)


@given(st.dictionaries(names, names, min_size=1, max_size=5))
def test_written_label_map_reads_back(pairs: dict[str, str]) -> None:
    """The map that a hint offers is one that the option takes, whatever the labels hold."""
    (word,) = shlex.split(label_map_text(list(pairs.items())))
    assert parse_label_map(word) == pairs
