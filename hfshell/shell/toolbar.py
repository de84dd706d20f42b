"""The line under the prompt: memory, models, the kernel, and what keys do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text.utils import fragment_list_width

from hfshell.shell.banner import processor

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from hfshell.api.requests import NameInfo
    from hfshell.api.results import KernelStatus

_GIGABYTE = 1024**3
_SEPARATOR = ("class:toolbar", " │ ")
_KEYS = "F1 help  Ctrl-R history  Ctrl-D leave"
_STATES = {"busy": "class:toolbar.busy", "starting": "class:toolbar.busy", "dead": "class:toolbar.bad"}


def toolbar(status: KernelStatus | None, names: Sequence[NameInfo], width: int) -> StyleAndTextTuples:
    """Return the toolbar's pieces; what does not fit is left out, the least important first.

    Args:
        status: how the kernel is; None while nothing is known.
        names: what is bound.
        width: of the screen, in cells.
    """
    state = status.state if status else "starting"
    kernel: StyleAndTextTuples = [
        ("class:toolbar", "kernel "),
        (_STATES.get(state, "class:toolbar.value"), state),
    ]
    keys: StyleAndTextTuples = [("class:toolbar", _KEYS)]
    memory = _memory(status)
    models = _models(names)
    for groups in ((memory, models, kernel, keys), (memory, models, kernel), (memory, kernel), (kernel,)):
        line = _joined([group for group in groups if group])
        if fragment_list_width(line) <= width:
            return line
    return []


def _joined(groups: Sequence[StyleAndTextTuples]) -> StyleAndTextTuples:
    line: StyleAndTextTuples = [("", " ")]
    for index, group in enumerate(groups):
        if index:
            line.append(_SEPARATOR)
        line.extend(group)
    return line


def _memory(status: KernelStatus | None) -> StyleAndTextTuples:
    if status is None or not status.memory_total:
        return []
    used, total = status.memory_used / _GIGABYTE, status.memory_total / _GIGABYTE
    return [("class:toolbar", f"{_device(status)} "), ("class:toolbar.value", f"{used:.1f}/{total:.1f} GB")]


def _device(status: KernelStatus) -> str:
    if status.device not in ("", "auto"):
        return status.device
    return "cpu" if processor() == "cpu" else "memory"


def _models(names: Sequence[NameInfo]) -> StyleAndTextTuples:
    pieces: StyleAndTextTuples = []
    for info in names:
        if info.kind != "model":
            continue
        if pieces:
            pieces.append(("", " "))
        pieces.append(("class:toolbar.current" if info.current else "class:toolbar.value", info.name))
        parked = "(parked)" if info.state == "parked" else ""
        pieces.append(("class:toolbar", ("*" if info.current else "") + parked))
    return pieces
