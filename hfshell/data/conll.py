"""CoNLL files: a token a line with its tags in columns, a blank line between sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from hfshell.data.badrows import BadRows
from hfshell.data.files import InputFile
from hfshell.data.lines import Lines
from hfshell.data.reading import FileRead, Reading
from hfshell.data.stream import open_text
from hfshell.data.table import TEXT, RowTable
from hfshell.data.wording import counted
from hfshell.errors import DataError

_DOCUMENT = "-DOCSTART-"
# Blanks and tabs alone part columns: U+0085 and U+FEFF, which Python takes for blanks, occur inside tokens.
_BLANKS = re.compile(r"[ \t]+")
_TAG = re.compile(r"O|[BIESLU](-\S+)?")


@dataclass(frozen=True)
class _Line:
    """A line that is not blank; `fault` is why it is no text."""

    number: int
    text: str
    fault: str | None


@dataclass(frozen=True)
class _Sentence:
    """A sentence: the line where it begins, and its tokens' columns."""

    line: int
    rows: list[list[str]]


def read_conll(file: InputFile, reading: Reading) -> FileRead:
    """Read a CoNLL file: a row a sentence, with its tokens and their tags, as lists.

    The token is the first column, the last one is `tags`; those between are `col2`, `col3`, …. Tabs part the
    columns where the first line has one, else blanks. `-DOCSTART-` and, before a sentence, lines that begin
    with `#` and have no columns are no tokens. A row's place is the line of its first token.

    Raises:
        DataError: it cannot be read exactly.
    """
    bad = BadRows(file.shown)
    good: list[_Sentence] = []
    columns: _Columns | None = None
    with open_text(file, reading.options.encoding) as text:
        for block in _blocks(text.lines()):
            reading.advance(1)
            columns = columns or _Columns.of(block)
            sentence = _sentence(block, columns, bad) if columns else None
            if sentence is not None:
                good.append(sentence)
        digest = text.digest()
    findings = bad.settle(len(good), skip=reading.options.skip_bad_rows)
    if not good:
        raise DataError("no rows: the file has no sentence", place=file.place())
    return FileRead(_table(file, good), digest, findings)


def _blocks(lines: Lines) -> Iterator[list[_Line]]:
    """Yield the lines between blank ones and those that begin a document."""
    block: list[_Line] = []
    lines.begin_record()
    for line in lines:
        fault = lines.fault
        lines.begin_record()
        text = line.removesuffix("\n").removesuffix("\r")
        if text.strip(" \t") and not _begins_document(text):
            block.append(_Line(lines.number, text, fault.reason if fault else None))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _sentence(block: Sequence[_Line], columns: _Columns, bad: BadRows) -> _Sentence | None:
    """Return the sentence that lines are; None when they are none, or a bad one, which is noted."""
    first = next((place for place, line in enumerate(block) if not columns.is_remark(line.text)), len(block))
    rows: list[list[str]] = []
    faults = 0
    for line in block[first:]:
        rows.append(columns.split(line.text))
        reason = line.fault or columns.complaint(rows[-1])
        if reason:
            bad.add(line.number, reason, line.text, same_row=faults > 0)
            faults += 1
    return _Sentence(block[first].number, rows) if rows and not faults else None


def _begins_document(text: str) -> bool:
    return text.startswith(_DOCUMENT) and text[len(_DOCUMENT) :][:1] in ("", " ", "\t")


@dataclass(frozen=True)
class _Columns:
    """How a file parts its columns, and how many there are."""

    tabs: bool
    count: int

    @classmethod
    def of(cls, block: Sequence[_Line]) -> _Columns | None:
        """Tell it by the first token's line; None when there are remarks alone."""
        first = next((line.text for line in block if not line.text.startswith("#")), None)
        if first is None and "\t" in block[-1].text:  # tokens that begin with #, and no remarks
            first = block[-1].text
        if first is None:
            return None
        tabs = "\t" in first.strip("\t ")
        return cls(tabs, len(cls(tabs, 0).split(first)))

    def split(self, text: str) -> list[str]:
        """Return a line's columns."""
        return text.rstrip(" ").split("\t") if self.tabs else _BLANKS.split(text.strip(" \t"))

    def is_remark(self, text: str) -> bool:
        """Tell whether a line before a sentence is a remark: the token `#` has as many columns as others."""
        if not text.startswith("#"):
            return False
        row = self.split(text)
        odd = not self.tabs and row[0] == "#" and _TAG.fullmatch(row[-1]) is None
        return odd or len(row) != self.count

    def complaint(self, row: Sequence[str]) -> str | None:
        """Say what is wrong with a token's line; None when nothing is."""
        if self.count < 2:
            return "there is one column only: a token without a tag"
        if len(row) != self.count:
            parted = "between tabs" if self.tabs else "between blanks"
            return f"this line has {counted(len(row), 'column')} {parted}, the first has {self.count}"
        if not all(cell.strip(" \t") for cell in row):
            return "this line has an empty column"
        return None


def _table(file: InputFile, sentences: Sequence[_Sentence]) -> RowTable:
    width = len(sentences[0].rows[0])
    names = ["tokens", *(f"col{number}" for number in range(2, width)), "tags"]
    columns = {
        name: pa.array([[row[place] for row in sentence.rows] for sentence in sentences], pa.list_(TEXT))
        for place, name in enumerate(names)
    }
    return RowTable.from_columns(columns, [sentence.line for sentence in sentences], file.shown)
