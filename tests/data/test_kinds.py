"""Values that are lists and objects: what a task gets of them, and which rows do not fit, by line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hfshell.api.roles import Role
from hfshell.data import DataSet, load_recipe
from hfshell.errors import DataError
from tests.data.reading import all_rows, findings, read, write_csv, write_json_lines

WHOLE: dict[str, Any] = {"validation": 0.0, "test": 0.0}
TAGGING = (Role.tokens(), Role.tags())
CHOOSING = (Role.text("question", name="question"), Role.choices(), Role.index())
ANSWERING = (
    Role.text("question", name="question"),
    Role.text("context", name="context"),
    Role.answers(),
)
CHATTING = (Role.messages(),)
CONTEXT = "Café: Zoë lives in Paris."


def lines(folder: Path, rows: Sequence[dict[str, Any]], roles: Sequence[Role], **options: Any) -> DataSet:
    return read(write_json_lines(folder / "t.jsonl", rows), roles=roles, **WHOLE, **options)


def values(dataset: DataSet, role: str) -> list[Any]:
    return [row[role] for row in all_rows(dataset)]


def refused(dataset: DataSet, roles: Sequence[Role]) -> DataError:
    with pytest.raises(DataError) as caught:
        dataset.require(roles)
    return caught.value


# ---- tokens and tags


def tagged(folder: Path, *rows: str) -> DataSet:
    """Read rows of tags alone; the tokens are t0, t1, …."""
    split = [row.split() for row in rows]
    return lines(
        folder,
        [{"tokens": [f"t{n}" for n in range(len(tags))], "ner_tags": tags} for tags in split],
        TAGGING,
    )


def test_tokens_and_tags(tmp_path: Path) -> None:
    """Both are tuples of texts, and the tags in use are the data set's labels."""
    dataset = tagged(tmp_path, "B-PER I-PER O", "O", "B-LOC O")
    dataset.require(TAGGING, training=True)
    assert values(dataset, "tags")[0] == ("B-PER", "I-PER", "O")
    assert values(dataset, "tokens")[0] == ("t0", "t1", "t2")
    assert dataset.labels == ("B-LOC", "B-PER", "I-PER", "O")


@pytest.mark.parametrize(
    ("rows", "first", "scheme"),
    [
        (["I-PER I-PER O", "I-LOC B-LOC O"], "B-PER I-PER O", "IOB1"),
        (["B-PER E-PER O", "S-LOC O"], "B-PER I-PER O", "BIOES"),
        (["B-PER L-PER O", "U-LOC O"], "B-PER I-PER O", "BILOU"),
    ],
)
def test_other_schemes_are_converted_and_said(
    tmp_path: Path, rows: list[str], first: str, scheme: str
) -> None:
    """A model learns IOB2 whatever the file has: read as it stands, IOB1 would have no entity at all."""
    dataset = tagged(tmp_path, *rows)
    assert values(dataset, "tags")[0] == tuple(first.split())
    assert findings(dataset)["tag-scheme"] == f"the tags are {scheme}: converted to IOB2"


def test_spans_that_were_not_begun_are_counted(tmp_path: Path) -> None:
    """An I- without a B- begins a span, and it is said how many there are."""
    dataset = tagged(tmp_path, "B-PER O", "O I-LOC", "I-PER O I-LOC")
    assert values(dataset, "tags")[1:] == [("O", "B-LOC"), ("B-PER", "O", "B-LOC")]
    assert "3 tags in 2 rows" in findings(dataset)["bad-tags"]


def test_parts_of_speech_stay(tmp_path: Path) -> None:
    """Tags that mark no spans are left alone."""
    dataset = tagged(tmp_path, "NOUN VERB", "ADJ NOUN")
    assert values(dataset, "tags") == [("NOUN", "VERB"), ("ADJ", "NOUN")]
    assert not {"tag-scheme", "bad-tags"} & findings(dataset).keys()


def test_a_tag_that_is_none_is_a_fault_of_its_row(tmp_path: Path) -> None:
    """A mistyped tag is found by line, and is no class of its own."""
    dataset = tagged(tmp_path, "B-PER O", "B-LOC X-PER", "B-LOC I-LOC")
    error = refused(dataset, TAGGING)
    assert "tag 2, 'X-PER'" in error.message
    assert error.place is not None
    assert error.place.line == 2


