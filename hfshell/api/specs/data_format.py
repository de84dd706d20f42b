"""`DataFormatSpec`: a format of data files."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.specs.version import API_VERSION


@dataclass(frozen=True)
class DataFormatSpec:
    """A format of data files.

    Example::

        DataFormatSpec(
            name="conllu",
            summary="Universal Dependencies treebanks",
            endings=(".conllu",),
            target="hfshell_conllu.reader:read",   # def read(path: Path) -> Iterable[dict]
            api=1,
        )

    Attributes:
        name: for messages.
        summary: one line for `help`.
        endings: of file names, each with its dot, `.conllu`.
        target: `package.module:function`, called with the file's path; yields rows, each a dict of JSON types
            by column. It raises `DataError` with a `Place` where the file cannot be read exactly.
        api: the version of the contract it was written for.
    """

    name: str
    summary: str
    endings: tuple[str, ...]
    target: str
    api: int = API_VERSION
