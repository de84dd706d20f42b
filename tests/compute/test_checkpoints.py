"""A run goes on only from a checkpoint that is whole, complete and of the same request."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from hfshell.compute import checkpoints
from hfshell.errors import TrainingError
from hfshell.storage import MANIFEST, staged_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = (*checkpoints.REQUIRED_FILES, "model.safetensors")


def make(root: Path, *steps: int, leave_out: str | None = None) -> Path:
    for step in steps:
        identity = {"seed": 42, "step": step}
        with staged_folder(checkpoints.checkpoint_path(root, step), identity) as folder:
            for name in FILES:
                if name != leave_out:
                    (folder / name).write_text(f"{name} of step {step}" * 20)
    return checkpoints.checkpoint_path(root, steps[-1])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def exchange(path: Path) -> None:
    shutil.copy(path.parent.parent / "checkpoint-1" / path.name, path)


def remove(path: Path) -> None:
    path.unlink()


def test_the_newest_is_by_step_not_by_name_or_time(tmp_path: Path) -> None:
    """Step 10 is newer than step 9, whichever was written first."""
    make(tmp_path, 10, 9, 2)
    (tmp_path / "checkpoint-99x").mkdir()
    (tmp_path / "checkpoint-100").write_text("a file")
    search = checkpoints.find_newest(tmp_path)
    assert search.newest is not None
    assert search.newest.step == 10
    assert search.newest.identity["seed"] == 42
    assert search.refused == ()
    assert [step for step, _ in checkpoints.list_checkpoints(tmp_path)] == [2, 9, 10]


@pytest.mark.parametrize("damage", [cut, flip, empty, exchange, remove])
@pytest.mark.parametrize("name", [*FILES, MANIFEST])
def test_a_damaged_checkpoint_is_passed_over(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    """Whatever happens to whichever file, the checkpoint before is taken, and the file is named."""
    make(tmp_path, 1, 2, 3)
    damage(tmp_path / "checkpoint-3" / name)
    search = checkpoints.find_newest(tmp_path)
    assert search.newest is not None
    assert search.newest.step == 2
    [(folder, faults)] = search.refused
    assert folder.name == "checkpoint-3"
    assert damage is exchange or any(name in fault for fault in faults)
    with pytest.raises(TrainingError, match="checkpoint-3 cannot be resumed from"):
        checkpoints.open_checkpoint(folder)


@pytest.mark.parametrize("name", FILES)
def test_an_incomplete_state_is_refused_although_it_verifies(tmp_path: Path, name: str) -> None:
    """Without optimizer, scheduler, random numbers or weights a run would go on to other weights."""
    folder = make(tmp_path, 4, leave_out=name)
    said = "its weights are missing" if name == "model.safetensors" else f"{name} is missing"
    assert checkpoints.faults_of(folder) == (said,)
    assert checkpoints.find_newest(tmp_path).newest is None


def test_a_renamed_checkpoint_is_refused(tmp_path: Path) -> None:
    """The step is in the manifest: an old checkpoint cannot pass for a new one."""
    make(tmp_path, 5).rename(tmp_path / "checkpoint-9")
    assert checkpoints.find_newest(tmp_path).refused[0][1] == ("it holds step 5",)


def test_a_folder_of_a_stock_trainer_is_refused(tmp_path: Path) -> None:
    """Without a manifest nothing vouches for the files."""
    folder = tmp_path / "checkpoint-5"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text(name)
    assert checkpoints.faults_of(folder) == (f"{MANIFEST} cannot be read (No such file or directory)",)


def test_no_folder_is_no_checkpoint(tmp_path: Path) -> None:
    """A run that was killed before it made its folder is a run without checkpoints."""
    assert checkpoints.find_newest(tmp_path / "nowhere") == checkpoints.Search(None)


def test_pruning_keeps_the_newest_and_the_best(tmp_path: Path) -> None:
    """Two newest and the best stay; no trash is left."""
    make(tmp_path, 1, 2, 3, 4, 5)
    checkpoints.prune(tmp_path, 2, {2})
    assert [step for step, _ in checkpoints.list_checkpoints(tmp_path)] == [2, 4, 5]
    checkpoints.clear(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_differences_say_what_changed() -> None:
    """Old and new value of each setting, nested ones too; the step and versions are not settings."""
    saved = {"step": 3, "seed": 42, "options": {"epochs": 3, "shape": [1, 2]}, "versions": {"torch": "1"}}
    wanted = {
        "seed": 7,
        "options": {"epochs": 3.0, "shape": (1, 2)},
        "data": "f00",
        "versions": {"torch": "2"},
    }
    assert checkpoints.differences(saved, wanted) == ("data was not given, now f00", "seed was 42, now 7")
    assert checkpoints.changed_versions(saved, wanted) == ("torch was 1, now 2",)
    assert checkpoints.differences(saved, saved) == ()
