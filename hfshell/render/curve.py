"""A course of numbers of unknown length, kept in bounded memory."""

from __future__ import annotations


class Curve:
    """Averages over equal stretches of all the numbers added; the stretches grow as more come in.

    Args:
        points: how many stretches are kept at most; even.
    """

    def __init__(self, points: int = 60) -> None:
        self._most = points
        self._stretch = 1
        self._means: list[float] = []
        self._sum = 0.0
        self._count = 0
        self.newest: float | None = None

    def add(self, value: float) -> None:
        """Add the next number."""
        self.newest = value
        self._sum += value
        self._count += 1
        if self._count < self._stretch:
            return
        self._means = [*self._means, self._sum / self._count]
        self._sum, self._count = 0.0, 0
        if len(self._means) >= self._most:
            pairs = zip(self._means[::2], self._means[1::2], strict=False)
            self._means = [(first + second) / 2 for first, second in pairs]
            self._stretch *= 2

    @property
    def values(self) -> list[float]:
        """The averages, oldest first."""
        return self._means


class Steps:
    """Numbers that are repeated until the next one comes: each is kept once."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self.values: dict[str, list[float]] = {}

    def add(self, values: dict[str, float]) -> bool:
        """Add the newest numbers by name; return whether they are new."""
        if not values or values == self._seen:
            return False
        self._seen = dict(values)
        for name, value in values.items():
            self.values[name] = [*self.values.get(name, ()), value]
        return True
