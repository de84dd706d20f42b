"""The lines around the prompt: what fits is shown, the most important first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.formatted_text import fragment_list_to_text
from prompt_toolkit.utils import get_cwidth

from hfshell.api.requests import NameInfo
from hfshell.api.results import KernelStatus
from hfshell.shell import banner as banner_module
from hfshell.shell.banner import banner, greeting
from hfshell.shell.toolbar import toolbar
from tests.shell.fake_supervisor import NAMES

GIGABYTE = 2**30


def status(state: str, **more: Any) -> KernelStatus:
    """A kernel of 0.9 GB on a machine of 23.4 GB."""
    return KernelStatus(
        state=state,
        pid=1,
        uptime_seconds=more.pop("uptime_seconds", 0.5),
        restarts=0,
        memory_used=int(0.9 * GIGABYTE),
        memory_total=int(23.4 * GIGABYTE),
        device="cpu",
        **more,
    )


def text(
    kernel: KernelStatus | None, names: tuple[NameInfo, ...], width: int, *, ascii_only: bool = False
) -> str:
    """The toolbar without its colours."""
    return fragment_list_to_text(toolbar(kernel, names, width, ascii_only=ascii_only))


def test_memory_models_kernel_and_keys() -> None:
    """Everything, where there is room: the current model has a star."""
    line = text(status("idle", memory_free=21 * GIGABYTE), NAMES, 120)
    assert line == (
        " cpu 0.9/23.4 GB, 21.0 free │ base router* │ kernel idle │ F1 help  Ctrl-R history  Ctrl-D leave"
    )


def test_models_say_how_they_are() -> None:
    """A model whose weights were given back is still a name; one that was left half-trained is marked."""
    names = (NameInfo("story", "model", state="parked"), NameInfo("half", "model", state="dirty"))
    assert "story(parked) half(dirty)" in text(status("idle"), names, 120)


RUNNING = status(
    "busy", running="m = finetune base rows\n--epochs 3", running_seconds=83, waiting=2,
    memory_free=21 * GIGABYTE,
)  # fmt: skip


def test_what_the_kernel_is_busy_with() -> None:
    """The line, for how long, and how much waits, whoever asked for it."""
    assert "kernel busy m = finetune base rows⏎--epochs 3 1:23 +2 waiting" in text(RUNNING, (), 140)


def test_hours_of_work() -> None:
    """Long work is counted in hours."""
    assert " 2:00:05" in text(status("busy", running="models", running_seconds=7205), (), 140)


def test_a_start_that_takes_its_time() -> None:
    """Somebody who waits sees for how long."""
    assert "kernel starting 0:12" in text(status("starting", uptime_seconds=12.3), (), 80)


def test_a_screen_without_unicode() -> None:
    """Nothing is shown that it cannot show."""
    line = text(RUNNING, NAMES, 140, ascii_only=True)
    assert line.isascii()
    assert "rows\\n--epochs 3" in line


MANY = tuple(NameInfo(f"model{number}", "model", state="warm", current=number == 7) for number in range(12))


@pytest.mark.parametrize(
    "kernel", [status("idle", memory_free=21 * GIGABYTE), RUNNING, status("starting"), None]
)
@pytest.mark.parametrize("width", [140, 80, 60, 45, 40, 30, 14, 3])
def test_the_kernel_is_said_last_of_all_to_go(kernel: KernelStatus | None, width: int) -> None:
    """A narrow screen loses the keys, then models, then the memory; never a character too many."""
    line = text(kernel, MANY, width)
    assert get_cwidth(line) <= width
    assert ("kernel " in line) == (width >= 20 or (width >= 14 and "starting" not in line and line != ""))
    if width >= 80:
        assert "model7*" in line
    if width >= 40 and kernel is RUNNING:
        assert "1:23" in line


def test_what_sleeps_has_no_memory_to_show() -> None:
    """Of a graphics processor that nobody woke up the name is known, and no more."""
    sleeping = replace(status("idle"), device="cuda:0", memory_total=0, memory_used=0)
    assert text(sleeping, (), 80).startswith(" cuda:0 │ kernel idle")


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
    assert "".join(banner(width, ascii_only=True)).isascii()


def test_a_greeting_with_lines_to_begin_with() -> None:
    """The lines stand below the banner as they would be typed."""
    (_, _), (_, invitation), *others = greeting(80, ("models", "help"))
    assert "new here" in invitation
    assert [loud.strip() for loud, _ in others] == ["models", "help"]
    assert len(greeting(80)) == 1


def test_processors_that_a_driver_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphics processors are counted without importing torch, unless they are hidden."""
    for number in range(2):
        (tmp_path / str(number)).mkdir()
    monkeypatch.setattr(banner_module, "_NVIDIA", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert banner_module.processor() == "2 gpus"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert banner_module.processor() == "cpu"
