"""The lines around the prompt: what fits is shown, the most important first."""

from __future__ import annotations

from pathlib import Path

import pytest
from prompt_toolkit.formatted_text import fragment_list_to_text

from hfshell.api.requests import NameInfo
from hfshell.api.results import KernelStatus
from hfshell.shell import banner as banner_module
from hfshell.shell.banner import banner
from hfshell.shell.toolbar import toolbar
from tests.shell.fake_supervisor import NAMES

GIGABYTE = 2**30


def status(state: str) -> KernelStatus:
    """A kernel of 0.9 GB on a machine of 23.4 GB."""
    return KernelStatus(
        state=state,
        pid=1,
        uptime_seconds=1.0,
        restarts=0,
        memory_used=int(0.9 * GIGABYTE),
        memory_total=int(23.4 * GIGABYTE),
        device="cpu",
    )


def text(kernel: KernelStatus | None, names: tuple[NameInfo, ...], width: int) -> str:
    """The toolbar without its colours."""
    return fragment_list_to_text(toolbar(kernel, names, width))


def test_memory_models_kernel_and_keys() -> None:
    """Everything, where there is room: the current model has a star."""
    line = text(status("idle"), NAMES, 120)
    assert line == " cpu 0.9/23.4 GB │ base router* │ kernel idle │ F1 help  Ctrl-R history  Ctrl-D leave"


def test_parked_models_say_so() -> None:
    """A model whose weights were given back is still a name."""
    assert "story(parked)" in text(status("idle"), (NameInfo("story", "model", state="parked"),), 120)


@pytest.mark.parametrize("width", [80, 45, 30, 14, 3])
def test_the_kernel_is_said_last_of_all_to_go(width: int) -> None:
    """A narrow screen loses the keys, then the models, then the memory; never a character too many."""
    line = text(status("busy"), NAMES, width)
    assert len(line) <= width
    assert ("kernel busy" in line) == (width >= 14)


def test_a_kernel_that_was_never_asked() -> None:
    """Before anything is known the kernel is starting."""
    assert text(None, (), 80).startswith(" kernel starting")


def test_banner_says_what_the_machine_has() -> None:
    """The first line names the program, the processor, the memory and how to go on."""
    name, facts = banner(120)
    assert name.startswith("hfshell ")
    assert "GB free" in facts
    assert facts.endswith("Ctrl-D leaves")


@pytest.mark.parametrize("width", [80, 40, 12])
def test_banner_fits(width: int) -> None:
    """One line stays one line."""
    assert len("".join(banner(width))) <= width


def test_processors_that_a_driver_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphics processors are counted without importing torch, unless they are hidden."""
    for number in range(2):
        (tmp_path / str(number)).mkdir()
    monkeypatch.setattr(banner_module, "_NVIDIA", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert banner_module.processor() == "2 gpus"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert banner_module.processor() == "cpu"
