"""The line under the prompt: memory, models, what the kernel does, and what keys do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text.utils import fragment_list_width

from hfshell.shell.banner import processor
from hfshell.shell.late_imports import LATE_IMPORTS

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from hfshell.api.requests import NameInfo
    from hfshell.api.results import KernelStatus

_GIGABYTE = 1024**3
_KEYS = "F1 help  Ctrl-R history  Ctrl-D leave"
_STATES = {"busy": "class:toolbar.busy", "starting": "class:toolbar.busy", "dead": "class:toolbar.bad"}
_LONG_LINE, _SHORT_LINE = 40, 14  # cells of the line that runs
_FEW_MODELS = 2
_WORTH_SAYING = 1.0  # seconds


def toolbar(
    status: KernelStatus | None, names: Sequence[NameInfo], width: int, *, ascii_only: bool = False
) -> StyleAndTextTuples:
    """Return the toolbar's pieces; what does not fit is shortened or left out, the least important first.

    Args:
        status: how the kernel is; None while nothing is known.
        names: what is bound.
        width: of the screen, in cells.
        ascii_only: whether the screen shows nothing else.
    """
    separator = " | " if ascii_only else " │ "
    for groups in _choices(status, names, ascii_only=ascii_only):
        line = _joined([group for group in groups if group], separator)
        if fragment_list_width(line) <= width:
            return line
    return []


def _choices(
    status: KernelStatus | None, names: Sequence[NameInfo], *, ascii_only: bool
) -> Iterator[tuple[StyleAndTextTuples, ...]]:
    """Yield what might be shown, from everything to the least."""
    keys: StyleAndTextTuples = [("class:toolbar", _KEYS)]
    models = [info for info in names if info.kind == "model"]
    memory, memory_free = _memory(status), _memory(status, free=True)
    everyone, few, current = (_models(models, most) for most in (len(models), _FEW_MODELS, 1))
    kernel, short = (_kernel(status, cells, ascii_only=ascii_only) for cells in (_LONG_LINE, _SHORT_LINE))
    yield memory_free, everyone, kernel, keys
    yield memory_free, everyone, kernel
    yield memory, everyone, kernel
    yield memory, few, kernel
    yield memory, few, short
    yield memory, current, short
    yield memory, short
    yield (short,)
    yield (_kernel(status, 0, ascii_only=ascii_only),)


def _joined(groups: Sequence[StyleAndTextTuples], separator: str) -> StyleAndTextTuples:
    line: StyleAndTextTuples = [("", " ")]
    for index, group in enumerate(groups):
        if index:
            line.append(("class:toolbar", separator))
        line.extend(group)
    return line


def _kernel(status: KernelStatus | None, cells: int, *, ascii_only: bool) -> StyleAndTextTuples:
    """Return the kernel's state; while it is busy with what, for how long, and how much waits.

    Args:
        status: how the kernel is.
        cells: how much of the line that runs is shown; with none, nothing but the state.
        ascii_only: whether the screen shows nothing else.
    """
    state = status.state if status else "starting"
    pieces: StyleAndTextTuples = [
        ("class:toolbar", "kernel "), (_STATES.get(state, "class:toolbar.value"), state),
    ]  # fmt: skip
    if status is None or not cells:
        return pieces
    if state == "starting" and status.uptime_seconds >= _WORTH_SAYING:
        pieces.append(("class:toolbar", f" {_clock(status.uptime_seconds)}"))
    if status.running:
        with LATE_IMPORTS:
            from hfshell.render.safe_text import one_line

        pieces.append(("class:toolbar.value", f" {one_line(status.running, cells, plain=ascii_only)}"))
        pieces.append(("class:toolbar", f" {_clock(status.running_seconds)}"))
    if status.waiting:
        pieces.append(("class:toolbar", f" +{status.waiting}{' waiting' if cells > _SHORT_LINE else ''}"))
    return pieces


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _memory(status: KernelStatus | None, *, free: bool = False) -> StyleAndTextTuples:
    if status is None or not status.memory_total:
        return [("class:toolbar", _device(status))] if status is not None and status.device else []
    used, total = status.memory_used / _GIGABYTE, status.memory_total / _GIGABYTE
    pieces: StyleAndTextTuples = [
        ("class:toolbar", f"{_device(status)} "), ("class:toolbar.value", f"{used:.1f}/{total:.1f} GB"),
    ]  # fmt: skip
    if free and status.memory_free is not None:
        pieces.append(("class:toolbar", f", {status.memory_free / _GIGABYTE:.1f} free"))
    return pieces


def _device(status: KernelStatus) -> str:
    if status.device not in ("", "auto"):
        return status.device
    return "cpu" if processor() == "cpu" else "memory"


def _models(models: Sequence[NameInfo], most: int) -> StyleAndTextTuples:
    """Return the models with their state; the current one has a star, and is there in any case."""
    shown = sorted(models, key=lambda info: not info.current)[:most]
    pieces: StyleAndTextTuples = []
    for info in models:
        if info not in shown:
            continue
        if pieces:
            pieces.append(("", " "))
        pieces.append(("class:toolbar.current" if info.current else "class:toolbar.value", info.name))
        state = f"({info.state})" if info.state not in ("", "warm") else ""
        pieces.append(("class:toolbar", ("*" if info.current else "") + state))
    if len(models) > len(shown):
        pieces.append(("class:toolbar", f" +{len(models) - len(shown)}"))
    return pieces
