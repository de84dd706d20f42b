"""Bound names as candidates, by kind, with what they hold beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hfshell.api.requests import NameInfo
from hfshell.api.results import EvaluationResult
from hfshell.commands.show import ERRORS
from hfshell.render.quantities import large, many, size
from hfshell.shell.completion.suggestions import Candidate

Kinds = tuple[str, ...]
ALL: Kinds = ("value", "result", "data", "model")
_LONGEST_VALUE = 40


class _Told:
    """What was told at one time, looked up in more than one way."""

    def __init__(self, names: Sequence[NameInfo]) -> None:
        self.names = names
        self.by_name = {info.name: info for info in names}
        self.kinds = frozenset(info.kind for info in names)
        self.current = next((info for info in names if info.current), None)
        self._candidates: dict[Kinds, tuple[Candidate, ...]] = {}

    def candidates(self, kinds: Kinds) -> tuple[Candidate, ...]:
        if kinds not in self._candidates:
            self._candidates[kinds] = tuple(_candidate(info) for info in self.names if info.kind in kinds)
        return self._candidates[kinds]


class BoundNames:
    """Looks names up as they were told last.

    Args:
        told: gives what is bound, as far as it is known; the same object while nothing changed.
    """

    def __init__(self, told: Callable[[], Sequence[NameInfo]]) -> None:
        self._ask = told
        self._last = _Told(())

    def all(self) -> Sequence[NameInfo]:
        """What is bound."""
        return self._told.names

    def kinds(self) -> frozenset[str]:
        """The kinds of which something is bound."""
        return self._told.kinds

    def named(self, word: str) -> NameInfo | None:
        """Return what a word names: `NAME`, `NAME.split`, or `_`, the last model used."""
        told = self._told
        return told.current if word == "_" else told.by_name.get(word.partition(".")[0])

    def of(self, kinds: Kinds) -> Sequence[Candidate]:
        """Names of some kinds."""
        return self._told.candidates(kinds)

    def members(self, typed: str, kinds: Kinds, *, shown: bool = False) -> Iterable[Candidate]:
        """Names of some kinds; once a dot is typed, the members of the name before it.

        Args:
            typed: what is typed so far.
            kinds: the kinds that are meant.
            shown: whether any member may stand there that `show` shows, or only what a line can use.
        """
        owner, dot, _ = typed.partition(".")
        if not dot:
            return self.of(kinds)
        info = self.named(owner)
        return _members(info, shown=shown) if info is not None and info.kind in kinds else ()

    @property
    def _told(self) -> _Told:
        names = self._ask()
        if names is not self._last.names:
            self._last = _Told(names)
        return self._last


def _candidate(info: NameInfo) -> Candidate:
    return Candidate(info.name, described(info), final=not (info.fields or info.splits))


def _members(info: NameInfo, *, shown: bool) -> Iterable[Candidate]:
    for split in info.splits:
        yield Candidate(f"{info.name}.{split}", "split")
    if shown or info.kind != "data":
        values = info.values or ("",) * len(info.fields)
        for field, value in zip(info.fields, values, strict=False):
            yield Candidate(f"{info.name}.{field}", _short(value))
    if shown and info.detail == EvaluationResult.kind:
        yield Candidate(f"{info.name}.{ERRORS}", "the rows that went wrong")


def described(info: NameInfo) -> str:
    """Say in a few words what a name holds."""
    known: tuple[str, ...] = (_short(info.detail),)
    if info.kind == "model":
        known = (
            info.detail,
            large(info.parameters) if info.parameters else "",
            size(info.bytes) if info.bytes else "",
            info.task,
            "" if info.state == "warm" else info.state,
            "current" if info.current else "",
        )
    elif info.kind == "data":
        rows = "" if info.rows is None else many(info.rows, "row")
        known = (rows, many(len(info.labels), "label") if info.labels else "")
    return " · ".join(filter(None, known)) or info.kind


def _short(text: str) -> str:
    line = text.partition("\n")[0][: _LONGEST_VALUE + 1]
    return line if line == text and len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"
