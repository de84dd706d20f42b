"""A shell takes a session up, keeps it, and offers what a crash left behind."""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from hfshell.errors import StorageError, UsageError
from hfshell.home import Home, find_home
from hfshell.journal.crashed import own
from hfshell.journal.saved import SavedSessions
from hfshell.shell.kept_session import KeptSession, named_session
from hfshell.shell.state_folder import new_state_folder, remove_abandoned

JOURNAL = {"schema": 1, "names": [{"name": "a", "kind": "value", "recipe": {"text": "1"}}]}


@pytest.fixture
def user() -> Home:
    """A home of its own."""
    return find_home()


def begin(user: Home, name: str | None = None) -> tuple[KeptSession, Path]:
    """A prompt that begins."""
    state = new_state_folder(user.kernels)
    return KeptSession(user, state, name, offers=True), state


def bind(state: Path) -> None:
    """Let its kernel bind a name."""
    (state / "names.json").write_text(json.dumps(JOURNAL))


def test_prompt_that_was_left_offers_nothing(user: Home) -> None:
    """A clean end is an end."""
    kept, state = begin(user)
    bind(state)
    assert kept.save() is None
    (state / "names.json").unlink()
    kept.leave()
    assert begin(user)[0].lines == ()


def test_prompt_that_was_killed_is_offered_once(user: Home) -> None:
    """The next prompt says it in a line; once that is left, nobody says it again."""
    kept, state = begin(user)
    bind(state)
    kept._release()  # as the system does it with a killed process
    second, _ = begin(user)
    ((whose, said),) = second.lines
    assert whose == "the last session"
    assert "1 name" in said
    assert "session restore" in said
    second.leave()
    assert begin(user)[0].lines == ()


def test_two_prompts_at_once_leave_each_other_alone(user: Home) -> None:
    """What lives is not offered."""
    first, state = begin(user)
    bind(state)
    second, _ = begin(user)
    assert second.lines == ()
    first.leave()


def test_offer_stands_while_its_prompt_crashes_too(user: Home) -> None:
    """Who was offered something and crashed is offered it again."""
    kept, state = begin(user)
    bind(state)
    kept._release()
    second, _ = begin(user)
    second._release()
    assert len(begin(user)[0].lines) == 1


def test_named_session_is_new_then_saved_then_found(user: Home) -> None:
    """What is bound under a name is there the next time, in the state folder before any kernel is."""
    kept, state = begin(user, "work")
    assert kept.lines == (("session work", " is new; it is saved when you leave"),)
    bind(state)
    assert kept.save() == "session work is saved · 1 name"
    kept.leave()
    again, state = begin(user, "work")
    assert "1 name" in again.lines[0][1]
    found = json.loads((state / "names.json").read_text())
    assert (found["names"], found["saved_as"]) == (JOURNAL["names"], "work")
    again.leave()


def test_named_session_is_open_once(user: Home) -> None:
    """The second shell is refused, and leaves no lock behind."""
    kept, _ = begin(user, "work")
    with pytest.raises(UsageError, match="open in another shell"):
        begin(user, "work")
    kept.leave()
    begin(user, "work")[0].leave()


def test_damaged_session_is_said_and_let_go(user: Home) -> None:
    """It can be mended or removed by its owner: nobody holds it."""
    SavedSessions(user.sessions).save("work", {"names": 3})
    with pytest.raises(StorageError):
        begin(user, "work")
    assert not SavedSessions(user.sessions).is_open("work")


def test_crash_of_a_named_session_is_offered_by_its_name(user: Home) -> None:
    """What was saved before stands, and what was bound since can be restored."""
    kept, state = begin(user, "work")
    (state / "names.json").write_text(json.dumps({**JOURNAL, "saved_as": "work"}))
    kept._release()
    again, _ = begin(user, "work")
    assert [whose for whose, _ in again.lines] == ["session work", "session work"]
    assert "was not left" in again.lines[1][1]


def test_batch_saves_its_session_however_it_ends(user: Home) -> None:
    """An error in a script does not cost the names."""
    state = new_state_folder(user.kernels)
    said: list[str] = []
    batch = named_session(user, state, "work", said.append)
    batch.__enter__()
    bind(state)
    assert not batch.__exit__(RuntimeError, RuntimeError(), None)
    assert said == ["  session work is new; it is saved when you leave", "  session work is saved · 1 name"]
    assert SavedSessions(user.sessions).read("work").names == ("a",)


def test_what_was_not_left_is_kept_for_a_while(user: Home) -> None:
    """Cleaning up leaves what can be restored, and nothing for ever."""
    fresh, old = user.kernels / "1-fresh", user.kernels / "1-old"
    for folder, days in ((fresh, 3), (old, 40)):
        own(folder).close()
        bind(folder)
        os.utime(folder, (time.time() - days * 86400,) * 2)
    remove_abandoned(user.kernels)
    assert fresh.exists()
    assert not old.exists()


def test_living_prompts_folder_is_not_cleaned_up(user: Home) -> None:
    """However old it is, and whoever has its number now."""
    folder = user.kernels / "1-living"
    with closing(own(folder)):
        os.utime(folder, (1, 1))
        remove_abandoned(user.kernels)
        assert folder.exists()
