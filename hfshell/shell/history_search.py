"""Ctrl-R and Ctrl-S over 100,000 lines, at the speed of typing."""

from __future__ import annotations

from collections.abc import Callable, MutableSequence
from typing import TYPE_CHECKING

from prompt_toolkit.document import Document
from prompt_toolkit.search import SearchDirection

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.search import SearchState

    from hfshell.shell.past_lines import PastLines

Found = tuple[int, int]
"""The number of a working line, and the cursor's place in it."""


def search_quickly(buffer: Buffer, past: Callable[[], PastLines]) -> None:
    """Have a buffer search its lines by way of `PastLines`.

    prompt_toolkit makes a document of every line that it passes: seconds a key where little matches.

    Args:
        buffer: the prompt's; its working lines are the past ones, as far as they are loaded, and the present.
        past: gives what was typed before.
    """
    thorough = buffer._search  # noqa: SLF001 - all of its searches go through it, and nothing else does

    def search(state: SearchState, include_current_position: bool = False, count: int = 1) -> Found | None:
        if state.ignore_case() or len(past()) < len(buffer._working_lines) - 1:  # noqa: SLF001 - as above
            return thorough(state, include_current_position, count)
        found: Found | None = buffer.working_index, buffer.cursor_position
        for _ in range(count):
            found = found and _next(buffer, past(), state, found, include_current_position)
        return found

    buffer._search = search  # type: ignore[method-assign,assignment]  # noqa: SLF001 - as above


def _next(
    buffer: Buffer, past: PastLines, state: SearchState, start: Found, include_current_position: bool
) -> Found | None:
    lines = buffer._working_lines  # noqa: SLF001 - the lines that the arrows page through
    index, cursor = start
    here = Document(lines[index], cursor)
    backward = state.direction == SearchDirection.BACKWARD
    if backward:
        offset = here.find_backwards(state.text)
    else:
        offset = here.find(state.text, include_current_position=include_current_position)
    if offset is not None:
        return index, cursor + offset
    other = _other_line(lines, past, state.text, index, backward=backward)
    if other is None:
        return None
    return other, lines[other].rindex(state.text) if backward else lines[other].index(state.text)


def _other_line(
    lines: MutableSequence[str], past: PastLines, text: str, index: int, *, backward: bool
) -> int | None:
    """Return the next working line that holds a text; as in prompt_toolkit, the search goes round the end."""
    last = len(lines) - 1
    skipped = len(past) - last  # lines that are not loaded yet are the oldest
    number: int | None = index + skipped
    while number is not None and number >= skipped:
        number = past.newest_with(text, number) if backward else past.oldest_with(text, number)
        if number is not None and number >= skipped and text in lines[number - skipped]:
            return number - skipped  # it may not: a past line can be edited before it is run again
    round_the_end = (last,) if backward else (last, 0) if index < last else (0,)
    return next((line for line in round_the_end if text in lines[line]), None)
