"""Of a conversation that is too long whole turns are left out, the oldest, and never the last question."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hfshell_tasks.chat.turns import fitted

Message = dict[str, str]


def length(messages: list[Message]) -> int:
    """A token a character, and two for each message."""
    return sum(len(message["content"]) + 2 for message in messages)


def conversation(system: bool, turns: list[tuple[int, int]], asked: int) -> list[Message]:
    """Messages of these lengths, the last of them a user's."""
    found = [{"role": "system", "content": "s" * 5}] if system else []
    for user, assistant in turns:
        found.append({"role": "user", "content": "u" * user})
        found.append({"role": "assistant", "content": "a" * assistant})
    return [*found, {"role": "user", "content": "q" * asked}]


LENGTHS = st.integers(0, 30)


@given(st.booleans(), st.lists(st.tuples(LENGTHS, LENGTHS), max_size=8), LENGTHS, st.integers(5, 200))
def test_what_is_left_is_the_end_of_it(
    system: bool, turns: list[tuple[int, int]], asked: int, longest: int
) -> None:
    """The system stays, whole turns go from the beginning, and as few as make room for the next ones."""
    messages = conversation(system, turns, asked)
    kept = fitted(messages, longest, length)
    first = int(system)
    assert kept[:first] == messages[:first]
    assert kept[first:] == messages[len(messages) - len(kept) + first :]
    assert kept[first]["role"] == "user"
    if length(messages) <= longest:
        assert kept == messages
    elif length(kept) > longest:
        assert len(kept) == first + 1  # nothing more can go: the question alone is too long
    if len(kept) < len(messages) and len(kept) > first + 1:
        more = [*messages[:first], *messages[len(messages) - len(kept) + first - 2 :]]
        assert length(more) > longest - longest // 4


def test_without_a_limit_all_is_kept() -> None:
    """A model that reads anything reads all."""
    messages = conversation(True, [(100, 100)] * 50, 10)
    assert fitted(messages, None, length) == messages
