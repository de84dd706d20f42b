"""Asks all installed plugins what they give, and says in JSON how things are afterwards. Run by the matrix.

With `uncontained`, plugins are imported here, as if nothing had been built against them.
"""

from __future__ import annotations

import builtins
import json
import os
import sys
import threading

from hfshell.plugin_host import PluginHost, manifests
from hfshell.plugin_host.gathering import gather
from hfshell.plugin_host.manifest import Manifest

ASKING = "now they are asked"
"""Written to the error output before any plugin's code runs."""


def import_here(plugins):
    """Import plugins in this process, catching nothing."""
    return [Manifest("ready", gather(plugin.module, plugin.name)) for plugin in plugins]


def main() -> None:
    """Ask, and report."""
    if sys.argv[1] == "uncontained":
        import hfshell.plugin_host.probing

        hfshell.plugin_host.probing.probe_plugins = import_here
    assert manifests  # the module that calls it
    pid, sort = os.getpid(), builtins.sorted
    host = PluginHost()
    print(ASKING, file=sys.stderr, flush=True)
    records = {record.plugin.name: record for record in host.records()}
    if os.getpid() != pid:
        print("a fork came back")
        return
    alive = [thread for thread in threading.enumerate() if not thread.daemon]
    report = {
        "states": {name: record.state for name, record in records.items()},
        "said": {
            name: [*([record.failure.summary] if record.failure else []), *record.remarks]
            for name, record in records.items()
        },
        "notices": list(host.notices()),
        "most": max(len(record.declarations.specs) for record in records.values()),
        "patched": builtins.sorted is not sort,
        "threads": len(alive),
    }
    print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
