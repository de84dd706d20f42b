"""`expect`: fields compared, never printed text."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hfshell.api.results import Expectation
from hfshell.errors import ExpectationFailed, UsageError
from hfshell.session.names import CURRENT

if TYPE_CHECKING:
    from hfshell.commands.expect import ExpectOptions
    from hfshell.session.context import CommandContext
    from hfshell.session.session import Session

Compare = Callable[[float, float], bool]
_NUMBERS: dict[str, Compare] = {
    "==": operator.eq, "!=": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
OPERATORS = (*_NUMBERS, "~")


def expect(context: CommandContext, options: ExpectOptions) -> Expectation:
    """Hold two values against each other.

    Raises:
        UsageError: not LEFT OPERATOR RIGHT, or an order of things that have none.
        ExpectationFailed: it does not hold.
    """
    words = options.words
    if len(words) != 3 or words[1] not in OPERATORS:
        raise UsageError(
            "expect wants LEFT OPERATOR RIGHT",
            hint=f"operators: {' '.join(OPERATORS)} · expect ev.accuracy >= 0.85",
        )
    left, symbol, right = words
    bare = [word.bare for word in context.line.words]
    actual, wanted = _side(context.session, left, bare[0]), _side(context.session, right, bare[2])
    if not _holds(actual, symbol, wanted):
        shown = "" if actual == left else f": {left} is {actual}"
        raise ExpectationFailed(f"expected {left} {symbol} {right}{shown}")
    return Expectation(left=left, operator=symbol, right=right, actual=actual)


def _side(session: Session, text: str, bare: str | None) -> str:
    """Read a field when a side is written NAME.field without quotes, else take its text."""
    name, _, field = (bare or "").partition(".")
    if not name.isidentifier() or not field.isidentifier():
        return text
    if name != CURRENT:
        session.names.get(name)
    return session.lookup.field(name, field)


def _holds(left: str, symbol: str, right: str) -> bool:
    numbers = _number(left), _number(right)
    if numbers[0] is None or numbers[1] is None:
        if symbol not in ("==", "!="):
            raise UsageError(f"{left} {symbol} {right}: only numbers have an order")
        return (left == right) is (symbol == "==")
    if symbol == "~":
        return abs(numbers[0] - numbers[1]) <= _half_of_last_digit(right)
    return _NUMBERS[symbol](numbers[0], numbers[1])


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _half_of_last_digit(text: str) -> float:
    """0.88 → 0.005: the numbers that round to what was written. A hair more, for binary fractions."""
    try:
        exponent = Decimal(text).as_tuple().exponent
    except InvalidOperation:
        return 0.0
    if not isinstance(exponent, int):
        return 0.0
    return 0.5 * 10.0**exponent * (1 + 1e-9)
