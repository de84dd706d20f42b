"""What a task made is parked, saved, found again in later sessions, or said to be lost."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from hfshell import Session
from hfshell.errors import ModelError, StorageError, UsageError
from hfshell.storage import verify
from tests.session.own_tasks.shared import FINETUNE, PACKAGE, predicted
from tests.session.own_tasks.strangers.install import Site


@pytest.mark.slow
def test_a_parked_model_is_read_again(session: Session) -> None:
    """Parking frees the memory; the next mention reads the run's folder."""
    session.run(FINETUNE)
    before = predicted(session)
    assert session.run("unload m --park").bytes > 0  # type: ignore[union-attr]
    assert {row.name: row.state for row in session.warm.rows()}["m"] == "parked"
    assert predicted(session) == before


def test_load_options_survive_parking(session: Session) -> None:
    """A model comes back as it was asked for, though another command brings it back."""
    session.run("m = load bayes:multinomial --task bayes --alpha 0.25\nunload m --park")
    session.run("t = finetune m reviews")
    saved = json.loads((session.runs.list()[0].model_folder / "words.json").read_text())
    assert saved["alpha"] == 0.25
    other = session.run("n = load bayes:multinomial")
    assert not other.already_warm  # type: ignore[union-attr]


def test_run_loads_in_a_later_session(session: Session, table: Path) -> None:
    """`run:ID` finds the model, its labels and what it was trained on."""
    run = session.run(FINETUNE).run  # type: ignore[union-attr]
    before = session.run("eval m reviews.train")
    with Session() as later:
        later.run(f"reviews = data {table}")
        loaded = later.run(f"m = load run:{run}")
        after = later.run("eval m reviews.train")
    assert (loaded.task, loaded.labels) == ("bayes", ("account", "billing", "delivery"))  # type: ignore[union-attr]
    assert after.metrics == before.metrics  # type: ignore[union-attr]
    assert "leakage" in {guard.name for guard in after.guards}  # type: ignore[union-attr]


def test_a_name_outlives_its_process(site: Site, table: Path, tmp_path: Path) -> None:
    """A kernel that comes back reads the model again."""
    with Session(state=tmp_path) as session:
        session.run(f"reviews = data {table}\n{FINETUNE}")
        before = predicted(session)
    with Session(state=tmp_path) as again:
        assert predicted(again) == before


def test_saved_folder(session: Session, tmp_path: Path) -> None:
    """A folder holds the task's files and hfshell's beside them, whole; it loads without being told how."""
    session.run(FINETUNE)
    session.run(f"save m {tmp_path / 'saved'}")
    sidecar = json.loads((tmp_path / "saved" / "hfshell.json").read_text())
    assert (sidecar["task"], sidecar["format"]) == ("bayes", "task")
    assert sidecar["plugin"] == {"distribution": "hfshell-bayes", "version": "0.1"}
    assert sidecar["labels"] == ["account", "billing", "delivery"]
    assert verify(tmp_path / "saved") == []
    loaded = session.run(f"again = load {tmp_path / 'saved'}")
    assert (loaded.task, loaded.already_warm) == ("bayes", False)  # type: ignore[union-attr]
    assert predicted(session, "predict again my card was charged") == predicted(session)


@pytest.mark.slow
def test_saving_over_a_model_is_asked_for(session: Session, tmp_path: Path) -> None:
    """An older model gives way when the user says so."""
    session.run(f"{FINETUNE}\nsave m {tmp_path / 'saved'}")
    with pytest.raises(UsageError, match="there already"):
        session.run(f"save m {tmp_path / 'saved'}")
    session.run(f"n = finetune m reviews --passes 9\nsave n {tmp_path / 'saved'} --overwrite")
    assert predicted(session, f"predict {tmp_path / 'saved'} my card") == predicted(
        session, "predict n my card"
    )


@pytest.mark.parametrize("file", ["words.json", "numbers/bayes.npz"])
def test_damage_is_found(session: Session, tmp_path: Path, file: str) -> None:
    """A byte that changed, or a file that is gone, is named before the task reads anything."""
    session.run(f"{FINETUNE}\nsave m {tmp_path / 'saved'}")
    path = tmp_path / "saved" / file
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ModelError, match=f"{file} was changed"):
        session.run(f"load {tmp_path / 'saved'}")
    path.unlink()
    with pytest.raises(ModelError, match=f"half-copied: {file} is missing"):
        session.run(f"load {tmp_path / 'saved'}")


