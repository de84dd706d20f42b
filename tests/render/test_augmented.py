"""A data set with more rows on the screen."""

from __future__ import annotations

from hfshell.api.results import AugmentedData, AugmentedText, SplitSummary
from tests.render.screens import text_of


def test_what_was_made_and_what_was_dropped() -> None:
    """The number that matters, the splits, why texts were dropped, and texts before and after."""
    shown = text_of(
        AugmentedData(
            name="big",
            source="tickets",
            method="words",
            columns=("message",),
            rows=1119,
            unchanged=0,
            repeated=13,
            leaking=2,
            splits=(SplitSummary("train", 1693), SplitSummary("test", 72)),
            examples=(AugmentedText("where is my parcel", "is my parcel"),),
            fingerprint="f",
            seconds=0.1,
        )
    )
    assert "1,119 rows" in shown
    assert "train 1,693" in shown
    assert "13 already in train" in shown
    assert "2 in validation or test" in shown
    assert "unchanged" not in shown
    assert shown.index("where is my parcel") < shown.rindex("is my parcel")
