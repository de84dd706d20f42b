"""ROUGE against its library, and in scripts that the library cannot read."""

from __future__ import annotations

import random

import pytest
from rouge_score.rouge_scorer import RougeScorer

from hfshell.errors import DataError, PluginError
from tests.tasks.metrics.measuring import measured, reported, value

KINDS = {"rouge1": "rouge1", "rouge2": "rouge2", "rougel": "rougeL"}
WORDS = ("The", "cat", "sat", "on", "a", "mat,", "it", "is", "café", "state-of-the-art", "2019", "running")


def summaries(count: int = 100) -> tuple[list[str], list[str]]:
    draw = random.Random(3)
    texts = [" ".join(draw.choices(WORDS, k=draw.randint(1, 20))) for _ in range(2 * count)]
    return texts[:count], texts[count:]


@pytest.mark.parametrize("name", KINDS)
def test_as_the_library_has_it(name: str) -> None:
    """The mean F of rows, without stemming."""
    expected, answers = summaries()
    scorer = RougeScorer([KINDS[name]])
    oracle = [
        scorer.score(one, other)[KINDS[name]].fmeasure for one, other in zip(expected, answers, strict=True)
    ]
    found = measured(name, expected, answers)
    assert found.value == pytest.approx(sum(oracle) / len(oracle), abs=1e-12)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high  # type: ignore[operator]
    assert found.signature == "words, no stemming"


@pytest.mark.parametrize("name", KINDS)
def test_the_nearest_of_several_references_counts(name: str) -> None:
    """A summary need not please everybody."""
    assert value(name, [["a dog runs fast", "the cat sat on it"]], ["the cat sat on it"]) == 1
    assert value(name, [["a dog runs fast"]], ["the cat sat on it"]) == 0


def test_one_reference_counts_for_all_variants() -> None:
    """As SciTLDR has it: the one with the best ROUGE-1, though another has more pairs of words."""
    references = ["sat cat the mat a on", "the cat slept at home with dogs"]
    answer = "the cat sat on a mat"
    scorer = RougeScorer(list(KINDS.values()))
    first, second = (scorer.score(text, answer) for text in references)
    assert first["rouge1"].fmeasure > second["rouge1"].fmeasure
    assert first["rouge2"].fmeasure < second["rouge2"].fmeasure
    for name, kind in KINDS.items():
        assert value(name, [references], [answer]) == first[kind].fmeasure
    assert "by ROUGE-1" in measured("rouge2", [references], [answer]).signature


def reference(kind: str, one: list[str], other: list[str]) -> float:
    """Compute ROUGE of tokens, by its definition."""
    if kind == "rougeL":
        table = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
        for row, left in enumerate(one, 1):
            for column, right in enumerate(other, 1):
                table[row][column] = (
                    table[row - 1][column - 1] + 1
                    if left == right
                    else max(table[row - 1][column], table[row][column - 1])
                )
        return 2 * table[-1][-1] / (len(one) + len(other))
    size = int(kind[-1])
    grams = [[tuple(side[at : at + size]) for at in range(len(side) - size + 1)] for side in (one, other)]
    same = sum(min(grams[0].count(gram), grams[1].count(gram)) for gram in set(grams[0]))
    return 2 * same / (len(grams[0]) + len(grams[1]))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize(
    ("expected", "answer", "words"),
    [
        ("我爱Python编程。", "我爱编程！", (["我", "爱", "python", "编", "程"], ["我", "爱", "编", "程"])),
        ("カメラを 買った", "カメラ", (list("カメラを買った"), list("カメラ"))),
        (
            "Быстрая лиса прыгает",
            "быстрая Лиса спит",
            (["быстрая", "лиса", "прыгает"], ["быстрая", "лиса", "спит"]),
        ),
        ("ένας σκύλος", "ένας γάτος", (["ένας", "σκύλος"], ["ένας", "γάτος"])),
    ],
)
def test_scripts_that_the_library_cannot_read(
    name: str, expected: str, answer: str, words: tuple[list[str], list[str]]
) -> None:
    """It would find no word in them, and say 0 of a perfect text."""
    kind = KINDS[name]
    assert RougeScorer([kind]).score(expected, expected)[kind].fmeasure < 1 or "Python" in expected
    assert value(name, [expected], [answer]) == pytest.approx(reference(kind, *words))
    assert value(name, [expected], [expected]) == 1


def test_how_texts_were_cut_is_said() -> None:
    """A mean over rows that were cut differently says so."""
    mixed = measured("rouge1", ["the cat", "猫坐着"], ["the cat", "猫坐着"])
    assert mixed.signature == "script's own words and characters (1 of 2 rows)"
    assert measured("rouge1", ["猫坐着"], ["猫"]).signature == "script's own words and characters"


def test_rows_of_texts_are_graded() -> None:
    """The worst summary comes first; none is wrong, and nothing is guessed."""
    outcome = reported("rougel", ["the cat sat", "a dog", "it is"], ["the cat ran", "it", "it is"], "text")
    assert [row.row for row in outcome.worst] == [2, 1]
    assert (outcome.wrong, outcome.baseline) == (None, None)


def test_answers_may_be_those_of_the_hub() -> None:
    """A dict of a pipeline has the text; whoever gives none is told, the task or the data."""
    assert value("rouge1", ["the cat"], [{"summary_text": "the cat"}]) == 1
    with pytest.raises(PluginError, match="was answered where a text is wanted"):
        value("rouge1", ["the cat"], [{"label": "cat"}])
    with pytest.raises(DataError, match="no reference"):
        value("rouge1", [[]], ["the cat"])
