"""Which reader reads which file, by the end of its name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from hfshell.data.columnar import read_arrow, read_parquet
from hfshell.data.delimited import read_csv, read_tsv
from hfshell.data.files import InputFile, check_regular
from hfshell.data.jsonfile import read_json
from hfshell.data.jsonlines import read_json_lines
from hfshell.data.plaintext import read_text
from hfshell.data.reading import FileRead, Reading
from hfshell.errors import DataError, UsageError

Reader = Callable[[InputFile, Reading], FileRead]

_PACKABLE: dict[str, Reader] = {
    ".csv": read_csv,
    ".tsv": read_tsv,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".txt": read_text,
}
_BINARY: dict[str, Reader] = {".parquet": read_parquet, ".arrow": read_arrow, ".feather": read_arrow}
_DELIMITED = (read_csv, read_tsv)
READERS: dict[str, Reader] = {
    **_PACKABLE,
    **{f"{end}.gz": reader for end, reader in _PACKABLE.items()},
    **_BINARY,
}
KNOWN = "csv, tsv, json, jsonl (each also .gz), txt, parquet, arrow, a folder of these, or a Hub id"


def ending(path: PurePath) -> str | None:
    """Return the end of a file's name that says its format, `.jsonl.gz`; None when none does."""
    name = path.name.lower()
    found = [end for end in READERS if name.endswith(end)]
    return max(found, key=len, default=None)


def stem(path: PurePath) -> str:
    """Return a file's name without the end that says its format."""
    return path.name[: len(path.name) - len(ending(path) or "")]


def read_file(file: InputFile, reading: Reading) -> FileRead:
    """Read a file of any format.

    Raises:
        DataError: it cannot be read exactly, or its format is not known.
        UsageError: options that its format has no use for.
    """
    check_regular(file)
    end = ending(file.path)
    if end is None:
        kind = f"{file.path.suffix} files" if file.path.suffix else "files whose name has no ending"
        hint = f"it reads {KNOWN}"
        if file.path.suffix.lower() in (".xlsx", ".xls", ".ods"):
            hint = "save the sheet as CSV in UTF-8"
        raise DataError(f"hfshell does not read {kind}", place=file.place(), hint=hint)
    reader = READERS[end]
    _check_options(file, end, reader, reading)
    return reader(file, reading)


def _check_options(file: InputFile, end: str, reader: Reader, reading: Reading) -> None:
    """Refuse options that a format has no use for."""
    useless = None
    if reading.options.columns is not None and reader not in _DELIMITED:
        useless = "--columns is for csv and tsv files"
    elif reading.options.encoding is not None and end in _BINARY:
        useless = "--encoding is for text files"
    if useless:
        raise UsageError(f"{useless}, not for {end} files", place=file.place())
