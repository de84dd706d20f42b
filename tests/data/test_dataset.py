"""A data set as tasks and the session use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.cancel import CancelToken
from hfshell.api.context import TaskData
from hfshell.api.events import Event, Progress
from hfshell.data import DataOptions, DataSet, load_data, load_recipe, row_key, sample, summarise
from hfshell.errors import DataError, Interrupted, UsageError
from tests.data.reading import ROLES, all_rows, messages, read, write_csv, write_json_lines


@pytest.fixture
def tickets(tmp_path: Path) -> DataSet:
    """A hundred messages in two queues."""
    return read(write_csv(tmp_path / "tickets.csv", messages(100), header=("message", "queue")))


def test_it_is_what_a_task_takes(tickets: DataSet) -> None:
    """A data set fits the protocol that tasks are written against."""
    data: TaskData = tickets
    assert (data.name, data.labels, len(data.train)) == ("tickets", ("billing", "refunds"), 80)


def test_rows_are_a_sequence(tickets: DataSet) -> None:
    """Rows can be counted, picked, sliced and gone through, and are the same each way."""
    rows = tickets.train
    everything = list(rows)
    assert [rows[index] for index in range(len(rows))] == everything
    assert rows[-1] == everything[-1]
    assert list(rows[10:30:3]) == everything[10:30:3]
    assert list(rows[10:30][5:8]) == everything[15:18]
    assert list(reversed(rows)) == everything[::-1]
    assert rows.values("label") == [row["label"] for row in everything]
    with pytest.raises(IndexError):
        rows[len(rows)]


def test_rows_of_many_batches(tmp_path: Path) -> None:
    """Rows over several batches of reading and of going through are all there, in order."""
    rows = messages(40_000)
    dataset = read(write_csv(tmp_path / "t.csv", rows), validation=0.0, test=0.0)
    assert [(row["text"], row["label"]) for row in dataset.train] == rows
    assert dataset.row_place("train", 39_999).line == 40_001


def test_places_are_those_of_the_file(tickets: DataSet, tmp_path: Path) -> None:
    """A row of a split is found in the file."""
    lines = (tmp_path / "tickets.csv").read_text(encoding="utf-8").splitlines()
    for split, rows in tickets.splits.items():
        for index, row in enumerate(rows):
            line = tickets.row_place(split, index).line
            assert line is not None
            assert lines[line - 1] == f"{row['text']},{row['label']}"


def test_splits_by_name(tickets: DataSet) -> None:
    """A split goes by its name or another word for it; one that is not there names those that are."""
    assert tickets.split("dev") is tickets.validation
    with pytest.raises(UsageError, match=r"tickets\.trian is no split") as caught:
        tickets.split("trian")
    assert caught.value.hint == "there is tickets.train, tickets.validation, tickets.test"


def test_an_empty_split_says_so(tmp_path: Path) -> None:
    """A split without rows is not measured on in silence."""
    dataset = read(write_csv(tmp_path / "t.csv", messages(10)), test=0.0)
    with pytest.raises(UsageError, match=r"t\.test has no rows"):
        dataset.split("test")


def test_row_keys_see_through_case_and_spaces(tickets: DataSet) -> None:
    """The keys of a split are those of its texts, normalised."""
    assert tickets.row_keys("test") == {row_key(row["text"]) for row in tickets.test}
    assert row_key("Über  den\tFluss ") == row_key("über den fluss")
    assert row_key("a b") != row_key("ab")
    assert row_key("a", "b") != row_key("a b")
    assert not tickets.row_keys("train") & tickets.row_keys("test")


def test_natural_order_of_labels(tmp_path: Path) -> None:
    """Whole numbers go by value, other labels by their characters."""
    labels = ["10", "9", "-1", "007", "7", "b", "B", "a"]
    assert read(write_csv(tmp_path / "t.csv", messages(80, labels))).labels == (
        "-1", "007", "7", "9", "10", "B", "a", "b",
    )  # fmt: skip


def test_requirements_are_those_of_the_splits_in_use(tmp_path: Path) -> None:
    """A test set without labels stops an evaluation, and not a training run."""
    write_csv(tmp_path / "train.csv", messages(20))
    write_csv(tmp_path / "test.csv", [("a", ""), ("b", "")])
    dataset = read(tmp_path)
    dataset.require(ROLES, splits=("train", "validation"), training=True)
    with pytest.raises(DataError, match="no row has label") as caught:
        dataset.require(ROLES, splits=("test",))
    assert caught.value.place is not None
    assert caught.value.place.file == f"{tmp_path}/test.csv"


def test_a_test_set_without_the_label_column(tmp_path: Path) -> None:
    """A test set that has no label column is one whose rows have no label."""
    write_csv(tmp_path / "train.csv", messages(20))
    write_csv(tmp_path / "test.csv", [("a",), ("b",)], header=("text",))
    assert [row["label"] for row in read(tmp_path).test] == [None, None]


def test_a_split_without_the_text_column(tmp_path: Path) -> None:
    """A split that lacks the text is refused by the columns that it has."""
    write_csv(tmp_path / "train.csv", messages(20))
    write_csv(tmp_path / "test.csv", [("a", "b")], header=("body", "label"))
    with pytest.raises(DataError, match="no column 'text', the columns are body, label"):
        read(tmp_path)


def test_fingerprint_knows_every_byte_and_option(tmp_path: Path) -> None:
    """Another byte, option or role is another fingerprint; the same are the same, wherever the file lies."""
    path = write_csv(tmp_path / "t.csv", messages(20))
    first = read(path).fingerprint
    (tmp_path / "elsewhere").mkdir()
    assert read(write_csv(tmp_path / "elsewhere" / "u.csv", messages(20))).fingerprint == first
    prints = {first} | {
        read(path, **options).fingerprint
        for options in (
            {"seed": 1},
            {"test": 0.2},
            {"limit": 5},
            {"map": {"text": "label"}},
            {"dedup": False},
        )
    }
    content = path.read_bytes()
    for position in (content.index(b"m"), content.rindex(b"m"), content.rindex(b"s")):
        path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
        prints.add(read(path).fingerprint)
    assert len(prints) == 9


def test_a_recipe_reads_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart, from another folder, the recipe's JSON gives the same splits and fingerprint."""
    write_csv(tmp_path / "t.csv", messages(50), header=("message", "queue"))
    options = DataOptions(map={"text": "message"}, columns=None, seed=7, limit=40)
    first = load_data(["t.csv"], options, [ROLES], name="tickets", folder=tmp_path)
    monkeypatch.chdir("/")
    again = load_recipe(json.loads(json.dumps(dict(first.recipe))))
    assert again.fingerprint == first.fingerprint == first.recipe["fingerprint"]
    assert [list(again.splits[name]) for name in again.splits] == [
        list(rows) for rows in first.splits.values()
    ]
    assert again.name == "tickets"


