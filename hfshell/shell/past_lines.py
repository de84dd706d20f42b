"""What was typed before, held as one text, so that a look through 100,000 lines takes milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

_SAME_SKIPPED = 100
"""How many lines that are just what is typed are passed over for a longer one."""


class PastLines:
    """Texts typed before, numbered from 0, the oldest first.

    Searching one long text leaves the loop to C. Going through a list of lines in Python, as prompt_toolkit
    does, takes a hundred times longer: more than a second a key for Ctrl-R when nothing matches.

    Args:
        texts: the oldest first.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._starts: list[int] = []
        held, offset = list(texts), 1
        for text in held:
            self._starts.append(offset)
            offset += len(text) + 1
        self._text = "\n".join(["", *held, ""])

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._starts)

    def add(self, text: str) -> None:
        """Hold one more text, the newest."""
        self._starts.append(len(self._text))
        self._text += f"{text}\n"

    def rest_of(self, beginning: str) -> str | None:
        """Return how the newest line goes on that begins so and goes on; None when none does.

        Args:
            beginning: the beginning of a line, not of a whole text: a text may have several lines.
        """
        wanted, before = f"\n{beginning}", len(self._text)
        for _ in range(_SAME_SKIPPED):
            found = self._text.rfind(wanted, 0, before)
            if found < 0:
                return None
            start = found + len(wanted)
            if rest := self._text[start : self._text.index("\n", start)]:
                return rest
            before = found + 1  # the line end before this line may be the one behind the next
        return None

    def newest_with(self, part: str, before: int) -> int | None:
        """Return the number of the newest text before number `before` that holds a part; None without one."""
        end = self._starts[before] if before < len(self._starts) else len(self._text)
        while before > 0 and (found := self._text.rfind(part, 1, end)) >= 0:
            number = self._number_at(found)
            if found + len(part) < self._end(number):
                return number
            end = found + len(part) - 1  # it lies across two texts
        return None

    def oldest_with(self, part: str, after: int) -> int | None:
        """Return the number of the oldest text after number `after` that holds a part; None without one."""
        start = self._end(after) if after >= 0 else 1
        while (found := self._text.find(part, start)) >= 0:
            number = self._number_at(found)
            if number >= 0 and found + len(part) < self._end(number):
                return number
            start = found + 1
        return None

    def _number_at(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _end(self, number: int) -> int:
        """Offset behind a text and its line end."""
        return self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
