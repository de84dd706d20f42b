"""Colours by meaning, for a dark background, for a light one, and in the terminal's own sixteen.

What is good and what is bad differ as blue and orange do, for eyes that cannot tell red from green; nothing
is said by colour alone. The colours are of the 256 that terminals fix, so that they are what was measured.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Palette:
    """The colours of a theme, as `#rrggbb` or as the name of one of the terminal's sixteen.

    Attributes:
        accent: commands, options, bars.
        good, warn, bad: how something went.
        text: what stands in quotes.
        reference: `$NAME`.
        quiet: what is said beside the point; empty for the terminal's own dimmed text.
        marks: five that stand for labels, one after another.
    """

    accent: str
    good: str
    warn: str
    bad: str
    text: str
    reference: str
    quiet: str
    marks: tuple[str, str, str, str, str]


PALETTES: Mapping[str, Palette] = MappingProxyType(
    {
        "dark": Palette(
            accent="#87d7ff", good="#5fd7d7", warn="#ffd75f", bad="#ff875f", text="#afd787",
            reference="#d7afff", quiet="#b2b2b2",
            marks=("#87d7ff", "#ffaf5f", "#d7afff", "#afd787", "#ffd7d7"),
        ),
        "light": Palette(
            accent="#005faf", good="#005f5f", warn="#875f00", bad="#af0000", text="#005f00",
            reference="#8700af", quiet="#5f5f5f",
            marks=("#005faf", "#875f00", "#8700af", "#005f00", "#87005f"),
        ),
        "sixteen": Palette(
            accent="cyan", good="green", warn="yellow", bad="red", text="green",
            reference="magenta", quiet="",
            marks=("cyan", "magenta", "green", "blue", "yellow"),
        ),
    }
)  # fmt: skip

_DARK = frozenset({*range(7), 8})
"""Which of the sixteen are dark, as editors take them."""


def palette_name(theme: str, environ: Mapping[str, str] = os.environ) -> str:
    """Return which palette a theme means here: `auto` asks COLORFGBG, which some terminals set.

    Where nothing says how the background is, the terminal's own sixteen colours are used: whoever chose them
    can read them. The terminal itself is not asked, for an answer takes its time.
    """
    if theme != "auto":
        return theme
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    if not background.isdecimal():
        return "sixteen"
    return "dark" if int(background) in _DARK else "light"
