"""What a prompt leaves behind that was not left: offered once, never while it lives, restored once."""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path

from hfshell.journal.crashed import crashed, mark_offered, mark_restored, own

JOURNAL = {"schema": 1, "names": [{"name": "a", "kind": "value", "recipe": {"text": "1"}}]}


def left_behind(kernels: Path, name: str, *, journal: object = JOURNAL, second: int = 1) -> Path:
    """A folder as a prompt that was killed leaves it."""
    folder = kernels / name
    own(folder).close()
    (folder / "names.json").write_text(json.dumps(journal))
    os.utime(folder / "names.json", (second, second))
    return folder


def test_newest_comes_first(tmp_path: Path) -> None:
    """Of several the last one is meant."""
    left_behind(tmp_path, "1-a", second=5)
    left_behind(tmp_path, "2-b", second=9)
    assert [journal.path.parent.name for journal in crashed(tmp_path)] == ["2-b", "1-a"]


def test_living_prompt_is_not_offered(tmp_path: Path) -> None:
    """Two shells at once leave each other's names alone."""
    folder = left_behind(tmp_path, "1-a")
    with closing(own(folder)):
        assert crashed(tmp_path) == []
    assert len(crashed(tmp_path)) == 1


def test_folder_of_a_script_is_not_offered(tmp_path: Path) -> None:
    """Scripts have checkpoints for that."""
    (tmp_path / "1-a").mkdir()
    (tmp_path / "1-a" / "names.json").write_text(json.dumps(JOURNAL))
    assert crashed(tmp_path) == []


def test_session_without_names_is_not_offered(tmp_path: Path) -> None:
    """There is nothing to bring back; neither from a damaged journal, or from none."""
    left_behind(tmp_path, "1-a", journal={"names": []})
    left_behind(tmp_path, "2-b", journal=[])
    own(tmp_path / "3-c").close()
    assert crashed(tmp_path) == []


def test_offer_is_made_once(tmp_path: Path) -> None:
    """Who left without taking it is not asked again, and can restore it all the same."""
    left_behind(tmp_path, "1-a")
    (journal,) = crashed(tmp_path, offered=False)
    mark_offered(journal)
    assert crashed(tmp_path, offered=False) == []
    assert len(crashed(tmp_path)) == 1


def test_what_was_restored_is_gone(tmp_path: Path) -> None:
    """It is not brought back twice."""
    left_behind(tmp_path, "1-a")
    mark_restored(crashed(tmp_path)[0])
    assert crashed(tmp_path) == []


def test_no_folder_is_no_crash(tmp_path: Path) -> None:
    """The first start finds nothing."""
    assert crashed(tmp_path / "kernels") == []


def test_folder_that_goes_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """Another shell may clean up at the same time."""
    folder = left_behind(tmp_path, "1-a")
    (journal,) = crashed(tmp_path)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    mark_restored(journal)
    mark_offered(journal)
    assert crashed(tmp_path) == []
