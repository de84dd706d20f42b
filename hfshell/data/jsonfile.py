"""A JSON document: an array of objects, or an object with one under `data`, `rows` or another key.

SQuAD's own files are read as their questions.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from typing import Any

from hfshell.api.results import Finding
from hfshell.data.badrows import BadRows
from hfshell.data.files import InputFile
from hfshell.data.jsonlines import read_json_lines, surrogates_said
from hfshell.data.jsonvalues import TOO_MANY_DIGITS, RowFault, check_row, decoder, json_type, rows_to_table
from hfshell.data.nested import is_article, questions_of
from hfshell.data.reading import FileRead, Reading
from hfshell.data.stream import open_text
from hfshell.data.wording import counted, names_of
from hfshell.errors import DataError

_USUAL_KEYS = ("data", "rows", "examples")
_SPACE = re.compile(r"[ \t\r\n]*")


def read_json(file: InputFile, reading: Reading) -> FileRead:
    """Read a JSON document; one that holds JSON Lines is read as that, and said.

    Raises:
        DataError: it cannot be read exactly.
    """
    with open_text(file, reading.options.encoding) as opened:
        document = _Document(file, opened.read())
        digest = opened.digest()
    if document.is_json_lines:
        message = f"{file.shown} holds JSON Lines, an object a line"
        return read_json_lines(file, reading).with_finding(Finding("json-lines", "info", message))
    return _read(document, reading, digest)


def _read(document: _Document, reading: Reading, digest: str) -> FileRead:
    file = document.file
    bad = BadRows(file.shown)
    lines: list[int] = []
    rows: list[dict[str, Any]] = []
    escaped: list[int] = []
    articles = 0
    for line, value, text in document.items():
        try:
            row, changed = check_row(value, text)
            found = questions_of(row) if is_article(row) else [row]
        except RowFault as why:
            bad.add(line, str(why), text.partition("\n")[0])
            continue
        articles += is_article(row)
        rows += found
        lines += [line] * len(found)
        if changed:
            escaped.append(line)
        reading.advance(len(found))
    findings = bad.settle(len(rows), skip=reading.options.skip_bad_rows)
    if not rows:
        raise DataError("no rows: the array is empty", place=file.place())
    if articles:
        of, asked = counted(articles, "article"), counted(len(rows), "question")
        said = f"SQuAD's paragraphs, of {of}, read as {asked}"
        findings = (*findings, Finding("read-as", "info", said))
    return FileRead(
        rows_to_table(rows, lines, file.shown), digest, (*findings, *surrogates_said(file, escaped))
    )


class _Document:
    """A JSON text, walked one level deep so that each row's line is known.

    Attributes:
        is_json_lines: another object follows the first one.
    """

    def __init__(self, file: InputFile, text: str) -> None:
        self.file = file
        self._text = text
        self._decoder = decoder()
        self._line = 1
        self._counted = 0
        self._start = self._skip(0)
        self._object: Any = None
        self.is_json_lines = False
        if text.startswith("{", self._start):
            self._read_object()

    def items(self) -> Iterator[tuple[int, Any, str]]:
        """Yield (line, value, its text) of each element of the array that holds the rows.

        Raises:
            DataError: there is no such array, or the text is no JSON.
        """
        if self._start == len(self._text):
            raise DataError("no rows: the file is empty", place=self.file.place())
        if self._object is not None:
            yield from self._elements(self._array_under_a_key())
            return
        if not self._text.startswith("[", self._start):
            value, _ = self._decode(self._start)
            raise DataError(f"this is {json_type(value)}, not an array of objects", place=self.file.place(1))
        end = yield from self._elements(self._start)
        if end != len(self._text):
            raise self._broken("something follows the array", end)

    def _read_object(self) -> None:
        try:
            value, end = self._decode(self._start)
        except DataError:
            first = self._text[self._start :].partition("\n")[0].rstrip()
            self.is_json_lines = first.endswith("}") and self._start + len(first) < len(self._text.rstrip())
            if not self.is_json_lines:
                raise
            return
        self.is_json_lines = self._text.startswith("{", end)
        if not self.is_json_lines and end != len(self._text):
            raise self._broken("something follows the object", end)
        self._object = value

    def _elements(self, start: int) -> Generator[tuple[int, Any, str], None, int]:
        position = self._skip(start + 1)
        if self._text.startswith("]", position):
            return self._skip(position + 1)
        while True:
            line = self._at(position)
            value, end = self._decode(position)
            yield line, value, self._text[position:end].rstrip()
            if self._text.startswith("]", end):
                return self._skip(end + 1)
            if not self._text.startswith(",", end):
                raise self._broken("Expecting ',' or ']'", end)
            position = self._skip(end + 1)

    def _array_under_a_key(self) -> int:
        """Return where the array of rows begins."""
        lists = {key: value for key, value in self._object.items() if isinstance(value, list)}
        candidates = [key for key, value in lists.items() if any(isinstance(item, dict) for item in value)]
        chosen = [key for key in _USUAL_KEYS if key in candidates] or candidates
        if len(chosen) != 1:
            what = (
                f"lists of rows stand under {names_of(chosen)}"
                if chosen
                else "no key of this object holds rows"
            )
            hint = (
                "keep one list of rows in a file: an array of objects, or an object a line in a .jsonl file"
            )
            raise DataError(what, place=self.file.place(), hint=hint)
        position = self._skip(self._start + 1)
        while True:
            key, end = self._decode(position)
            value = self._skip(end + 1)
            if key == chosen[0]:
                return value
            _, end = self._decode(value)
            position = self._skip(end + 1)

    def _decode(self, position: int) -> tuple[Any, int]:
        """Return a value and where what follows it begins."""
        try:
            value, end = self._decoder.raw_decode(self._text, position)
        except json.JSONDecodeError as error:
            raise self._broken(error.msg, error.pos) from None
        except RecursionError:
            raise DataError(
                "this document is nested too deeply", place=self.file.place(self._at(position))
            ) from None
        except RowFault as fault:
            raise DataError(str(fault), place=self.file.place(self._at(position))) from None
        except ValueError:
            raise DataError(TOO_MANY_DIGITS, place=self.file.place(self._at(position))) from None
        return value, self._skip(end)

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found else position

    def _at(self, position: int) -> int:
        """Return the line of a position; positions are asked for in order."""
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _broken(self, reason: str, position: int) -> DataError:
        cut = position >= len(self._text.rstrip()) or reason.startswith("Unterminated string")
        start = self._text.rfind("\n", 0, position) + 1
        message = (
            "the document is cut short: an interrupted download?" if cut else f"this is not JSON: {reason}"
        )
        line = self._text.count("\n", 0, position) + 1
        text = self._text[start:].partition("\n")[0][:300]
        return DataError(message, place=self.file.place(line, position - start + 1, text))
