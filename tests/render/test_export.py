"""Results as files and JSON lines: nothing lost, nothing run."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfshell.api.events import CommandFinished, CommandStarted
from hfshell.api.results import DataSample, LabelScore, Message, ModelTable, PredictionResult, Result
from hfshell.errors import Place, Refused, UsageError
from hfshell.render.export import export, rows_of, to_json_line
from hfshell.render.results import _RENDERERS
from hfshell.render.safe_text import made_safe
from tests.render.examples import evaluation, finetune, predictions, sample
from tests.render.screens import unsafe_characters
from tests.render.strategies import filled, texts

STARTED = CommandStarted("eval", "ev", "ev = eval router tickets.test", "ci.hfsh", 7)
ENDINGS = (".jsonl", ".json", ".csv", ".tsv", ".md", ".html", ".txt")
any_result = st.sampled_from(sorted(_RENDERERS, key=lambda kind: kind.kind)).flatmap(filled)


def test_json_line_of_a_result() -> None:
    """One object a command: where it stands, how it went, what came out."""
    line = json.loads(to_json_line(CommandFinished(STARTED, 1.25, result=evaluation())))
    assert line == {
        "schema": 1,
        "file": "ci.hfsh",
        "line": 7,
        "command": "eval",
        "name": "ev",
        "status": "ok",
        "seconds": 1.25,
        "result": evaluation().to_dict(),
    }


@pytest.mark.parametrize(("ignored", "status"), [(False, "failed"), (True, "ignored")])
def test_json_line_of_an_error(ignored: bool, status: str) -> None:
    """A failure carries its error, guard and place, and no result."""
    error = Refused("labels", "they differ", place=Place("ci.hfsh", 7), hint="--label-map")
    line = json.loads(to_json_line(CommandFinished(STARTED, 0.1, error=error, ignored=ignored)))
    assert line["status"] == status
    assert line["error"] == error.to_dict()
    assert "result" not in line


def test_json_line_of_nothing_to_show() -> None:
    """A command without a result has succeeded all the same."""
    line = json.loads(to_json_line(CommandFinished(STARTED, 0.1)))
    assert (line["status"], line["result"]) == ("ok", None)


@settings(deadline=None)
@given(any_result, texts)
def test_json_line_is_one_safe_line_that_says_the_same(result: Result, file: str) -> None:
    """Whatever is in a result, its line is one line, steers no terminal, and reads back as the result."""
    line = to_json_line(CommandFinished(CommandStarted("x", None, "x", file, 1), 0.1, result=result))
    assert "\n" not in line
    assert not unsafe_characters(line)
    assert made_safe(json.loads(line)["result"]) == made_safe(result).to_dict()


def test_json_loses_no_character() -> None:
    """Control characters are escaped in the line and there again when it is read."""
    text = "\x1b[2J\x9b\x7f\u202e\u2066\U000e0041\r\n\t\\ é 日本 \U0001f469"
    line = to_json_line(CommandFinished(STARTED, 0.1, result=Message(lines=(text,))))
    assert json.loads(line)["result"]["lines"] == [text]


@pytest.mark.parametrize("ending", ENDINGS)
@settings(deadline=None, max_examples=30)
@given(any_result)
def test_every_result_can_be_written_in_every_format(ending: str, result: Result) -> None:
    """No format fails for any result, and what people read is safe to show."""
    text = export(result, f"out{ending}")
    assert text.endswith("\n") or ending in (".jsonl", ".csv", ".tsv", ".txt")
    if ending in (".md", ".html", ".txt", ".json", ".jsonl"):
        assert not unsafe_characters(text)


def test_an_unknown_ending_names_those_there_are() -> None:
    """A typo in a file's name is a usage error, with the way out."""
    with pytest.raises(UsageError) as raised:
        export(sample(), "out.xlsx")
    assert ".xlsx" in raised.value.message
    assert raised.value.hint is not None
    assert ".csv" in raised.value.hint


def test_predictions_are_a_line_each() -> None:
    """jsonl: number, text and the whole prediction, in order."""
    lines = [json.loads(line) for line in export(predictions(3), "p.jsonl").splitlines()]
    assert [line["row"] for line in lines] == [1, 2, 3]
    assert lines[1]["text"] == "text number 2"
    assert lines[1]["prediction"] == [
        {"label": "billing", "score": 0.94},
        {"label": "refunds", "score": 0.04},
    ]


