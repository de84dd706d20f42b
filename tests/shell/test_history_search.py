"""Ctrl-R and Ctrl-S find what prompt_toolkit's own search finds, without its walk through every line."""

from __future__ import annotations

from collections import deque

from hypothesis import example, given
from hypothesis import strategies as st
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Always
from prompt_toolkit.search import SearchDirection, SearchState

from hfshell.shell.history_search import search_quickly
from hfshell.shell.past_lines import PastLines

LINES = st.lists(st.text(alphabet="ab", min_size=1, max_size=5), max_size=8)
DIRECTIONS = st.sampled_from(SearchDirection)


def paged(lines: list[str], present: str, *, unloaded: int = 0) -> Buffer:
    """A buffer that stands at the present line, with the newest of the past ones loaded."""
    buffer = Buffer(document=Document(present))
    buffer._working_lines = deque([*lines[unloaded:], present])
    buffer.working_index = len(buffer._working_lines) - 1
    return buffer


@example(
    ["b", "a"], "", "a", SearchDirection.FORWARD, False, 1, 2, 0
)  # from the present, which is behind all
@given(LINES, st.text(alphabet="ab", max_size=4), st.text(alphabet="ab", min_size=1, max_size=3),
       DIRECTIONS, st.booleans(), st.integers(1, 3), st.integers(0, 8), st.integers(0, 3))  # fmt: skip
def test_the_same_finds(
    lines: list[str], present: str, text: str, direction: SearchDirection,
    here: bool, count: int, index: int, unloaded: int,
) -> None:  # fmt: skip
    """From any line, in both directions, also round the end, and while old lines are still being loaded."""
    unloaded = min(unloaded, len(lines))
    slow, quick = paged(lines, present, unloaded=unloaded), paged(lines, present, unloaded=unloaded)
    slow.working_index = quick.working_index = min(index, len(lines) - unloaded)
    slow.cursor_position = quick.cursor_position = len(slow.text)
    search_quickly(quick, lambda: PastLines(lines))
    state = SearchState(text, direction)
    assert quick._search(state, here, count) == slow._search(state, here, count)


def test_an_edited_line_is_not_taken_for_what_it_was() -> None:
    """Who edits a past line and then searches finds what stands there now."""
    buffer = paged(["load minilm", "load other"], "")
    buffer._working_lines[1] = "show other"
    search_quickly(buffer, lambda: PastLines(["load minilm", "load other"]))
    assert buffer._search(SearchState("load", SearchDirection.BACKWARD)) == (0, 0)


def test_whatever_the_case() -> None:
    """A search that is told to ignore case does."""
    buffer = paged(["load minilm"], "")
    search_quickly(buffer, lambda: PastLines(["load minilm"]))
    assert buffer._search(SearchState("MINI", SearchDirection.BACKWARD, ignore_case=Always())) == (0, 5)
