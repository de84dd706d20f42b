"""Devices are resolved or refused, memory is measured, and what does not fit is spread."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import transformers

from hfshell.errors import ModelError
from hfshell.models import memory, placement
from hfshell.models.loading import Head, load_model
from tests.models import tiny

HEAD = Head("AutoModelForSequenceClassification")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A classifier whose layers can be told apart by size."""
    return tiny.bert(tmp_path / "m", labels=("a", "b"), num_hidden_layers=4, hidden_size=64)


def answers(model: object) -> torch.Tensor:
    with torch.inference_mode():
        words = model.processor(["my card", "where is my parcel now"], padding=True, return_tensors="pt")  # type: ignore[attr-defined]
        return model.module(**words).logits  # type: ignore[attr-defined]


def test_auto_is_a_device_of_this_machine() -> None:
    """An accelerator when there is one, else the processor."""
    assert placement.choose_device("auto") == (placement.devices()[1:2] or ("cpu",))[0]
    assert placement.choose_device("cpu") == "cpu"


@pytest.mark.parametrize("device", ["cuda:99", "tpu", "cuda:x", "", "cpu:1"])
def test_device_that_is_not_there(device: str) -> None:
    """The devices that are there are named."""
    with pytest.raises(ModelError, match="there is no device") as caught:
        placement.choose_device(device)
    assert caught.value.hint is not None
    assert "cpu" in caught.value.hint


def test_memory_adds_up() -> None:
    """Used, free and total are of one machine."""
    found = placement.memory("cpu")
    assert 0 < found.used < found.total
    assert 0 < found.free < found.total


def test_memory_of_a_container(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A container's limit counts, not the memory of the machine around it."""
    (tmp_path / "memory.max").write_text(f"{4 * 2**30}\n")
    monkeypatch.setattr(memory, "_CGROUP", tmp_path)
    found = placement.memory("cpu")
    assert found.total == 4 * 2**30
    assert found.free <= 4 * 2**30 - found.used
    (tmp_path / "memory.max").write_text("max\n")
    assert placement.memory("cpu").total > 0


def test_model_that_fits_is_placed_whole(folder: Path) -> None:
    """No hooks, no map: the plain module."""
    model = load_model(tiny.files(folder), HEAD)
    assert not hasattr(model.module, "_hf_hook")


def test_model_larger_than_memory_answers_from_disk(folder: Path) -> None:
    """Half of it stays on disk; the answers are the same."""
    whole = load_model(tiny.files(folder), HEAD)
    limit = {"cpu": whole.bytes // 2, "disk": 10 * whole.bytes}
    spread = load_model(tiny.files(folder), HEAD, max_memory=limit)
    places = set(spread.module.hf_device_map.values())
    assert places == {"cpu", "disk"}
    assert spread.bytes < whole.bytes
    assert torch.allclose(answers(spread), answers(whole), atol=1e-6)


def test_plan_keeps_layers_whole() -> None:
    """A residual block that is split over two devices computes nonsense or nothing."""
    with torch.device("meta"):
        skeleton = transformers.BertModel(transformers.BertConfig(num_hidden_layers=4))
    size = sum(weight.numel() * 4 for weight in skeleton.parameters())
    found = placement.plan(skeleton, "cpu", torch.float32, {"cpu": int(0.8 * size), "disk": 10**12})
    layers = [name for name in found if name.startswith("encoder.layer")]
    assert layers
    assert all(name.count(".") == 2 for name in layers)


@pytest.mark.gpu
def test_accelerator_computes_the_same(folder: Path) -> None:
    """A model on the accelerator answers as on the processor."""
    device = placement.choose_device("auto")
    assert device != "cpu"
    there, here = load_model(tiny.files(folder), HEAD, device=device), load_model(tiny.files(folder), HEAD)
    words = here.processor(["my card was charged"], return_tensors="pt")
    with torch.inference_mode():
        far = there.module(**words.to(device)).logits.cpu()
        assert torch.allclose(far, here.module(**words.to("cpu")).logits, atol=1e-4)
    assert placement.memory(device).used > 0
