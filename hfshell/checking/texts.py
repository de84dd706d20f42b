"""Lines that want a text: nobody can be asked for one while a script runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfshell.api.options import option_fields
from hfshell.checking.diagnostics import Diagnostic

if TYPE_CHECKING:
    from hfshell.checking.reading import ReadLine
    from hfshell.checking.scene import Scene

_TEXTS = {"predict": "inputs", "chat": "words"}
_INSTEAD = ("undo", "again", "save")
"""Options of `chat` that do something without a text."""


def check_texts(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check that `predict` and `chat` are given something to read."""
    name, line = read.spec.name, read.line
    field = _TEXTS.get(name)
    if field is None or read.parsed is None or read.of(field) or line.heredoc is not None:
        return
    own = {option.name for option in option_fields(read.spec.options)}
    if read.parsed.given - own or any(read.value(option) for option in _INSTEAD if option in own):
        return  # options of tasks may say it all, `--context`
    asks = all(
        any(not role.target for role in spec.roles)
        for spec in scene.plugins.tasks()
        if "predict" in spec.capabilities
    )
    if asks or name == "chat":
        model = read.text("model") or "MODEL"
        place = line.place(line.command)
        yield Diagnostic("usage", f"{name} wants a text", place, f'{name} {model} "…"')
