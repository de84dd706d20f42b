"""Sessions saved under a name: whole or not at all, one shell at a time, found from any folder."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from hfshell.errors import StorageError, UsageError
from hfshell.journal import file
from hfshell.journal.saved import SavedSessions

JOURNAL = {"schema": 1, "names": [{"name": "a", "kind": "value", "recipe": {"text": "1"}}]}


def test_session_is_saved_listed_read_and_removed(tmp_path: Path) -> None:
    """The whole life of one, with its file for its owner alone."""
    sessions = SavedSessions(tmp_path / "sessions")
    assert list(sessions) == []
    path = sessions.save("tickets", JOURNAL)
    assert path.stat().st_mode & 0o077 == 0
    assert list(sessions) == ["tickets"]
    assert sessions.read("tickets").names == ("a",)
    sessions.remove("tickets")
    assert list(sessions) == []
    assert list((tmp_path / "sessions").iterdir()) == []


def test_session_is_not_replaced_by_accident(tmp_path: Path) -> None:
    """Only who asks for it replaces one."""
    sessions = SavedSessions(tmp_path)
    sessions.save("a", JOURNAL)
    with pytest.raises(UsageError, match="already"):
        sessions.save("a", {"names": []})
    assert sessions.read("a").names == ("a",)
    sessions.save("a", {"names": []}, replace=True)
    assert sessions.read("a").names == ()


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".x", "a b", "x.lock", "x.json", "-x", "a\n"])
def test_name_that_cannot_be(tmp_path: Path, name: str) -> None:
    """A name stays in the folder, and can be typed."""
    with pytest.raises(UsageError, match="cannot be the name"):
        SavedSessions(tmp_path).save(name, JOURNAL)
    assert list(tmp_path.iterdir()) == []


def test_session_that_is_not_there_offers_the_nearest(tmp_path: Path) -> None:
    """A misspelt name is answered."""
    sessions = SavedSessions(tmp_path)
    sessions.save("tickets", JOURNAL)
    with pytest.raises(UsageError) as caught:
        sessions.read("tikets")
    assert "tickets" in str(caught.value.hint)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"names": 3}', '{"names": [{}]}', "null"])
def test_damaged_session_is_said(tmp_path: Path, text: str) -> None:
    """It is an error with the file's name, and no crash."""
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(StorageError, match=r"a\.json"):
        SavedSessions(tmp_path).read("a")


def test_session_is_open_in_one_shell(tmp_path: Path) -> None:
    """The second is refused and told where; the first going lets it in."""
    sessions = SavedSessions(tmp_path)
    sessions.save("a", JOURNAL)
    with closing(sessions.open("a")):
        assert sessions.is_open("a")
        with pytest.raises(UsageError, match="open in another shell"):
            sessions.open("a")
        with pytest.raises(UsageError, match="open"):
            sessions.remove("a")
    assert not sessions.is_open("a")
    sessions.open("a").close()


def test_process_that_is_killed_holds_nothing(tmp_path: Path) -> None:
    """The lock ends with its process, however that ended."""
    program = (
        "import sys, pathlib, time; from hfshell.journal.saved import SavedSessions\n"
        "lock = SavedSessions(pathlib.Path(sys.argv[1])).open('a'); print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    sessions = SavedSessions(tmp_path)
    assert sessions.is_open("a")
    with pytest.raises(UsageError, match=str(child.pid)):
        sessions.refuse_if_open_elsewhere("a")
    child.kill()
    child.wait()
    child.stdout.close()
    assert not sessions.is_open("a")
    sessions.refuse_if_open_elsewhere("a")


def test_relative_model_is_found_from_elsewhere(tmp_path: Path) -> None:
    """What was relative starts from where the journal was written."""
    (tmp_path / "there" / "tiny").mkdir(parents=True)
    recipes = {"a": "./tiny", "b": "tiny", "c": "starter:minilm", "d": "/abs", "e": "org/name", "f": "~/m"}
    journal = {
        "folder": str(tmp_path / "there"),
        "names": [
            {"name": name, "kind": "model", "recipe": {"source": source}} for name, source in recipes.items()
        ],
        "current_model": {"name": "a", "recipe": {"source": "./tiny"}},
    }
    (tmp_path / "names.json").write_text(json.dumps(journal))
    found = file.read(tmp_path / "names.json").content
    absolute = str(tmp_path / "there" / "tiny")
    sources = [entry["recipe"]["source"] for entry in found["names"]]
    assert sources == [absolute, absolute, "starter:minilm", "/abs", "org/name", "~/m"]
    assert found["current_model"]["recipe"]["source"] == absolute
