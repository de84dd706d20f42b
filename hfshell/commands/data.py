"""`data`: read a data set."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class DataCommandOptions:
    """Options of `data`."""

    sources: tuple[str, ...] = argument(
        "A file, a folder, a Hub id, or train=FILE test=FILE", complete="data", metavar="SOURCE"
    )
    map: tuple[str, ...] = option(
        (), "Say which column has a role: --map text=message", metavar="ROLE=COLUMN", complete="role-map"
    )
    columns: str | None = option(None, "Names for a file that has no header: text,label", metavar="NAME,…")
    encoding: str | None = option(None, "Encoding of the file when it is not UTF-8 or UTF-16")
    skip_bad_rows: bool = option(False, "Leave out rows that cannot be read, and count them")
    limit: int | None = option(None, "Draw at most this many rows of each file, by the seed", minimum=1)
    validation: float | None = option(
        None,
        "Share of rows to choose the best epoch with; 0.1 unless the data brings such a split",
        minimum=0,
        maximum=0.9,
    )
    test: float | None = option(
        None, "Share of rows to report on; 0.1 unless the data brings splits", minimum=0, maximum=0.9
    )
    seed: int = option(42, "Seed of the splits", minimum=0)
    dedup: bool = option(True, "Remove training rows whose text stands in validation or test")


COMMAND = CommandSpec(
    name="data",
    summary="Read a data set, find its columns' roles, split and audit it",
    options=DataCommandOptions,
    target="hfshell.session.verbs.data:data",
    section="Data",
    description=(
        "Reads csv, tsv, json, jsonl, conll, txt (also .gz), parquet, arrow, folders and Hub ids. Text stays "
        "text: NA and 007 are words. Translations, conversations, choices and entities in other shapes are "
        "read as what they are. Roles are found from names and values and said aloud; `--map` overrides "
        "them. Splits are stratified by label and seeded; split files that exist are taken as they are. "
        "Afterwards `NAME.train`, `NAME.validation` and `NAME.test` mean the splits."
    ),
    examples=(
        ("tickets = data tickets.csv", "one file, split 80/10/10"),
        ("sst = data train=train.csv test=dev.csv", "split files that exist"),
        ("d = data log.csv --map text=body --map label=team", "say the roles"),
    ),
    binds="data",
)
