"""Which reader reads which file, by the end of its name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from pathlib import PurePath

from hfshell.data.columnar import read_arrow, read_parquet
from hfshell.data.conll import read_conll
from hfshell.data.delimited import read_csv, read_tsv
from hfshell.data.files import InputFile, check_regular
from hfshell.data.foreign import read_foreign
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
    ".conll": read_conll,
    ".bio": read_conll,
    ".iob": read_conll,
}
_BINARY: dict[str, Reader] = {".parquet": read_parquet, ".arrow": read_arrow, ".feather": read_arrow}
_DELIMITED = (read_csv, read_tsv)
READERS: dict[str, Reader] = {
    **_PACKABLE,
    **{f"{end}.gz": reader for end, reader in _PACKABLE.items()},
    **_BINARY,
}
_ALIKE = 0.75
KNOWN = "csv, tsv, json, jsonl, conll, txt (each also .gz), parquet, arrow, a folder of these, or a Hub id"


def ending(path: PurePath, formats: Collection[str] = ()) -> str | None:
    """Return the end of a file's name that says its format, `.jsonl.gz`; None when none does.

    Args:
        path: the file.
        formats: endings of plugins' formats.
    """
    name = path.name.lower()
    found = [end for end in (*READERS, *formats) if name.endswith(end.lower())]
    return max(found, key=len, default=None)


def stem(path: PurePath, formats: Collection[str] = ()) -> str:
    """Return a file's name without the end that says its format."""
    return path.name[: len(path.name) - len(ending(path, formats) or "")]


def read_file(file: InputFile, reading: Reading) -> FileRead:
    """Read a file of any format.

    Raises:
        DataError: it cannot be read exactly, or its format is not known.
        UsageError: options that its format has no use for.
    """
    check_regular(file)
    end = ending(file.path, reading.formats.by_ending)
    if end is None:
        raise _unknown(file, reading)
    reader = READERS.get(end)
    _check_options(file, end, reader, reading)
    return (
        read_foreign(file, reading, reading.formats.by_ending[end])
        if reader is None
        else reader(file, reading)
    )


def _unknown(file: InputFile, reading: Reading) -> DataError:
    suffix = file.path.suffix
    kind = f"{suffix} files" if suffix else "files whose name has no ending"
    given = "".join(f", {end.removeprefix('.')}" for end in reading.formats.by_ending)
    near = difflib.get_close_matches(
        suffix.lower(), [*READERS, *reading.formats.by_ending], n=1, cutoff=_ALIKE
    )
    if suffix.lower() in (".xlsx", ".xls", ".ods"):
        hint = "save the sheet as CSV in UTF-8"
    elif giver := reading.formats.giver_hint(suffix):
        hint = giver
    elif near:
        hint = f"is it a {near[0]} file? Then give its name that ending"
    else:
        hint = f"it reads {KNOWN}{given}"
    return DataError(f"hfshell does not read {kind}", place=file.place(), hint=hint)


def _check_options(file: InputFile, end: str, reader: Reader | None, reading: Reading) -> None:
    """Refuse options that a format has no use for."""
    useless = None
    if reading.options.columns is not None and reader not in _DELIMITED:
        useless = "--columns is for csv and tsv files"
    elif reading.options.encoding is not None and (reader is None or end in _BINARY):
        useless = "--encoding is for text files"
    if useless:
        raise UsageError(f"{useless}, not for {end} files", place=file.place())
