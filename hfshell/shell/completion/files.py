"""Paths as candidates."""

from __future__ import annotations

from collections.abc import Sequence

from prompt_toolkit.completion import CompleteEvent, PathCompleter
from prompt_toolkit.document import Document

from hfshell.shell.completion.suggestions import Candidate

SCRIPTS = (".hfsh",)
DATA = (
    ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".csv.gz", ".tsv.gz", ".json.gz", ".jsonl.gz",
    ".parquet", ".arrow", ".feather", ".txt",
)  # fmt: skip


def files(typed: str, *, fitting: Sequence[str] = (), folders_only: bool = False) -> list[Candidate]:
    """Return paths that go on from what is typed, folders last.

    Hidden ones are offered once a dot is typed.

    Args:
        typed: a path, or the beginning of one.
        fitting: endings of the files that are meant; others are offered when there is neither such a file nor
            a folder.
        folders_only: leave files out.
    """
    hidden = _is_hidden(typed)
    completer = PathCompleter(
        only_directories=folders_only,
        expanduser=True,
        file_filter=lambda path: hidden or not _is_hidden(path),
    )
    found = completer.get_completions(Document(typed), CompleteEvent())
    candidates = [_candidate(typed, completion.text, completion.display_text) for completion in found]
    folders = [candidate for candidate in candidates if candidate.text.endswith("/")]
    others = [candidate for candidate in candidates if not candidate.text.endswith("/")]
    meant = [candidate for candidate in others if candidate.text.lower().endswith(tuple(fitting))]
    if fitting and (meant or folders):
        others = meant
    return [*others, *folders]


def _is_hidden(path: str) -> bool:
    return path.rpartition("/")[2].startswith(".")


def _candidate(typed: str, rest: str, shown: str) -> Candidate:
    if shown.endswith("/"):
        return Candidate(f"{typed}{rest}/", shown=shown, final=False)
    return Candidate(f"{typed}{rest}", shown=shown)