def test_unequal_lengths_are_said_by_line(tmp_path: Path) -> None:
    """Tags that are not as many as tokens would tag the wrong words."""
    rows = [{"tokens": ["a", "b"], "tags": ["O", "O"]}, {"tokens": ["a"], "tags": ["O", "B-X"]}]
    dataset = lines(tmp_path, [*rows, {"tokens": ["a"], "tags": ["B-X"]}], TAGGING)
    error = refused(dataset, TAGGING)
    assert "1 row of 'tags' is no tags, line 2: there are 2 tags for 1 token" in error.message
    kept = lines(tmp_path, [*rows, {"tokens": ["a"], "tags": ["B-X"]}], TAGGING, skip_bad_rows=True)
    assert values(kept, "tokens") == [("a", "b"), ("a",)]


def test_words_between_blanks(tmp_path: Path) -> None:
    """Tables often hold a sentence and its tags as two texts."""
    cells = [("John lives here", "B-PER O O"), ("in Paris", "O B-LOC")]
    path = write_csv(tmp_path / "t.csv", cells, header=("words", "labels"))
    dataset = read(path, roles=TAGGING, **WHOLE)
    assert values(dataset, "tokens")[1] == ("in", "Paris")
    assert values(dataset, "tags")[1] == ("O", "B-LOC")


def test_names_of_tag_numbers(tmp_path: Path) -> None:
    """Numbers of tags go by the names that `datasets` keeps in the file."""
    feature = {"feature": {"names": ["O", "B-PER", "I-PER"], "_type": "ClassLabel"}, "_type": "List"}
    metadata = {b"huggingface": json.dumps({"info": {"features": {"ner_tags": feature}}}).encode()}
    columns = {"tokens": [["a", "b"], ["c"]], "ner_tags": [[1, 2], [0]]}
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), tmp_path / "t.parquet")
    dataset = read(tmp_path / "t.parquet", roles=TAGGING, **WHOLE)
    assert values(dataset, "tags") == [("B-PER", "I-PER"), ("O",)]
    assert dataset.labels == ("O", "B-PER", "I-PER")


def test_labels_beside_a_text_are_no_tags(tmp_path: Path) -> None:
    """Lists that are not as long as the tokens are labels of the text, and its tokens have no tags."""
    rows = [{"tokens": ["a", "b", "c"], "tags": ["x"]}, {"tokens": ["d", "e"], "tags": ["x", "y", "z"]}]
    assert lines(tmp_path, rows, TAGGING).roles.by_role == {"tokens": "tokens"}


# ---- choices


def test_choices_and_the_right_one(tmp_path: Path) -> None:
    """Choices are a tuple, the right one its number from 0."""
    rows = [{"question": f"which is {n}?", "choices": ["a", "b"], "label": n % 2} for n in range(3)]
    dataset = lines(tmp_path, rows, CHOOSING)
    dataset.require(CHOOSING, training=True)
    assert all_rows(dataset)[1] == {"question": "which is 1?", "choices": ("a", "b"), "label": 1}


@pytest.mark.parametrize(
    ("answers", "numbers"),
    [
        (["A", "c", "B"], [0, 2, 1]),
        (["x", "z", "y"], [0, 2, 1]),
        (["0", "2", "1"], [0, 2, 1]),
        ([0, -1, ""], [0, None, None]),
    ],
)
def test_ways_to_say_the_right_one(tmp_path: Path, answers: list[Any], numbers: list[int | None]) -> None:
    """Letters, the choice itself and written numbers say it too; -1 and nothing say nothing."""
    rows = [{"question": "which?", "options": ["x", "y", "z"], "answer": answer} for answer in answers]
    assert values(lines(tmp_path, rows, CHOOSING), "label") == numbers


def test_counting_from_one_is_said(tmp_path: Path) -> None:
    """Numbers from 1 to as many as there are choices are not taken for those from 0."""
    rows = [{"question": "which?", "choices": ["x", "y"], "label": answer} for answer in ("1", "2", "1")]
    dataset = lines(tmp_path, rows, CHOOSING)
    assert values(dataset, "label") == [0, 1, 0]
    assert "counted from 1" in findings(dataset)["counts-from-1"]


def choosing(path: Path, *answers: Any) -> Path:
    return write_json_lines(
        path,
        [
            {"question": f"{path.stem} {n}?", "choices": list("wxyz"), "label": answer}
            for n, answer in enumerate(answers)
        ],
    )


