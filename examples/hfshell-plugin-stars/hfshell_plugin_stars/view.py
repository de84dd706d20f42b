"""How predictions look: ★★★★☆ 4.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.api import Line, PredictionResult, Span, Stack, Table, View

if TYPE_CHECKING:
    from hfshell.api import Style
    from hfshell_plugin_stars.task import Rating

SHOWN = 20
MOST = 5


def show(result: PredictionResult) -> View | None:
    """Return one rating as a line, several as a table, the first of them when there are many."""
    if len(result.rows) == 1:
        rating = result.rows[0]
        return Line((stars(rating), " ", Span(f"{rating.score:.1f}", "number")))
    pairs = list(zip(result.rows, result.inputs, strict=True))
    table = Table(
        ("stars", "score", "review"),
        tuple((stars(rating), round(rating.score, 1), text) for rating, text in pairs[:SHOWN]),
    )
    if len(pairs) <= SHOWN:
        return table
    return Stack((table, Line((Span(f"… {len(pairs) - SHOWN:,} more, all with > ratings.jsonl", "dim"),))))


def stars(rating: Rating) -> Span:
    """Draw a rating's stars, `★★★½☆`."""
    full, half = divmod(round(rating.stars * 2), 2)
    drawn = "★" * full + "½" * half
    style: Style = "good" if rating.stars >= 4 else "warn" if rating.stars > 2 else "bad"
    return Span(drawn + "☆" * (MOST - len(drawn)), style)
