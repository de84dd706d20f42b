"""A saved folder is whole, readable by transformers, and gives the same answers."""

from __future__ import annotations

import json
import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
import transformers

from hfshell.api.models import LoadedModel
from hfshell.errors import Refused, StorageError
from hfshell.models.loading import Head, load_model
from hfshell.models.saving import save_model
from hfshell.storage import verify
from tests.models import tiny

HEAD = Head("AutoModelForSequenceClassification", "text-classification", "single_label_classification")


@pytest.fixture
def model(tmp_path: Path) -> LoadedModel:
    """A trained classifier in memory."""
    return load_model(tiny.files(tiny.bert(tmp_path / "m", labels=("billing", "refunds"))), HEAD)


def test_comes_back_bit_for_bit(model: LoadedModel, tmp_path: Path) -> None:
    """Weights, labels, task and trained rows survive."""
    model.trained_on = frozenset({"0" * 32, "f" * 32})
    save_model(model, tmp_path / "saved")
    again = load_model(tiny.files(tmp_path / "saved"), HEAD)
    assert tiny.checksum(again.module) == tiny.checksum(model.module)
    assert (again.labels, again.files.task) == (model.labels, "text-classification")
    assert again.trained_on == model.trained_on
    assert again.processor("my card")["input_ids"] == model.processor("my card")["input_ids"]


def test_plain_transformers_reads_it(model: LoadedModel, tmp_path: Path) -> None:
    """A saved model is no format of ours."""
    save_model(model, tmp_path / "saved")
    module = transformers.AutoModelForSequenceClassification.from_pretrained(tmp_path / "saved")
    words = transformers.AutoTokenizer.from_pretrained(tmp_path / "saved")
    assert module.config.id2label == {0: "billing", 1: "refunds"}
    assert torch.equal(module.classifier.weight, model.module.classifier.weight)
    assert words.pad_token_id == 0


def test_folder_is_whole_and_readable(model: LoadedModel, tmp_path: Path) -> None:
    """Every file stands in the manifest; permissions follow the umask, not safetensors' 0600."""
    save_model(model, tmp_path / "saved")
    assert verify(tmp_path / "saved") == []
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "saved").iterdir()}
    umask = os.umask(0)
    os.umask(umask)
    assert set(modes.values()) == {0o666 & ~umask}
    sidecar = json.loads((tmp_path / "saved" / "hfshell.json").read_text())
    assert sidecar["schema"] == 1
    assert sidecar["labels"] == ["billing", "refunds"]
    assert sidecar["versions"]["torch"] == torch.__version__
    assert (sidecar["format"], sidecar["plugin"]) == ("transformers", None)


def test_who_gave_the_task_is_written_down(tmp_path: Path) -> None:
    """A folder whose task is no longer installed can say what to install."""
    folder = tiny.bert(tmp_path / "m", labels=("billing", "refunds"))
    head = Head(HEAD.auto_class, HEAD.task, HEAD.problem_type, plugin=("hfshell-x", "0.3"))
    save_model(load_model(tiny.files(folder), head), tmp_path / "saved")
    sidecar = json.loads((tmp_path / "saved" / "hfshell.json").read_text())
    assert sidecar["plugin"] == {"distribution": "hfshell-x", "version": "0.3"}


def test_existing_folder_stands(model: LoadedModel, tmp_path: Path) -> None:
    """Nothing is overwritten unless that was said."""
    save_model(model, tmp_path / "saved")
    before = tiny.checksum(load_model(tiny.files(tmp_path / "saved"), HEAD).module)
    with torch.no_grad():
        model.module.classifier.weight.add_(1)
    with pytest.raises(StorageError, match="is there already"):
        save_model(model, tmp_path / "saved")
    assert tiny.checksum(load_model(tiny.files(tmp_path / "saved"), HEAD).module) == before
    save_model(model, tmp_path / "saved", replace=True)
    assert tiny.checksum(load_model(tiny.files(tmp_path / "saved"), HEAD).module) != before


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file may grow beyond 40 kB, as on a disk that fills up."""
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_full_disk_leaves_nothing(model: LoadedModel, tmp_path: Path, full_disk: None) -> None:
    """A disk that fills up is an error with a path, and no half folder."""
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(StorageError):
        save_model(model, tmp_path / "saved")
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_fresh_head_is_not_saved(tmp_path: Path) -> None:
    """On disk nothing would tell random weights from trained ones."""
    model = load_model(tiny.files(tiny.bert(tmp_path / "m")), Head(HEAD.auto_class, labels=("a", "b")))
    with pytest.raises(Refused) as caught:
        save_model(model, tmp_path / "saved")
    assert caught.value.guard == "fresh-head"
    assert not (tmp_path / "saved").exists()


def test_dirty_model_is_not_saved(model: LoadedModel, tmp_path: Path) -> None:
    """Half-trained weights are kept from the disk as from predictions."""
    model.dirty = "training was broken off in step 12"
    with pytest.raises(Refused, match="step 12") as caught:
        save_model(model, tmp_path / "saved")
    assert caught.value.guard == "dirty"


def test_odd_names_and_labels(tmp_path: Path) -> None:
    """Labels in any script, and a folder with a space, a newline and an emoji."""
    labels = ("зачёт", "退款", 'quote " and \\ slash', "[/b]")
    model = load_model(tiny.files(tiny.bert(tmp_path / "m", labels=labels)), HEAD)
    folder = tmp_path / "my\nmodel 🙂"
    save_model(model, folder)
    assert tiny.files(folder).labels == labels
