"""The prompt's completer: the context decides what, the candidates are ranked, shown and quoted here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from hfshell.language import lex, quote
from hfshell.render.safe_text import safe_text
from hfshell.settings.aliases import expand_aliases
from hfshell.shell.completion.candidates import Candidates
from hfshell.shell.completion.context import completing
from hfshell.shell.completion.matching import Pattern, ranked
from hfshell.shell.completion.suggestions import Candidate, Completing
from hfshell.shell.completion.use import PastUse

if TYPE_CHECKING:
    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import StyleAndTextTuples

_MOST = 200
"""What a menu can hold and still be drawn at each key; nobody pages further."""

_USUAL = ("load", "data", "finetune", "eval", "predict", "chat")
"""Commands whose options take a while to gather, for every task may add some."""

_MARKED = "class:completion-match"
_REST_OF_WORD = re.compile(r"""[^\s'"|;&<>$}]*""")


class PromptCompleter(Completer):
    """Completes the word that the cursor stands in or behind.

    Args:
        candidates: what there is.
        use: what was typed of late, which comes first.
    """

    def __init__(self, candidates: Candidates, use: PastUse | None = None) -> None:
        self._candidates = candidates
        self._use = use or PastUse()

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterator[Completion]:
        """Yield completions, the likeliest first.

        Tab leaves out what fits worse in kind than the best does, so that it can finish a word at once; while
        typing all that fits is listed.
        """
        found = self._completing(document)
        if found is None:
            return
        self._use.refresh()
        groups = [self._candidates.of(wanted, found.typed) for wanted in found.wanted]
        narrow = event is None or not event.text_inserted
        pattern = Pattern(
            found.typed.rpartition("/")[2]
        )  # of a path the menu shows what is in the last folder
        used = self._use.of(found.command)
        for candidate in ranked(groups, found.typed, used, narrow=narrow, most=_MOST):
            if completion := _completion(candidate, found, pattern, document):
                yield completion

    def warm_up(self) -> None:
        """Read what the first keys need: the options that tasks add to the commands, and the newest lines."""
        self._use.refresh()
        for name in _USUAL:
            self._candidates.declarations.find(name)
            self._candidates.declarations.flags(name)

    def flags(self, command: str) -> frozenset[str] | None:
        """Return all options that a command may have; None for one that reads none, or that is none."""
        return self._candidates.declarations.flags(command)

    def _completing(self, document: Document) -> Completing | None:
        """Say what could stand at the cursor; behind an alias, what could behind that which it stands for."""
        find = self._candidates.declarations.find
        text, position = document.text, document.cursor_position
        command = _command_before(text[:position])
        line = expand_aliases(command, self._candidates.aliases()) if command else command
        if line == command:
            return completing(text, position, find)
        start = text.rindex(command, 0, position)
        longer = len(line) - len(command)
        found = completing(f"{text[:start]}{line}{text[start + len(command) :]}", position + longer, find)
        return found and replace(found, start=found.start - longer)


def _command_before(before: str) -> str:
    """Return the command of the line that the cursor is in, once a blank stands behind it."""
    found = next((token for token in lex(before).statements[-1] if token.kind == "command"), None)
    return before[found.start : found.end] if found is not None and found.end < len(before) else ""


def _completion(
    candidate: Candidate, found: Completing, pattern: Pattern, document: Document
) -> Completion | None:
    text = inserted(candidate, found, document.text_after_cursor)
    if text is None:
        return None
    return Completion(
        text,
        start_position=found.start - document.cursor_position,
        display=_shown(candidate, pattern),
        display_meta=_safe(candidate.meta),
    )


def _shown(candidate: Candidate, pattern: Pattern) -> StyleAndTextTuples:
    """Return a candidate as it stands in the menu, the letters that match what is typed marked."""
    text = _safe(candidate.shown or candidate.text)
    letters = pattern.letters(text) if pattern.typed else frozenset()
    if not letters:
        return [("", text)]
    return [
        (_MARKED if marked else "", "".join(text[place] for place in places))
        for marked, places in groupby(range(len(text)), key=letters.__contains__)
    ]


def inserted(candidate: Candidate, found: Completing, after: str = "") -> str | None:
    """Return what is put in for a candidate, quoted as the word is.

    None for what no word can hold, and for what would steer the terminal or hide from who reads the line.

    Args:
        candidate: what was chosen.
        found: the unfinished word.
        after: what stands behind the cursor: it is not put in a second time.
    """
    if _safe(candidate.text) != candidate.text:
        return None
    try:
        text = candidate.text if candidate.written else _written(candidate.text)
    except ValueError:
        return None
    if found.quote in ("'", '"') and not text.startswith(("'", '"')):
        text = f"{found.quote}{candidate.text}{found.quote}"
    whole, rest = f"{text}{found.closing}", _REST_OF_WORD.match(after)
    behind = rest[0] if rest else ""
    if not candidate.final:
        open_end = text[:-1] if text[-1] in "'\"" else text  # a folder: its quote stays open for what follows
        return _without(behind, open_end, found)
    if behind:
        closed = found.quote and after.startswith(found.quote, len(behind)) and text.endswith(found.quote)
        return _without(behind, text[:-1] if closed else text, found)
    if after.startswith(tuple(filter(None, (found.quote, found.closing)))):
        return text[:-1] if found.quote and text.endswith(found.quote) else text
    return text if after[:1] == "\n" and found.closing == " " else whole


def _without(behind: str, text: str, found: Completing) -> str:
    """Leave out the end of a text that stands behind the cursor already."""
    for length in range(min(len(behind), len(text) - len(found.typed)), 0, -1):
        if text.endswith(behind[:length]):
            return text[:-length]
    return text


def _safe(text: str) -> str:
    return text if text.isprintable() else safe_text(text)


def _written(text: str) -> str:
    """Return a text as a word; a `~` before a path stays bare, as people write it."""
    if text.startswith("~/"):
        return f"~/{quote(text[2:])}" if text[2:] else text
    return quote(text)