def test_a_recipe_of_an_earlier_version_is_read(tickets: DataSet) -> None:
    """A session that was begun before an upgrade has its data sets after it."""
    recipe = {**tickets.recipe, "schema": 1, "roles": tickets.recipe["tasks"][0]}
    del recipe["tasks"]
    assert load_recipe(recipe).fingerprint == tickets.fingerprint


def test_progress_and_cancel(tmp_path: Path) -> None:
    """Reading says how far it is, and stops between batches."""
    path = write_csv(tmp_path / "t.csv", messages(60_000))
    token = CancelToken()
    events: list[Event] = []

    def watch(event: Event) -> None:
        events.append(event)
        if len(events) == 2:
            token.set()

    with pytest.raises(Interrupted):
        load_data([str(path)], DataOptions(), [ROLES], cancelled=token, emit=watch)
    assert [event.done for event in events if isinstance(event, Progress)] == [16_384, 32_768]


def test_summary(tickets: DataSet) -> None:
    """The summary has what a person wants to see first."""
    shown = summarise(tickets, "t", ["text-classification"])
    assert (shown.name, shown.rows, shown.how) == ("t", 100, "stratified, seed 42")
    assert [(split.name, split.rows) for split in shown.splits] == [
        ("train", 80),
        ("validation", 10),
        ("test", 10),
    ]
    assert [(label.label, label.rows) for label in shown.labels] == [("billing", 50), ("refunds", 50)]
    assert shown.columns == ("message", "queue")
    assert shown.tasks == ("text-classification",)
    assert json.loads(json.dumps(shown.to_dict()))["fingerprint"] == tickets.fingerprint


def test_sample_is_spread_and_cut(tmp_path: Path) -> None:
    """A sample is of the whole split, and a text of a megabyte is not shown whole."""
    rows = [("x" * 1_000_000, "a"), *messages(98, ["a"]), ("the last one", "b")]
    dataset = read(write_csv(tmp_path / "t.csv", rows), validation=0.0, test=0.0)
    shown = sample(dataset, "train", 3)
    assert (shown.split, shown.total, len(shown.rows)) == ("train", 100, 3)
    assert shown.rows[0]["text"].endswith("… (1,000,000 characters)")
    assert shown.rows[2]["text"] == "message number 65 of many"
    assert len(sample(dataset, "train", 1000).rows) == 100


def test_sample_without_roles_shows_columns(tmp_path: Path) -> None:
    """Data of another kind can be looked at, by column."""
    rows: list[dict[str, Any]] = [{"messages": [{"role": "user"}], "n": None}, {"messages": [], "n": 1}]
    dataset = read(write_json_lines(tmp_path / "t.jsonl", rows), validation=0.0, test=0.0)
    assert len(dataset.train) == len(list(dataset.train)) == 2
    assert sample(dataset, "train", 2).rows == (
        {"messages": [{"role": "user"}], "n": None},
        {"messages": [], "n": 1},
    )


def test_real_sets_are_read_whole(shared: Path) -> None:
    """The sets that people use are read to the last row, with the splits, roles and labels that they have."""
    expected = {
        "sst2": (6920, 872, "text", 2),
        "imdb": (2000, 1000, "text", 2),
        "ag_news": (4000, 1000, "description", 4),
        "banking77": (8993, 1001, "text", 77),
        "cola": (4000, 526, "sentence", 2),
        "chnsenticorp": (3000, 1000, "text", 2),
        "semeval2010_task8": (7200, 800, "text", 19),
    }
    for name, (train, validation, text, labels) in expected.items():
        dataset = read(shared / "data" / name)
        dataset.require(ROLES, training=True)
        assert (len(dataset.train), len(dataset.validation)) == (train, validation), name
        assert (dataset.roles.column("text"), len(dataset.labels)) == (text, labels), name


def test_every_real_set_is_read_or_refused_in_words(shared: Path) -> None:
    """No set of any other kind gives a traceback."""
    for folder in sorted((shared / "data").iterdir()):
        if folder.is_dir() and folder.name not in ("bad", "wnut17"):
            assert all_rows(read(folder, limit=50)), folder.name


def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    """Reading, splitting and auditing 100,000 rows takes about two seconds, not a minute."""
    path = write_csv(tmp_path / "t.csv", messages(100_000))
    assert read(path).seconds < 15
