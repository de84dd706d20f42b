"""What a batch is: its script, its parameters, where it runs. The first record of a checkpoint."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hfshell
from hfshell.errors import Refused, UsageError
from hfshell.redact import redact, redact_all
from hfshell.runs.request import installed_versions
from hfshell.session.checkpointing import fingerprints
from hfshell.session.checkpointing.file import SCHEMA

if TYPE_CHECKING:
    from hfshell.language import Script
    from hfshell.session.checkpointing.file import Record
    from hfshell.session.session import Session

_SETTINGS = ("seed", "device")
"""Settings that what comes of a batch depends on."""

_SHOWN = 3


def header_of(script: Script, session: Session) -> Record:
    """Describe a batch that is about to run, its parameters bound."""
    values = {
        parameter.name.text: session.names.get(parameter.name.text).recipe["text"]
        for parameter in script.parameters
    }
    return {
        "kind": "batch",
        "schema": SCHEMA,
        "hfshell": hfshell.__version__,
        "file": script.source.file,
        "script": redact(script.source.text),
        "digest": fingerprints.of_text(script.source.text),
        "parameters": {name: fingerprints.of_text(value) for name, value in values.items()},
        "shown": redact_all(values),
        "folder": str(Path.cwd()),
        "settings": {name: session.settings.shown(name) for name in _SETTINGS},
        "versions": installed_versions(),
    }


def require_same(then: Mapping[str, Any], now: Mapping[str, Any], checkpoint: str) -> None:
    """Hold a batch against the one that a checkpoint is of.

    Raises:
        UsageError: the checkpoint is of another version of hfshell, which wrote it otherwise.
        Refused: the batch is another, and how.
    """
    if then.get("kind") != "batch" or then["schema"] != now["schema"]:
        version = then.get("hfshell", "another version")
        raise UsageError(f"{checkpoint} was written by hfshell {version}", hint=begin_anew(checkpoint))
    changed = [*_script(then, now), *_parameters(then, now)]
    changed += [
        f"{name} was {then['settings'][name]}, is {now['settings'][name]}"
        for name in _SETTINGS
        if then["settings"][name] != now["settings"][name]
    ]
    if then["folder"] != now["folder"]:
        changed.append(f"it ran in {then['folder']}")
    if changed:
        first, *others = changed
        hint = "\n".join([*others, begin_anew(checkpoint)])
        raise Refused("resume", f"{checkpoint} is of another batch: {first}", hint=hint)


def changed_versions(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say which libraries are others than they were: numbers may differ in the last digits, or more."""
    new: Mapping[str, str] = now["versions"]
    old: Mapping[str, str] = then.get("versions", new)
    return [
        f"{name} was {old.get(name, 'not there')} when the batch began, and is {new.get(name, 'gone')} now"
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    ]


def begin_anew(checkpoint: str) -> str:
    """Say what to do when a batch cannot go on."""
    return f"put it back, or begin anew: rm {checkpoint}"


def _script(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    if then["digest"] == now["digest"]:
        return []
    lines = zip_longest(then["script"].splitlines(), now["script"].splitlines())
    if then["script"] == now["script"]:
        return ["a secret in the script changed"]
    changed = [(number, old, new) for number, (old, new) in enumerate(lines, 1) if old != new]
    if not changed:
        return ["the script's line ends changed"]
    said = [f"line {number} was {_quoted(old)}, is {_quoted(new)}" for number, old, new in changed[:_SHOWN]]
    if len(changed) > _SHOWN:
        said.append(f"{len(changed) - _SHOWN} more lines changed")
    return said


def _quoted(line: str | None) -> str:
    return "not there" if line is None else f"`{line}`"


def _parameters(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} was {then['shown'][name]}, is {now['shown'][name]}"
        for name, digest in now["parameters"].items()
        if then["parameters"].get(name) != digest
    ]
