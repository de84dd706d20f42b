"""The prompt's completer: the context decides what, the candidates are ranked and quoted here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from hfshell.language import quote
from hfshell.render.safe_text import safe_text
from hfshell.shell.completion.candidates import Candidates
from hfshell.shell.completion.context import completing
from hfshell.shell.completion.suggestions import Candidate, Completing

if TYPE_CHECKING:
    from prompt_toolkit.document import Document

_MOST = 5000
"""What a menu can hold and still be drawn at once; ptpython's limit."""


class PromptCompleter(Completer):
    """Completes what stands at the end of the text before the cursor."""

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterator[Completion]:
        """Yield completions, the likeliest first."""
        before = document.text_before_cursor
        found = completing(before, self._candidates.find)
        if found is None:
            return
        offered = (item for wanted in found.wanted for item in self._candidates.of(wanted, found.typed))
        for candidate in ranked(offered, found.typed)[:_MOST]:
            text = inserted(candidate, found)
            if text is None:
                continue
            yield Completion(
                text,
                start_position=found.start - len(before),
                display=safe_text(candidate.shown or candidate.text),
                display_meta=safe_text(candidate.meta),
            )


def ranked(candidates: Iterable[Candidate], typed: str) -> list[Candidate]:
    """Return the candidates that begin with what is typed; without any, those that hold its letters in order.

    Within each group the order given stays; the same text is offered once.
    """
    unique: dict[str, Candidate] = {}
    for candidate in candidates:
        unique.setdefault(candidate.text, candidate)
    for fits in (_begins, _begins_folded, _contains, _holds_letters):
        if kept := [candidate for candidate in unique.values() if fits(candidate.text, typed)]:
            return kept
    return []


def _begins(text: str, typed: str) -> bool:
    return text.startswith(typed)


def _begins_folded(text: str, typed: str) -> bool:
    return text.casefold().startswith(typed.casefold())


def _contains(text: str, typed: str) -> bool:
    return typed.casefold() in text.casefold()


def _holds_letters(text: str, typed: str) -> bool:
    letters = iter(text.casefold())
    return all(letter in letters for letter in typed.casefold())


def inserted(candidate: Candidate, found: Completing) -> str | None:
    """Return what is put in for a candidate, quoted as the word is.

    None for what no word can hold, and for what would steer the terminal or hide from who reads the line.
    """
    if safe_text(candidate.text) != candidate.text:
        return None
    try:
        text = _written(candidate.text)
    except ValueError:
        return None
    if found.quote in ("'", '"') and not text.startswith(("'", '"')):
        text = f"{found.quote}{candidate.text}{found.quote}"
    if candidate.final:
        return f"{text}{found.closing}"
    if text[-1] in "'\"":
        return text[:-1]  # a folder: the quote stays open for what follows
    return text


def _written(text: str) -> str:
    """Return a text as a word; a `~` before a path stays bare, as people write it."""
    if text.startswith("~/"):
        return f"~/{quote(text[2:])}" if text[2:] else text
    return quote(text)
