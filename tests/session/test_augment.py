"""`augment`: a data set with more rows to train on, from a session's line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api.results import AugmentedData, DataSummary, FinetuneResult
from hfshell.errors import HfshellError, UsageError
from hfshell_tasks.fill_mask.task import FillMask
from hfshell_tasks.text2text.task import Translation
from tests.compute.writers import made


@pytest.fixture
def session(table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session that has the messages, in a home of its own."""
    monkeypatch.setenv("HFSHELL_HOME", str(tmp_path / "home"))
    (tmp_path / "state").mkdir()
    with Session(state=tmp_path / "state") as found:
        found.run(f"tickets = data {table} --limit 60")
        yield found


def augmented(session: Session, line: str) -> AugmentedData:
    """Run a line that augments."""
    result = session.run(line)
    assert isinstance(result, AugmentedData)
    return result


def wanted(result: AugmentedData) -> int:
    """How many rows were tried: all that were made, and all that were dropped."""
    return result.rows + result.unchanged + result.repeated + result.leaking


def rows(session: Session, name: str, split: str) -> list[tuple[str, str]]:
    """Texts and labels of a split."""
    binding = session.names.get(name)
    return [(row["text"], row["label"]) for row in binding.value.split(split)]


def test_train_grows_and_nothing_else(session: Session) -> None:
    """The old rows stand first, new ones have the labels of theirs, and what is measured is the same."""
    result = augmented(session, "big = augment tickets --copies 2")
    before, after = rows(session, "tickets", "train"), rows(session, "big", "train")
    assert result.rows > len(before)
    assert after[: len(before)] == before
    assert len(after) == len(before) + result.rows
    numbers = {text.split()[-1]: label for text, label in before}
    whole = [(text, label) for text, label in after[len(before) :] if text.split()[-1] in numbers]
    assert all(numbers[text.split()[-1]] == label for text, label in whole)
    for split in ("validation", "test"):
        assert rows(session, "big", split) == rows(session, "tickets", split)


def test_the_result_tells(session: Session) -> None:
    """How many rows there are now, and three of them beside what they were."""
    result = augmented(session, "big = augment tickets")
    assert (result.name, result.source, result.method, result.columns) == (
        "big",
        "tickets",
        "words",
        ("message",),
    )
    assert wanted(result) == len(rows(session, "tickets", "train"))
    assert {split.name: split.rows for split in result.splits}["train"] == len(rows(session, "big", "train"))
    assert len(result.examples) == 3
    assert all(example.before != example.after for example in result.examples)


def test_seed(session: Session) -> None:
    """The same seed makes the same data set, another one another."""
    lines = [f"d{place} = augment tickets --seed {seed}" for place, seed in enumerate((1, 1, 2))]
    first, second, other = (augmented(session, line) for line in lines)
    assert first.fingerprint == second.fingerprint != other.fingerprint


def test_the_name_survives_the_kernel(session: Session, table: Path, tmp_path: Path) -> None:
    """A later session finds the same rows under the name, without making them anew."""
    before = augmented(session, "big = augment tickets")
    kept = rows(session, "big", "train")
    with Session(state=tmp_path / "state") as later:
        shown = later.run("show big")
        assert isinstance(shown, DataSummary)
        assert shown.fingerprint == before.fingerprint
        assert rows(later, "big", "train") == kept


def test_it_trains(session: Session, tiny_model: Path) -> None:
    """The new data set is one as any other."""
    session.run("big = augment tickets")
    result = session.run(f"finetune {tiny_model} big --epochs 1")
    assert isinstance(result, FinetuneResult)
    assert result.rows == len(rows(session, "big", "train"))


@pytest.mark.parametrize(
    ("columns", "task"),
    [
        ({"tokens": ["Ada", "wrote"], "tags": ["B-PER", "O"]}, "token-classification"),
        (
            {"question": "Who?", "context": "Ada wrote.", "answers": {"text": ["Ada"], "answer_start": [0]}},
            "question-answering",
        ),
        ({"text": "<e1>Ada</e1> in <e2>London</e2>", "label": "lives-in"}, "relation-extraction"),
        ({"source": "a house", "target": "ein Haus"}, "translation"),
    ],
)
def test_answers_with_a_place_are_refused(
    session: Session, tmp_path: Path, columns: dict[str, object], task: str
) -> None:
    """Tags, spans, marks and texts to be written would be those of another text."""
    lines = [json.dumps(columns) for _ in range(20)]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UsageError, match=task):
        session.run(f"d = data train={tmp_path / 'rows.jsonl'}\nbig = augment d")
    assert session.names.find("big", "data") is None


def test_pairs_are_edited_with_a_warning(session: Session, tmp_path: Path) -> None:
    """One word may decide whether a text follows from another."""
    lines = [
        json.dumps({"premise": f"a man sleeps in room {n}", "hypothesis": f"he rests {n}", "label": n % 2})
        for n in range(20)
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    result = augmented(session, f"d = data train={tmp_path / 'rows.jsonl'}\nbig = augment d")
    assert result.columns == ("premise", "hypothesis")
    assert "pairs" in {guard.name for guard in result.guards}


@pytest.mark.parametrize(
    "line",
    [
        "augment tickets --method mask",
        "augment tickets --model x",
        "augment tickets --method back-translation",
    ],
)
def test_models_that_are_missing_or_not_wanted(session: Session, line: str) -> None:
    """Each method says which models it wants."""
    with pytest.raises(UsageError):
        session.run(line)


def test_a_model_fills_masks(session: Session, tmp_path: Path) -> None:
    """Each new text has as many words, some of them the model's."""
    task = FillMask()
    task.name, task.target_role = "fill-mask", None
    made(task, tmp_path / "filler")
    result = augmented(
        session, f"big = augment tickets --method mask --model {tmp_path / 'filler'} --allow unknown-tokens"
    )
    assert result.rows
    for example in result.examples:
        before, after = example.before.split(), example.after.split()
        assert len(before) == len(after)
        assert before[-1] == after[-1]


def test_a_model_without_a_mask(session: Session, tiny_model: Path) -> None:
    """A base model has no head to fill masks with, and says so."""
    with pytest.raises(HfshellError):
        session.run(f"augment tickets --method mask --model {tiny_model}")


def test_there_and_back(
    session: Session, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two models are asked in turn: what the second one wrote is the new text."""
    monkeypatch.setattr("hfshell.session.augmenting._LONGEST", 8)
    for name in ("there", "back"):
        task = Translation()
        task.name, task.target_role = "translation", "target"
        made(task, tmp_path / name)
    session.run(f"few = data {table} --limit 12")
    result = augmented(
        session,
        f"big = augment few --method back-translation --allow unknown-tokens "
        f"--model {tmp_path / 'there'} --model-back {tmp_path / 'back'}",
    )
    assert result.method == "back-translation"
    assert result.rows + result.unchanged + result.repeated + result.leaking == len(
        rows(session, "few", "train")
    )
