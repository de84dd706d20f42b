"""Rows inside of rows: the articles, paragraphs and questions of SQuAD's own files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hfshell.data.jsonvalues import RowFault, json_type


def is_article(row: Any) -> bool:
    """Whether a row is an article of SQuAD's: paragraphs, each with its questions under `qas`."""
    paragraphs = row.get("paragraphs") if isinstance(row, dict) else None
    return isinstance(paragraphs, list) and any(
        isinstance(paragraph, dict) and "qas" in paragraph for paragraph in paragraphs
    )


def questions_of(article: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each question of an article: all that it has, its context, and the article's title.

    Answers become lists of texts and of offsets; both are empty where a question `is_impossible`.

    Raises:
        RowFault: a paragraph, or a question, is none.
    """
    beside = {name: value for name, value in article.items() if name != "paragraphs"}
    rows: list[dict[str, Any]] = []
    for number, paragraph in enumerate(article["paragraphs"], 1):
        if not isinstance(paragraph, dict) or not isinstance(paragraph.get("qas"), list):
            raise RowFault(f"paragraph {number} has no list of questions under `qas`")
        shared = {**beside, **{name: value for name, value in paragraph.items() if name != "qas"}}
        rows += [{**shared, **_question(question, number)} for question in paragraph["qas"]]
    return rows


def _question(question: Any, paragraph: int) -> dict[str, Any]:
    if not isinstance(question, dict):
        raise RowFault(f"a question of paragraph {paragraph} is {json_type(question)}, not an object")
    if question.get("is_impossible") is True:
        return {**question, "answers": {"text": [], "answer_start": []}}
    answers: Any = question.get("answers")
    return {**question, "answers": _joined(answers)} if _are_answers(answers) else question


def _are_answers(answers: Any) -> bool:
    """Whether answers are as SQuAD has them; others stay, and are reported where they are used."""
    return isinstance(answers, list) and all(
        isinstance(answer, dict) and {"text", "answer_start"} <= answer.keys() for answer in answers
    )


def _joined(answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: [answer[name] for answer in answers] for name in ("text", "answer_start")}
