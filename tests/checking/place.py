"""A folder with data and scripts, and the checker in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from hfshell.checking import Diagnostic, check_source
from hfshell.commands.table import CommandTable
from hfshell.language import Source
from hfshell.plugin_host import PluginHost

PLUGINS = PluginHost(third_party=False)
COMMANDS = CommandTable(PLUGINS)

SCRIPTS = {
    "common.hfsh": "param size = 3\nbase = load minilm\n",
    "wants.hfsh": "param name\necho $name\n",
    "broken.hfsh": "x\nload (\n",
    "unknown.hfsh": "\nlaod m\n",
    "self.hfsh": "source self.hfsh\n",
    "ping.hfsh": "source pong.hfsh\n",
    "pong.hfsh": "source ping.hfsh\n",
    "nothing.hfsh": "source missing.hfsh\n",
}


def furnish(folder: Path) -> None:
    """Put data, scripts and a model's folder into a folder."""
    (folder / "tickets.csv").write_text("message,queue\nmy card,billing\nmy parcel,delivery\n")
    (folder / "rows.jsonl").write_text('{"text": "a", "label": "x"}\n{"text": "b", "stars": 3}\n')
    (folder / "sheet.xlsx").write_bytes(b"PK")
    model = folder / "model"
    model.mkdir()
    (model / "config.json").write_text(json.dumps({"model_type": "bert", "architectures": ["BertModel"]}))
    (folder / "router").mkdir()
    (folder / "router" / "hfshell.json").write_text(json.dumps({"task": "text-classification"}))
    (folder / "empty").mkdir()
    (folder / "lib").mkdir()
    for name, text in SCRIPTS.items():
        (folder / "lib" / name).write_text(text)


def check(text: str, parameters: Sequence[str] | None = (), *, all_given: bool = True) -> list[Diagnostic]:
    """Check a script; relative paths start from the folder we are in."""
    return check_source(Source(text, "s.hfsh"), COMMANDS, PLUGINS, parameters, all_given=all_given)


def found(text: str, parameters: Sequence[str] | None = ()) -> list[str]:
    """Return the findings, `LINE:COLUMN code`."""
    return [
        f"{str(problem.place).removeprefix('s.hfsh:')} {problem.code}" for problem in check(text, parameters)
    ]
