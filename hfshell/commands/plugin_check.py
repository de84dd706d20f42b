"""`plugins check NAME`: runs the kit's checks on a plugin, in a process of their own."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.results import CheckRow, PluginCheck
from hfshell.errors import PluginError, UsageError, error_from_dict
from hfshell.plugin_host.answering import answering

if TYPE_CHECKING:
    from hfshell.plugin_host import PluginHost

PATIENCE_SECONDS = 300.0
"""A check that says nothing for so long hangs; importing torch on a busy machine fits in many times."""


def check_plugin(
    plugins: PluginHost, name: str, *, data: str | None = None, patience: float = PATIENCE_SECONDS
) -> PluginCheck:
    """Check a plugin, or all of a package. Nothing of it is imported here.

    Args:
        plugins: where it is listed.
        name: its name, or the package's.
        data: a file of rows that suit its task; None for rows that the kit makes.
        patience: seconds after which a check that says nothing is broken off.

    Raises:
        UsageError: there is no such plugin, or no such file.
        PluginError: it is disabled.
    """
    if data is not None and not Path(data).expanduser().is_file():
        raise UsageError(f"there is no file {data}")
    records = plugins.named(name)
    disabled = next((record.plugin.disabled for record in records), None)
    if disabled:
        raise PluginError(f"{name} is off: {disabled}")
    began = time.monotonic()
    heard = _Heard()
    own_data = [] if data is None else [str(Path(data).expanduser().resolve())]
    ended = _listen([name, *own_data], heard, patience)
    if heard.error is not None:
        raise error_from_dict(heard.error)
    if heard.running is not None:
        heard.rows.append(_cut_off(heard.running, ended))
    plugin = records[0].plugin
    return PluginCheck(
        name=name,
        distribution=plugin.distribution,
        version=plugin.version,
        checks=tuple(heard.rows),
        seconds=time.monotonic() - began,
    )


@dataclass
class _Heard:
    """What the process said so far.

    Attributes:
        rows: what came of the checks.
        running: the check that began and has not ended, and its task.
        error: why there are none.
    """

    rows: list[CheckRow] = field(default_factory=list)
    running: dict[str, Any] | None = field(default_factory=lambda: {"begin": "import", "task": None})
    error: dict[str, Any] | None = None

    def line(self, said: dict[str, Any]) -> None:
        """Take note of a line."""
        if "error" in said:
            self.error = said["error"]
        elif "begin" in said:
            self.running = said
        else:
            self.running = None
            self.rows.append(CheckRow(name=said.pop("check"), **said))


def _cut_off(running: dict[str, Any], ended: str) -> CheckRow:
    """Blame the check that ran when its process ended before its time."""
    hint = "its code ended the process, or hangs in it"
    return CheckRow(name=running["begin"], state="failed", message=ended, hint=hint, task=running["task"])


def _listen(words: Sequence[str], heard: _Heard, patience: float) -> str:
    """Have the checks run; return how their process ended, in words."""
    with answering("hfshell.testing.check", *words) as checking:
        process = checking.process
        for line in checking.lines(patience):
            heard.line(json.loads(line))
        silent = process.poll() is None and not _ends(process)
    if silent:
        return f"there was no sign of life for {patience:g} s"
    code = process.returncode
    return f"it crashed ({signal.Signals(-code).name})" if code < 0 else f"it ended with exit code {code}"


def _ends(process: subprocess.Popen[bytes]) -> bool:
    """Give a process that said all a moment to end by itself."""
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        return False
    return True
