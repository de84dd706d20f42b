"""How a screen looks: its width, and the symbols it may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Symbols:
    """The signs that stand between words. The fields are named by what they mean."""

    separator: str
    becomes: str
    comes_from: str
    plus_minus: str
    ellipsis: str
    gutter: str
    absent: str
    zero: str
    holds: str
    times: str


UNICODE = Symbols(" · ", "→", "←", "±", "…", "│", "—", "·", "✓", "×")
ASCII = Symbols(", ", "->", "<-", "+/-", "...", "|", "-", ".", "ok", "x")

NARROW = 60
"""Below this many cells, what else stands side by side stands on lines of its own."""


@dataclass(frozen=True)
class Look:
    """A screen's width and manner.

    Attributes:
        width: in cells.
        plain: words and ASCII alone, for screen readers, logs and terminals that can do no more: no bars,
            no sparklines, no rules.
    """

    width: int
    plain: bool = False

    @property
    def symbols(self) -> Symbols:
        """The signs to use."""
        return ASCII if self.plain else UNICODE

    @property
    def narrow(self) -> bool:
        """Whether there is little room."""
        return self.width < NARROW
