"""Run as a script: read data sets of a Hub in a fresh process, whose environment says where the Hub is.

Arguments: ids to read, each with the seconds to a cancel behind an @. A line of JSON for each: what came, and
how long it took. `HUB_PATIENCE` shortens how long the Hub may take to answer.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

from hfshell.api.cancel import CancelToken
from hfshell.api.roles import Role
from hfshell.data import DataOptions, hub, load_data
from hfshell.errors import HfshellError


def read(name: str, cancelled: CancelToken) -> dict[str, object]:
    """Read a data set and say what came of it."""
    try:
        dataset = load_data([name], DataOptions(), [[Role.text(), Role.label()]], cancelled=cancelled)
    except HfshellError as error:
        return error.to_dict()
    return {
        "splits": {split: len(rows) for split, rows in dataset.splits.items()},
        "labels": dataset.labels,
        "first": dict(dataset.test[1]),
        "place": str(dataset.row_place("test", 1)),
        "findings": {finding.name: finding.message for finding in dataset.findings},
        "fingerprint": dataset.fingerprint,
    }


hub.PROBE_SECONDS = float(os.environ.get("HUB_PATIENCE", hub.PROBE_SECONDS))
for argument in sys.argv[1:]:
    token = CancelToken()
    name, _, cancel_after = argument.partition("@")
    if cancel_after:
        threading.Timer(float(cancel_after), token.set).start()
    began = time.monotonic()
    result = read(name, token)
    print(json.dumps({**result, "seconds": time.monotonic() - began}))
