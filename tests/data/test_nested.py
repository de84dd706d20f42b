"""SQuAD's own files, of articles with paragraphs with questions, as rows of questions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hfshell.data import DataSet
from hfshell.errors import DataError
from hfshell_tasks.question_answering import SPEC
from tests.data.reading import all_rows, findings, read

CONTEXT = "Ada wrote notes. Babbage built engines."


def question(number: int, **more: Any) -> dict[str, Any]:
    answer = {"text": "Ada", "answer_start": 0}
    return {"id": f"q{number}", "question": f"Who wrote {number}?", "answers": [answer], **more}


def article(number: int, *questions: dict[str, Any]) -> dict[str, Any]:
    return {"title": f"T{number}", "paragraphs": [{"context": CONTEXT, "qas": list(questions)}]}


def put(folder: Path, *articles: dict[str, Any]) -> Path:
    path = folder / "squad.json"
    path.write_text(json.dumps({"version": "v2.0", "data": articles}))
    return path


def questions(path: Path, **options: Any) -> DataSet:
    return read(path, roles=SPEC.roles, validation=0, test=0, **options)


def test_questions_become_rows(tmp_path: Path) -> None:
    """Each with its context, its answers by their offsets, and its own id, for the official script."""
    again = {"text": "Ada wrote", "answer_start": 0}
    path = put(
        tmp_path,
        article(1, question(1), question(2, answers=[{"text": "Ada", "answer_start": 0}, again])),
        article(2, question(3)),
    )
    dataset = questions(path)
    assert dataset.is_for([SPEC.roles]) == [True]
    assert {row["question"]: row["answers"] for row in dataset.train} == {
        "Who wrote 1?": {"text": ["Ada"], "answer_start": [0]},
        "Who wrote 2?": {"text": ["Ada", "Ada wrote"], "answer_start": [0, 0]},
        "Who wrote 3?": {"text": ["Ada"], "answer_start": [0]},
    }
    assert {row["context"] for row in dataset.train} == {CONTEXT}
    assert {"id", "title", "context"} <= set(dataset.columns)
    assert dataset.loaded.parts["train"].rows.cells("id") == ["q1", "q2", "q3"]
    said = findings(dataset)["read-as"]
    assert said == "SQuAD's paragraphs, of 2 articles, read as 3 questions"


def test_impossible_questions_have_no_answer(tmp_path: Path) -> None:
    """As SQuAD v2 has them, whatever a wrong guess of theirs would have been."""
    guess = [{"text": "Babbage", "answer_start": 17}]
    path = put(
        tmp_path,
        article(1, question(1, is_impossible=False)),
        article(2, question(2, is_impossible=True, answers=[], plausible_answers=guess)),
    )
    answers = {row["question"]: row["answers"]["text"] for row in questions(path).train}
    assert answers == {"Who wrote 1?": ["Ada"], "Who wrote 2?": []}


def test_a_broken_paragraph_is_a_bad_row(tmp_path: Path) -> None:
    """It is said which, and may be left out."""
    path = put(
        tmp_path, article(1, question(1)), {"title": "T2", "paragraphs": [{"qas": []}, {"context": "x"}]}
    )
    with pytest.raises(DataError, match="paragraph 2 has no list of questions"):
        questions(path)
    assert len(questions(path, skip_bad_rows=True).train) == 1


def test_other_rows_with_paragraphs_stay(tmp_path: Path) -> None:
    """Paragraphs are many things; only questions inside of them are SQuAD's."""
    path = tmp_path / "t.json"
    path.write_text(json.dumps([{"text": f"a text {n}", "paragraphs": [{"context": "x"}]} for n in range(3)]))
    assert len(all_rows(read(path))) == 3
