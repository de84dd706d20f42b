"""Small pictures made of characters: a course of numbers, and a share of a whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite

_HEIGHTS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_LINE, _HALF, _TRACK = "━", "╾", "─"
_NOT_FINITE = "×"


def sparkline(values: Sequence[float], cells: int) -> str:
    """Draw numbers, oldest first, between their smallest and largest.

    Args:
        values: any number of them; more than `cells` are averaged over equal stretches.
        cells: the widest it may be.
    """
    points = _averaged(values, cells)
    finite = [point for point in points if isfinite(point)]
    if not finite:
        return _NOT_FINITE * len(points)
    low, high = min(finite), max(finite)
    return "".join(_height(point, low, high) for point in points)


def _averaged(values: Sequence[float], cells: int) -> list[float]:
    if len(values) <= cells:
        return list(values)
    edges = [index * len(values) // cells for index in range(cells + 1)]
    return [sum(values[start:end]) / (end - start) for start, end in pairwise(edges)]


def _height(value: float, low: float, high: float) -> str:
    if not isfinite(value):
        return _NOT_FINITE
    if high == low:
        return _HEIGHTS[3]
    return _HEIGHTS[round((value - low) / (high - low) * (len(_HEIGHTS) - 1))]


def bar(share: float, cells: int) -> str:
    """Draw a share of 1 as a bar, to an eighth of a cell; what is more than nothing is seen."""
    if not isfinite(share):
        return ""
    eighths = round(min(max(share, 0.0), 1.0) * cells * 8)
    if share > 0:
        eighths = max(eighths, 1)
    full, rest = divmod(eighths, 8)
    return (_EIGHTHS[8] * full + _EIGHTHS[rest]).rstrip()


def rule(share: float, cells: int) -> tuple[str, str]:
    """Draw a share of 1 as a line, to half a cell: what there is of it, and what is missing.

    Lines stand well below each other, where bars would grow into a wall.
    """
    halves = round(min(max(share, 0.0), 1.0) * cells * 2) if isfinite(share) else 0
    drawn = _LINE * (halves // 2) + _HALF * (halves % 2)
    return drawn, _TRACK * (cells - len(drawn))
