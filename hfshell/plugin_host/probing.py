"""Has plugins probed: starts the process that imports them, and waits for what it says, but not for ever."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import islice

from hfshell.plugin_host.answering import answering
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import Failure
from hfshell.plugin_host.manifest import Manifest

SECONDS_VARIABLE = "HFSHELL_PLUGIN_SECONDS"
SECONDS = 30.0
"""What a plugin may take to be imported and asked; importing torch by mistake on a busy machine fits in."""

_START_SECONDS = 30.0


def probe_plugins(plugins: Sequence[Discovered]) -> list[Manifest]:
    """Import plugins in another process, and return what each gives, in their order."""
    seconds = time_limit()
    rounds = -(-len(plugins) // (os.cpu_count() or 1))
    manifests: list[Manifest | None] = [None] * len(plugins)
    for index, manifest in _answers(plugins, seconds, _START_SECONDS + rounds * (seconds + 2)):
        manifests[index] = manifest
    lost = Manifest("failed", failure=Failure("the process that imports plugins was lost", ""))
    return [manifest or lost for manifest in manifests]


def time_limit() -> float:
    """Seconds that a plugin may take to be imported and asked."""
    try:
        return float(os.environ[SECONDS_VARIABLE])
    except (KeyError, ValueError):
        return SECONDS


def _answers(
    plugins: Sequence[Discovered], seconds: float, patience: float
) -> Iterator[tuple[int, Manifest]]:
    request = {
        "path": sys.path,
        "seconds": seconds,
        "plugins": [{"name": plugin.name, "module": plugin.module} for plugin in plugins],
    }
    with answering("hfshell.plugin_host.probe", told=json.dumps(request).encode()) as asked:
        for line in islice(asked.lines(patience), len(plugins)):
            answer = json.loads(line)
            yield answer["index"], Manifest.from_dict(answer["manifest"])