def test_predictions_as_a_table() -> None:
    """csv: the best label and its score first, the next ones numbered."""
    rows = list(csv.DictReader(io.StringIO(export(predictions(2), "p.csv"))))
    assert rows[0] == {
        "row": "1", "text": "text number 1",
        "label": "billing", "score": "0.94", "label_2": "refunds", "score_2": "0.04",
    }  # fmt: skip


def test_other_results_are_one_object() -> None:
    """A json or jsonl file holds the whole result; csv its fields, as `expect` sees them."""
    assert [json.loads(line) for line in export(evaluation(), "e.jsonl").splitlines()] == [
        evaluation().to_dict()
    ]
    assert json.loads(export(evaluation(), "e.json")) == evaluation().to_dict()
    row = next(csv.DictReader(io.StringIO(export(evaluation(), "e.csv"))))
    assert float(row["accuracy"]) == pytest.approx(0.943)
    assert row["n"] == "192"


@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=5))
def test_csv_reads_back_as_it_was(pairs: list[tuple[str, str]]) -> None:
    """Every text comes back but for the sign before what a spreadsheet would run."""
    result = DataSample(
        name="d", split="", total=1, rows=tuple({"text": text, "label": label} for text, label in pairs)
    )
    for ending, separator in ((".csv", ","), (".tsv", "\t")):
        stream = io.StringIO(export(result, f"d{ending}"), newline="")
        read = list(csv.reader(stream, delimiter=separator))[1:]
        assert [tuple(without_sign(cell) for cell in row) for row in read] == pairs
        assert not any(cell[:1] in set("=+-@\t\r") and cell for row in read for cell in row)


def without_sign(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r]", cell) else cell


def test_numbers_stay_numbers_in_csv() -> None:
    """A negative score is no formula."""
    rows = ([LabelScore("=HYPERLINK(1)", -0.5)],)
    text = export(PredictionResult(model="m", task="t", rows=rows, inputs=("-dash",), seconds=0.1), "p.csv")
    assert text.splitlines()[1] == "1,'-dash,'=HYPERLINK(1),-0.5"


def test_appending_leaves_the_header_out() -> None:
    """`>>` adds rows to those that are there."""
    assert export(sample(), "d.csv") == "text,label\n" + export(sample(), "d.csv", header=False)


class Cells(HTMLParser):
    """The texts of a page's cells, and every tag in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.add(tag)
        self._inside = tag == "td"
        if self._inside:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data


@settings(deadline=None)
@given(texts, texts)
def test_html_shows_text_as_text(first: str, second: str) -> None:
    """Markup in a cell is shown, never obeyed; a page has the tags that we write and no other."""
    rows = ({"text": f"{first}<script>alert(1)</script>", "label": second},)
    page = Cells(export(DataSample(name="d", split="", total=1, rows=rows), "d.html"))
    assert page.tags <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "div",
        "table",
        "tr",
        "th",
        "td",
    }
    assert page.cells == [made_safe(f"{first}<script>alert(1)</script>"), made_safe(second)]


@settings(deadline=None)
@given(st.text(st.sampled_from("|\\`\n\ra<")), texts)
def test_markdown_tables_keep_their_columns(first: str, second: str) -> None:
    """No text can end a cell, a row or the table."""
    rows = ({"text": first, "label": second},)
    lines = export(DataSample(name="d", split="", total=1, rows=rows), "d.md").split("\n")
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 3
    assert {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in table} == {3}


def test_documents_have_headings_and_tables() -> None:
    """A report of an evaluation has its metrics, labels and confusion, under their names."""
    text = export(evaluation(), "e.md")
    for heading in ("# evaluation", "## metrics", "## per label", "## confusion", "## worst"):
        assert f"{heading}\n" in text
    assert "| billing | 44 | 2 | 0 |" in text
    assert "said refunds" in text


def test_text_files_are_what_the_plain_screen_shows() -> None:
    """.txt is for people, in ASCII signs."""
    text = export(finetune(), "run.txt")
    assert "accuracy 0.917 +/- 0.055" in text
    assert text.isascii()


def test_rows_of_a_table_without_rows_is_itself() -> None:
    """A result that is no rows is one object, also when it is empty."""
    table = ModelTable(models=(), memory_used=1, memory_total=2)
    assert list(rows_of(table)) == [table.to_dict()]
