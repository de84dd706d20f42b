"""Whether predictions are the same, but for what floating point makes of the order of sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from hfshell.testing.verdict import Fault, NotApplicable

RELATIVE, ABSOLUTE = 1e-3, 1e-4
"""Padding changes the last digits of float32; what people see, and what is measured, does not change."""


def difference(left: Any, right: Any, *, exact: bool = False) -> str | None:
    """Return where two values of JSON types differ, in words; None when they are the same.

    Args:
        left: a value.
        right: the other.
        exact: numbers are the same digit by digit.
    """
    if isinstance(left, bool) or isinstance(right, bool) or not _are_numbers(left, right):
        return _structures(left, right, exact=exact)
    if left == right or (not exact and math.isclose(left, right, rel_tol=RELATIVE, abs_tol=ABSOLUTE)):
        return None
    return f"{left:.6g} and {right:.6g}"


def require_same(
    before: Sequence[Any], after: Sequence[Any], otherwise: str, hint: str | None = None
) -> None:
    """Hold predictions against each other.

    Raises:
        Fault: they differ; `otherwise` says what that means.
    """
    if found := difference(list(before), list(after)):
        raise Fault(f"{otherwise}: {found}", hint)


def require_unlike(predicted: Sequence[Any]) -> None:
    """Make sure that rows can be told from one another, for else nothing that was compared means anything.

    Raises:
        NotApplicable: all rows are predicted alike.
    """
    if all(difference(predicted[0], other) is None for other in predicted[1:]):
        raise NotApplicable(
            f"all {len(predicted)} rows are predicted alike, so that none could be told from another: "
            "give a model or data for which they differ (`model`, `dataset`)"
        )


def _are_numbers(left: Any, right: Any) -> bool:
    return isinstance(left, (int, float)) and isinstance(right, (int, float))


def _structures(left: Any, right: Any, *, exact: bool) -> str | None:
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        pairs = [(left[key], right[key]) for key in left]
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        pairs = list(zip(left, right, strict=True))
    elif left == right:
        return None
    else:
        return f"{left!r:.80} and {right!r:.80}"
    found = (difference(one, other, exact=exact) for one, other in pairs)
    return next((words for words in found if words), None)
