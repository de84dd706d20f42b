"""The names that a script has bound by a line, and what is known of what they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from hfshell.language import Text

if TYPE_CHECKING:
    from hfshell.language import Word

Kind = Literal["model", "data", "result", "value"]
CURRENT = "_"
IN_WORDS = {"model": "a model", "data": "a data set", "result": "a result", "value": "a plain value"}


@dataclass(frozen=True)
class Symbol:
    """What a name holds, as far as that is known without running anything. None is always: nobody knows.

    Attributes:
        kind: what sort of thing.
        line: number of the line that bound it.
        text: of a plain value.
        tasks: of a model, and of a result: names of the tasks that it may be of.
        fields: of a result: all that may stand behind its dot.
        rows: of a data set: about how many each split has.
        splits: of a data set: the only splits that may have rows.
    """

    kind: Kind | None = None
    line: int | None = None
    text: str | None = None
    tasks: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    rows: Mapping[str, int] | None = None
    splits: frozenset[str] | None = None

    @property
    def described(self) -> str:
        """What it is in two words."""
        return IN_WORDS[self.kind] if self.kind else "bound"


@dataclass
class Symbols:
    """The names, and what `_` means.

    Attributes:
        anything: a script was read that nobody knows: any name may be bound, to anything.
        later: lines that bind a name further down, by name.
        gone: lines that forgot a name, by name.
        used: names that some line has mentioned.
        model: what `_` means as a model.
        result: what `_` means as a result.
    """

    anything: bool = False
    later: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    model: Symbol = field(default_factory=lambda: Symbol("model"))
    result: Symbol = field(default_factory=lambda: Symbol("result"))
    _bound: dict[str, Symbol] = field(default_factory=dict)

    def find(self, name: str) -> Symbol | None:
        """Return what a name holds; None when nothing is known to be bound to it."""
        self.used.add(name)
        return self._bound.get(name)

    def is_bound(self, name: str) -> bool:
        """Whether something is, or may be, bound to a name."""
        self.used.add(name)
        return self.anything or name == CURRENT or name in self._bound

    def names(self, kind: Kind | None = None) -> Collection[str]:
        """Return the names that are bound, to a thing of a kind if one is given."""
        return [name for name, symbol in self._bound.items() if kind is None or symbol.kind == kind]

    def bind(self, name: str, symbol: Symbol, *, certainly: bool = True) -> None:
        """Bind a name; a line that may fail binds it perhaps."""
        before = self._bound.get(name)
        if not certainly:
            kept = before is None or before.kind == symbol.kind
            symbol = Symbol(symbol.kind if kept else None, symbol.line)
        self._bound[name] = symbol
        self.gone.pop(name, None)

    def forget(self, name: str, line: int, *, certainly: bool = True) -> None:
        """Unbind a name; after a line that may fail it is perhaps still bound."""
        if name in self._bound and certainly:
            del self._bound[name]
            self.gone[name] = line

    def distrust(self) -> None:
        """Know nothing any more: a script was read that nobody knows."""
        self.anything = True
        self._bound = {name: Symbol(line=symbol.line) for name, symbol in self._bound.items()}
        self.model, self.result = Symbol("model"), Symbol("result")

    def text_of(self, word: Word) -> str | None:
        """Return what a word means with its values in their places; None when that is not known yet."""
        texts = []
        for part in word.parts:
            if isinstance(part, Text):
                texts.append(part.text)
                continue
            symbol = None if part.environment or part.field else self._bound.get(part.name)
            if symbol is None or symbol.text is None:
                return None
            texts.append(symbol.text)
        return "".join(texts)

    def used_model(self, word: str, *, certainly: bool = True) -> None:
        """Let `_` mean the model that a line used."""
        symbol = self.model if word == CURRENT else self._bound.get(word)
        known = symbol if symbol is not None and symbol.kind == "model" and certainly else Symbol("model")
        self.model = known