def test_a_full_disk_is_no_fault_of_the_task(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What the disk refuses is said as such, and no half folder stays."""

    def save(_self: Any, _model: Any, folder: Path) -> None:
        (folder / "half").write_text("x")
        raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    session.run(FINETUNE)
    monkeypatch.setattr(work.Bayes, "save", save)
    with pytest.raises(StorageError, match="no space left"):
        session.run(f"save m {tmp_path / 'saved'}")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_others_is_read_when_the_task_is_named(session: Session, tmp_path: Path) -> None:
    """Files that hfshell never saw are a task's affair, if the user says whose."""
    folder = session.run(FINETUNE).folder  # type: ignore[union-attr]
    for name in ("hfshell.json", "MANIFEST.json", "hfshell-trained-on.txt"):
        (Path(folder) / name).unlink()
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        session.run(f"load {folder}")
    loaded = session.run(f"theirs = load {folder} --task bayes")
    assert loaded.labels == ("account", "billing", "delivery")  # type: ignore[union-attr]
    result = session.run(f"finetune {folder} reviews --task bayes")
    assert (result.task, result.new_head) == ("bayes", False)  # type: ignore[union-attr]


def test_a_task_that_is_gone_is_named_with_its_package(session: Session, site: Site, tmp_path: Path) -> None:
    """A folder, a run and a name whose task was uninstalled say what to install."""
    run = session.run(FINETUNE).run  # type: ignore[union-attr]
    session.run(f"save m {tmp_path / 'saved'}")
    with Session(state=tmp_path) as kept:
        kept.run(f"m = load {tmp_path / 'saved'}")
    with site.without(PACKAGE), Session(state=tmp_path) as later:
        for line in (f"load {tmp_path / 'saved'}", f"load run:{run}", "show m"):
            with pytest.raises(ModelError, match=r"task bayes, which hfshell-bayes 0\.1 gave") as caught:
                later.run(line)
            assert caught.value.hint == "pip install 'hfshell-bayes>=0.1'"
        with pytest.raises(UsageError, match="no task bayes") as unknown:
            later.run("predict m my card")
        assert "hfshell-bayes" in str(unknown.value.hint)


@pytest.mark.slow
def test_a_head_whose_task_is_gone_is_named_with_its_package(
    session: Session, tmp_path: Path, tiny_model: Path
) -> None:
    """Models with a head remember too who gave their task."""
    session.run(f"base = load {tiny_model}")
    folder = Path(session.run("h = finetune base reviews --epochs 1").folder)  # type: ignore[union-attr]
    sidecar = json.loads((folder / "hfshell.json").read_text())
    assert sidecar["plugin"]["distribution"] == "hfshell"
    assert sidecar["format"] == "transformers"
    sidecar |= {"task": "toxicity", "plugin": {"distribution": "hfshell-toxicity", "version": "3.1"}}
    (folder / "hfshell.json").write_text(json.dumps(sidecar))
    with pytest.raises(ModelError, match=r"hfshell-toxicity 3\.1"):
        session.run(f"load {folder}")
    assert session.run(f"load {folder} --task text-classification").labels  # type: ignore[union-attr]


@pytest.fixture
def forgetful(work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task has no `save`."""
    monkeypatch.delattr(work.Bayes, "save")


def test_what_cannot_be_saved_lives_in_memory(session: Session, forgetful: None, tmp_path: Path) -> None:
    """It works, says that it will be lost, and is neither parked nor written nor found again."""
    result = session.run(FINETUNE)
    assert "not-saved" in {guard.name for guard in result.guards}  # type: ignore[union-attr]
    assert result.folder == ""  # type: ignore[union-attr]
    session.run("set memory 1%")
    assert predicted(session)[0].label == "billing"
    with pytest.raises(ModelError, match="m is in memory only"):
        session.run("unload m --park")
    with pytest.raises(UsageError, match="bayes cannot save"):
        session.run(f"save m {tmp_path / 'saved'}")
    assert not (tmp_path / "saved").exists()
    session.run("unload m")
    with pytest.raises(ModelError, match="kept no model"):
        session.run(f"load run:{result.run}")  # type: ignore[union-attr]
