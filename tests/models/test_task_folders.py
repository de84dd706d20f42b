"""Folders that a task reads itself: whole or refused, and told apart from those of transformers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfshell.errors import ModelError, Refused, StorageError
from hfshell.models.inspection import inspect_folder
from hfshell.models.saving import save_task_model
from hfshell.models.sidecar import read_sidecar, read_trained_on
from hfshell.models.task_model import TaskModel
from hfshell.storage import verify
from tests.models import tiny

SEEN = frozenset({"0" * 32, "f" * 32})


def write(folder: Path) -> None:
    """What a task's `save` may do."""
    (folder / "words.json").write_text('{"words": 3}')
    (folder / "inner").mkdir()
    (folder / "inner" / "numbers.bin").write_bytes(bytes(1000))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder as a task saved it."""
    model = TaskModel("bayes:x", "bayes", object(), labels=("b", "a"), trained_on=SEEN)
    save_task_model(model, write, tmp_path / "saved", plugin=("hfshell-bayes", "0.1"))
    return tmp_path / "saved"


def test_says_what_it_is(saved: Path) -> None:
    """Task, labels, plugin and the rows seen stand beside the task's own files, all in the manifest."""
    assert verify(saved) == []
    sidecar = read_sidecar(saved)
    assert sidecar is not None
    assert (sidecar.task, sidecar.format, sidecar.labels) == ("bayes", "task", ("b", "a"))
    assert sidecar.plugin == ("hfshell-bayes", "0.1")
    assert read_trained_on(saved) == SEEN


def test_is_a_model_without_a_configuration(saved: Path) -> None:
    """No config.json is asked for; the size is that of all files."""
    files = inspect_folder(saved, source="run:7f3a91")
    assert (files.source, files.task, files.labels) == ("run:7f3a91", "bayes", ("b", "a"))
    assert (files.model_type, files.architectures) == ("", ())
    assert files.weight_bytes > 1000


def test_configuration_of_its_own_is_its_own_affair(saved: Path) -> None:
    """A task may write a config.json that transformers would not understand."""
    (saved / "MANIFEST.json").unlink()
    (saved / "config.json").write_text('{"alpha": 1.0}')
    assert inspect_folder(saved, source="x").task == "bayes"


def test_code_in_a_configuration_is_refused(saved: Path) -> None:
    """A task may hand the folder to transformers, so what that would run is looked for all the same."""
    (saved / "MANIFEST.json").unlink()
    (saved / "config.json").write_text('{"auto_map": {"AutoModel": "evil.Model"}}')
    with pytest.raises(Refused, match="code of its own"):
        inspect_folder(saved, source="x")


@pytest.mark.parametrize("name", ["words.json", "inner/numbers.bin"])
def test_damage_in_any_file(saved: Path, name: str) -> None:
    """Nobody knows which files matter, so all of them do."""
    content = (saved / name).read_bytes()
    (saved / name).write_bytes(content[:-1] + b"\x01")
    with pytest.raises(ModelError, match=f"{name} was changed"):
        inspect_folder(saved, source="x")
    (saved / name).unlink()
    with pytest.raises(ModelError, match=f"half-copied: {name} is missing"):
        inspect_folder(saved, source="x")


def test_failed_save_leaves_nothing(tmp_path: Path) -> None:
    """A task that fails half-way leaves no half folder, and an older one as it was."""
    model = TaskModel("bayes:x", "bayes", object())
    save_task_model(model, write, tmp_path / "saved")

    def fail(folder: Path) -> None:
        write(folder)
        raise ZeroDivisionError

    for replace in (False, True):
        target = tmp_path / ("saved" if replace else "other")
        with pytest.raises(ZeroDivisionError):
            save_task_model(model, fail, target, replace=replace)
    with pytest.raises(StorageError, match="there already"):
        save_task_model(model, write, tmp_path / "saved")
    assert [path.name for path in tmp_path.iterdir()] == ["saved"]
    assert verify(tmp_path / "saved") == []


def test_any_files_only_for_a_task_that_reads_them(tmp_path: Path) -> None:
    """A folder of unknown files is a model when a task is named that may know them, and else an error."""
    (tmp_path / "vectors.txt").write_text("abc")
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        inspect_folder(tmp_path, source="x")
    files = inspect_folder(tmp_path, source="x", any_files=True)
    assert (files.weight_bytes, files.task, files.model_type) == (3, None, "")


def test_a_model_of_transformers_stays_one(tmp_path: Path) -> None:
    """A task that reads its models itself may be given a model of transformers, described as such."""
    files = inspect_folder(tiny.bert(tmp_path / "m"), source="x", any_files=True)
    assert (files.model_type, files.architectures) == ("bert", ("BertModel",))


@pytest.mark.parametrize(
    "content",
    [
        {"task": 5, "format": "task"},
        {"format": "task"},
        {"task": "bayes", "format": "other"},
        {"task": "bayes", "plugin": {"distribution": 1, "version": "2"}, "labels": "ab"},
    ],
)
def test_a_sidecar_of_other_shape_is_no_fault(tmp_path: Path, content: dict[str, object]) -> None:
    """What older or newer versions wrote is no reason to fail; only a task's own folder is taken for one."""
    (tmp_path / "hfshell.json").write_text(json.dumps(content))
    sidecar = read_sidecar(tmp_path)
    assert sidecar is not None
    assert (sidecar.format, sidecar.plugin, sidecar.labels) == ("transformers", None, ())