@pytest.mark.parametrize("skip", [False, True])
def test_all_splits_count_alike(tmp_path: Path, skip: bool) -> None:
    """A short test split without the last choice would be off by one from the train split beside it."""
    train = choosing(tmp_path / "train.jsonl", 1, 2, 3, 4)
    test = choosing(tmp_path / "test.jsonl", 1, 2)
    dataset = read(f"train={train}", f"test={test}", roles=CHOOSING, validation=0.0, skip_bad_rows=skip)
    assert [row["label"] for row in dataset.splits["train"]] == [0, 1, 2, 3]
    assert [row["label"] for row in dataset.splits["test"]] == [0, 1]
    assert [name for name in findings(dataset) if name.startswith("counts-from")] == ["counts-from-1"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [((1, 2), True), ((0, 2), False), (("A", "C"), False), (("w", "y"), False), ((-1, None, 2), True)],
)
def test_numbers_that_may_count_from_either_are_said(
    tmp_path: Path, answers: tuple[Any, ...], said: bool
) -> None:
    """Without a 0 and without the last choice nobody can know: it is read from 0, and that is said."""
    dataset = read(choosing(tmp_path / "t.jsonl", *answers), roles=CHOOSING, **WHOLE)
    assert ("counts-from-0" in findings(dataset)) is said
    if said:
        assert values(dataset, "label")[-1] == 2


def test_a_number_of_no_choice(tmp_path: Path) -> None:
    """A number beyond the choices is a fault of its row."""
    rows = [{"question": "which?", "choices": ["x", "y"], "label": answer} for answer in (0, 1, 5)]
    error = refused(lines(tmp_path, rows, CHOOSING), CHOOSING)
    assert "line 3: '5' is the number of no choice, and there are 2 choices" in error.message


def test_one_choice_is_none(tmp_path: Path) -> None:
    """There is nothing to choose where there is one choice."""
    rows = [{"question": "which?", "choices": choices, "label": 0} for choices in (["x", "y"], ["x"])]
    assert "there is only one choice" in refused(lines(tmp_path, rows, CHOOSING), CHOOSING).message


# ---- answers


def answering(folder: Path, *answers: Any, **options: Any) -> DataSet:
    rows = [{"question": "where?", "context": CONTEXT, "answers": answer} for answer in answers]
    return lines(folder, rows, ANSWERING, **options)


PARIS = {"text": ["Paris"], "answer_start": [19]}


@pytest.mark.parametrize(
    "cell", [PARIS, {"text": "Paris", "answer_start": 19}, [{"text": "Paris", "answer_start": 19}]]
)
def test_forms_of_answers(tmp_path: Path, cell: Any) -> None:
    """Each usual form is read as SQuAD's; offsets count characters, however many bytes they have."""
    dataset = answering(tmp_path, cell, {"text": [], "answer_start": []})
    dataset.require(ANSWERING, training=True)
    assert values(dataset, "answers") == [PARIS, {"text": [], "answer_start": []}]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (
            {"text": ["Paris"], "answer_start": [21]},
            "the offset 21 of 'Paris' counts bytes; in characters it is 19",
        ),
        ({"text": ["Paris"], "answer_start": [3]}, "'Paris' does not stand at 3 of its text, it does at 19"),
        ({"text": ["Paris"], "answer_start": [-1]}, "does not stand at -1"),
        ({"text": ["Rome"], "answer_start": [0]}, "'Rome' does not stand in its text"),
        ({"text": ["Paris"], "answer_start": ["19"]}, "the offset of 'Paris' is a text"),
        ({"text": ["Paris", "Zoë"], "answer_start": [19]}, "2 texts and 1 offsets"),
        ({"text": ["Paris"]}, "it has no `answer_start`"),
        ({"text": [""], "answer_start": [0]}, "an answer is empty"),
        ("Paris", "it is a text"),
    ],
)
def test_answers_that_do_not_stand_at_their_offset(tmp_path: Path, cell: Any, reason: str) -> None:
    """A model would learn other words than the answer's: such a row is named before."""
    dataset = answering(tmp_path, PARIS, cell)
    error = refused(dataset, ANSWERING)
    assert reason in error.message
    assert error.place is not None
    assert error.place.line == 2
    assert values(answering(tmp_path, PARIS, cell, skip_bad_rows=True), "answers") == [PARIS]


# ---- messages

TURNS = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]


def test_messages(tmp_path: Path) -> None:
    """A conversation is a tuple of messages with a role and a content, and nothing else."""
    named = [{"role": "system", "content": "be kind"}, {**TURNS[0], "name": "Ada"}, TURNS[1]]
    dataset = lines(tmp_path, [{"messages": named}, {"messages": TURNS}], CHATTING)
    dataset.require(CHATTING, training=True)
    assert values(dataset, "messages") == [(named[0], *TURNS), tuple(TURNS)]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ([], "there is no message"),
        (TURNS[1:], "no user spoke before"),
        ([TURNS[0], TURNS[0]], "messages 1 and 2 are both the user's"),
        ([{"role": "wizard", "content": "?"}], "'wizard' is none of system"),
        ([{"role": "user"}], "message 1 has no content"),
        ([{"role": "user", "content": " "}], "message 1 is empty"),
        ([TURNS[0], {"role": "assistant", "content": None}], "message 2 has no content"),
        ([*TURNS, {"role": "system", "content": "x"}], "who speaks before all others"),
        ("hi", "it is a text, not a list"),
    ],
)
def test_what_is_no_conversation(tmp_path: Path, cell: Any, reason: str) -> None:
    """What a chat template would refuse, or render wrongly, is named by line."""
    error = refused(lines(tmp_path, [{"messages": TURNS}, {"messages": cell}], CHATTING), CHATTING)
    assert "line 2" in error.message
    assert reason in error.message


