"""What a line changes is written down, and put back in another session."""

from __future__ import annotations

from typing import Any

import pytest

from hfshell import Session
from hfshell.api.results import Message
from hfshell.models.store import ModelKey
from hfshell.session.checkpointing.state import LARGEST_RESULT, State, changes, restore

KEY = ModelKey("hub:a/b@c", "chat")


def said(session: Session, *texts: str) -> None:
    """Say something to a model, and have it answer the same."""
    for text in texts:
        session.conversations.of(KEY).add(text, text.upper(), 0)


def made_by(session: Session, *texts: str) -> dict[str, Any]:
    """Return what these turns change."""
    before = State.of(session)
    said(session, *texts)
    return changes(before, State.of(session))


def test_conversations_go_on() -> None:
    """What was said before a kill is known behind it, and only what is new is written down with each line."""
    with Session() as first, Session() as second:
        lines = [made_by(first, "one"), made_by(first, "two", "three"), made_by(first)]
        assert [
            len(made.get("conversations", {}).get(KEY.source, {}).get("messages", ())) for made in lines
        ] == [
            2,
            4,
            0,
        ]
        for made in lines:
            assert restore(made, "chat", second)
        assert second.conversations.said() == first.conversations.said()


def test_turn_that_was_taken_back_stays_so() -> None:
    """A conversation that became shorter is put back shorter."""
    with Session() as first, Session() as second:
        lines = [made_by(first, "one", "two")]
        before = State.of(first)
        first.conversations.of(KEY).take_back()
        lines.append(changes(before, State.of(first)))
        for made in lines:
            restore(made, "chat", second)
        assert second.conversations.said() == first.conversations.said()


@pytest.mark.parametrize("size", [10, LARGEST_RESULT])
def test_last_result_is_known(size: int) -> None:
    """A result that no name holds is put back whole, or where it is large, its fields."""
    with Session() as first, Session() as second:
        before = State.of(first)
        first.names.remember(Message(lines=("x" * size,)))
        made = changes(before, State.of(first))
        assert restore(made, "echo", second)
        found = second.names.current_result
        assert found is not None
        assert found.fields() == first.names.current_result.fields()  # type: ignore[union-attr]
        assert isinstance(found, Message) is (size == 10)


def test_settings_are_put_back_and_taken_back() -> None:
    """`set` and `set … default` both are."""
    with Session() as first, Session() as second:
        before = State.of(first)
        first.run("set seed 7")
        middle = State.of(first)
        first.run("set seed default")
        restore(changes(before, middle), "set", second)
        assert second.settings.seed == 7
        restore(changes(middle, State.of(first)), "set", second)
        assert second.settings.seed == 42


def test_result_of_a_type_that_is_gone_is_made_again() -> None:
    """A line whose result nobody can read is run again, rather than passed over with half of it."""
    made = {"bound": [], "forgotten": [], "result": {"whole": {"schema": 1, "kind": "no-such-kind"}}}
    with Session() as session:
        assert not restore(made, "echo", session)
