"""Relations: signs at the marks, which no cutting ever takes away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api import DataError, ModelError, ModelView
from hfshell.testing.tiny_bert import tokenizer as with_signs
from hfshell_tasks.relation_extraction.marked import marked
from hfshell_tasks.relation_extraction.task import RelationExtraction

VIEW = ModelView(with_signs())


def read(text: str, limit: int | None = None) -> tuple[str, int]:
    """Return what a model reads of a text, and how many tokens were cut."""
    (feature,) = RelationExtraction().encode([{"text": text}], ModelView(VIEW.processor, max_length=limit))
    return VIEW.processor.decode(feature["input_ids"]), feature.get("_truncated", 0)


@pytest.mark.parametrize(
    ("text", "written", "things"),
    [
        ("a <e1>b</e1> c <e2>d</e2>.", "a $ b $ c # d # .", ("$ b $", "# d #")),
        ("a <e1> b </e1> c <e2> d </e2> .", "a $ b $ c # d # .", ("$ b $", "# d #")),
        ("<e2>d</e2> by <e1>b</e1>", "# d # by $ b $", ("$ b $", "# d #")),
        ("<e1>酒店</e1>在<e2>北京</e2>", "$ 酒店 $ 在 # 北京 #", ("$ 酒店 $", "# 北京 #")),
    ],
)
def test_marks_become_signs(text: str, written: str, things: tuple[str, str]) -> None:
    """However they stand to the words; which thing is which is told by its sign, not by its place."""
    found = marked(text)
    assert found.text == written
    assert tuple(found.text[start:end] for start, end in found.things) == things


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a b c", "no <e1>"),
        ("<e1>a</e1> b", "no <e2>"),
        ("<e1>a</e1> <e2>b", "no </e2>"),
        ("<e1>a</e1> <e2>b</e2> <e1>c</e1>", "2 times"),
        ("</e1>a<e1> <e2>b</e2>", "before"),
    ],
)
def test_a_text_without_its_marks_is_no_question(text: str, why: str) -> None:
    """What is asked of whom is not guessed."""
    with pytest.raises(DataError, match=why) as raised:
        RelationExtraction().encode([{"text": text}], VIEW)
    assert "<e1>" in str(raised.value.hint)


def test_both_directions_are_different_questions() -> None:
    """The same words with the marks changed are read differently."""
    assert read("my <e1>card</e1> was <e2>charged</e2>") != read("my <e2>card</e2> was <e1>charged</e1>")


def test_of_a_long_text_what_is_nearest_is_kept() -> None:
    """Things at the end of a long text, which a cut at the end would lose, and with them the question."""
    text = "please " * 100 + "<e1>card</e1> was <e2>charged</e2> twice"
    kept, cut = read(text, 16)
    assert kept.endswith("$ card $ was # charged # twice [SEP]")
    assert cut > 0
    plainly = VIEW.processor(marked(text).text, truncation=True, max_length=16)["input_ids"]
    assert "$" not in VIEW.processor.decode(plainly)


@given(
    before=st.integers(0, 80),
    between=st.integers(0, 80),
    behind=st.integers(0, 80),
    limit=st.integers(12, 40),
)
def test_marks_are_never_cut(before: int, between: int, behind: int, limit: int) -> None:
    """Wherever the things stand, all four signs and both things are read, in as many tokens as fit."""
    words = ["card " * before, "<e1>box</e1> ", "late " * between, "<e2>parcel</e2> ", "card " * behind]
    kept, cut = read("".join(words), limit)
    tokens = kept.split()
    assert [token for token in tokens if token in "$#" or token in ("box", "parcel")] == [
        "$", "box", "$", "#", "parcel", "#",
    ]  # fmt: skip
    whole = before + between + behind + 6 + 2
    assert (len(tokens), cut) == (min(whole, limit), max(whole - limit, 0))


def test_things_longer_than_the_model_reads_are_refused() -> None:
    """Half a thing is another thing."""
    with pytest.raises(DataError, match="two things"):
        read(f"<e1>{'card ' * 40}</e1> <e2>box</e2>", 16)


def test_signs_that_a_tokenizer_does_not_know_are_refused(tokenizer: Any) -> None:
    """All marks would be one unknown token: the model could not tell which thing is which."""
    with pytest.raises(ModelError, match=r"does not know the sign \$"):
        RelationExtraction().encode([{"text": "<e1>card</e1> <e2>refund</e2>"}], ModelView(tokenizer))
