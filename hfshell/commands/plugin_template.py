"""`plugins new NAME`: writes a plugin to start from, which passes its tests as it stands."""

from __future__ import annotations

import builtins
import importlib.util
import re
import shlex
from collections.abc import Mapping
from importlib import metadata, resources
from keyword import iskeyword
from pathlib import Path

import hfshell
from hfshell import api
from hfshell.api.results import Message
from hfshell.errors import StorageError, UsageError

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_TASKS = "hfshell.tasks"
_MEANT_OTHERWISE = frozenset((*dir(builtins), *api.__all__, "Any", "Iterator", "PredictOptions", "Sequence"))
"""Names in the template's code that its class would hide; `None` among them, which nothing can be called."""

_FILES = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "gitignore": ".gitignore",
    "script.hfsh": "{{name}}.hfsh",
    "package/__init__.py": "{{module}}/__init__.py",
    "package/plugin.py": "{{module}}/plugin.py",
    "package/task.py": "{{module}}/task.py",
    "tests/test_plugin.py": "tests/test_{{column}}.py",
}
"""Files of the template, and what they are called in the plugin."""


def write_plugin(name: str, folder: str | None = None) -> Message:
    """Write a plugin that gives a task.

    Args:
        name: of the task: lower-case words joined by `-`.
        folder: where to; `hfshell-NAME` without it. It must not exist, or be empty.

    Raises:
        UsageError: the name cannot be one, or is taken; or there is something in the folder.
        StorageError: the disk refused.
    """
    words = _words(name)
    target = Path(folder or f"hfshell-{name}").expanduser()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(
            f"{target} is there already", hint=f"choose another folder: plugins new {name} --folder FOLDER"
        )
    try:
        for source, written in _FILES.items():
            path = target / _filled(written, words)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled(_template(source), words), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}") from None
    return Message(
        lines=(
            f"{target} has a plugin with the task {name}, and its tests:",
            f"  cd {shlex.quote(str(target))} && pip install -e '.[test]'",
            "  pytest",
            f"  hfshell {name}.hfsh data=FILE    # a file with the columns text and {words['column']}",
        )
    )


def _words(name: str) -> Mapping[str, str]:
    """Return what stands for each placeholder.

    Raises:
        UsageError: the name cannot be one, or is taken.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name} cannot be a task's name", hint="lower-case words joined by -, as in toxicity"
        )
    kind = "".join(word.capitalize() for word in name.split("-"))
    if iskeyword(name) or name == "text" or kind in _MEANT_OTHERWISE:
        raise UsageError(
            f"{name} cannot be a task's name: it means something else in the plugin's code",
            hint="choose another name",
        )
    module = f"hfshell_{name.replace('-', '_')}"
    taken = [point for point in metadata.entry_points(group=_TASKS) if point.name == name]
    if taken:
        giver = taken[0].dist.name if taken[0].dist else "an installed package"
        raise UsageError(f"there is a task {name} already: {giver} gives it", hint="choose another name")
    if importlib.util.find_spec(module) is not None:
        raise UsageError(f"there is a package {module} already", hint="choose another name")
    return {
        "name": name,
        "column": name.replace("-", "_"),
        "module": module,
        "class": kind,
        "version": ".".join(hfshell.__version__.split(".")[:2]),
    }


def _template(name: str) -> str:
    return (resources.files("hfshell.commands") / "template" / f"{name}.template").read_text(encoding="utf-8")


def _filled(text: str, words: Mapping[str, str]) -> str:
    for placeholder, word in words.items():
        text = text.replace(f"{{{{{placeholder}}}}}", word)
    return text