def test_messages_are_strict(tmp_path: Path) -> None:
    """A column that has the name and holds texts is no conversation."""
    assert lines(tmp_path, [{"messages": ["hi", "there"]}], CHATTING).roles.by_role == {}
    assert lines(tmp_path, [{"dialogue": "A: hi. B: hello"}], CHATTING).roles.by_role == {}


# ---- texts


def test_several_texts(tmp_path: Path) -> None:
    """Lists of texts are tuples; a text alone is one."""
    roles = (Role.text("prompt", name="prompt"), Role.texts("tests", name="tests"))
    rows = [{"prompt": "add", "tests": ["assert 1", "assert 2"]}, {"prompt": "sub", "tests": "assert 3"}]
    assert values(lines(tmp_path, rows, roles), "tests") == [("assert 1", "assert 2"), ("assert 3",)]


def test_only_texts_with_marks(tmp_path: Path) -> None:
    """A role of marked texts takes no others, whatever they are called."""
    roles = (Role.text(containing=("<e1>", "<e2>")), Role.label())
    marked = [{"text": f"<e1>a</e1> {n} <e2>b</e2>", "label": "x" if n % 2 else "y"} for n in range(6)]
    plain = [{**row, "text": row["text"].replace("<e1>", "")} for row in marked]
    assert lines(tmp_path, marked, roles).roles.column("text") == "text"
    assert lines(tmp_path, plain, roles).roles.column("text") is None


def test_a_text_to_be_written_is_no_input(tmp_path: Path) -> None:
    """Leaks are looked for in what is read: two documents with one summary are two rows."""
    roles = (Role.text("document", name="document"), Role.text("summary", name="summary", target=True))
    rows = [{"document": f"a long text {n}", "summary": "short"} for n in range(3)]
    dataset = lines(tmp_path, rows, roles)
    assert len(dataset.row_keys("train")) == 3
    assert dataset.roles.by_role == {"document": "document", "summary": "summary"}


# ---- of all kinds


@pytest.mark.parametrize(
    ("roles", "row", "other"),
    [
        (TAGGING, {"tokens": ["a", "b"], "tags": ["O", "B-X"]}, {"tokens": ["A", "B"], "tags": ["B-X", "O"]}),
        (
            CHATTING,
            {"messages": TURNS},
            {"messages": [{**turn, "content": turn["content"].upper()} for turn in TURNS]},
        ),
        (
            CHOOSING,
            {"question": "q?", "choices": ["x", "y"], "label": 0},
            {"question": "Q?", "choices": ["x", "Y"], "label": 1},
        ),
    ],
)
def test_what_is_read_twice_is_removed_from_train(
    tmp_path: Path, roles: Sequence[Role], row: dict[str, Any], other: dict[str, Any]
) -> None:
    """Rows that read the same in train and test are a leak, whatever their kind."""
    unlike = json.loads(json.dumps(row).replace('"a"', '"c"').replace("hi", "hey").replace("q?", "z?"))
    train = write_json_lines(tmp_path / "train.jsonl", [row, unlike])
    test = write_json_lines(tmp_path / "test.jsonl", [other])
    dataset = read(f"train={train}", f"test={test}", roles=roles, validation=0.0)
    assert len(dataset.train) == 1
    assert "duplicates-across" in findings(dataset)


def test_a_recipe_keeps_kinds(tmp_path: Path) -> None:
    """A parked data set comes back with the same values and fingerprint."""
    dataset = lines(tmp_path, [{"question": "which?", "choices": ["x", "y"], "answer": "B"}] * 2, CHOOSING)
    again = load_recipe(json.loads(json.dumps(dict(dataset.recipe))))
    assert list(again.train) == list(dataset.train)
    assert again.fingerprint == dataset.fingerprint


def test_a_test_set_without_what_is_learnt(tmp_path: Path) -> None:
    """Rows to predict may lack tags; they have none, and are read."""
    train = write_json_lines(tmp_path / "train.jsonl", [{"tokens": ["a", "b"], "tags": ["O", "B-X"]}])
    test = write_json_lines(tmp_path / "test.jsonl", [{"tokens": ["c"]}])
    dataset = read(f"train={train}", f"test={test}", roles=TAGGING, validation=0.0)
    assert list(dataset.test) == [{"tokens": ("c",), "tags": None}]
