"""What a line leaves behind: the name it binds, what `_` means, names that are forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hfshell.checking.data_lines import data_files, splits_of
from hfshell.checking.disk import path_of
from hfshell.checking.fields import fields_of
from hfshell.checking.local_models import task_of_folder
from hfshell.checking.row_counts import rows_of
from hfshell.checking.symbols import CURRENT, Symbol

if TYPE_CHECKING:
    from hfshell.checking.reading import ReadLine
    from hfshell.checking.scene import Scene


_REBINDING = ("undo", "session")
"""Commands that bind names to what nobody knows beforehand."""


def leave_behind(read: ReadLine, scene: Scene, *, count: bool = False) -> None:
    """Let a line take effect on what is known.

    Args:
        read: the line.
        scene: what is known; changed.
        count: count the rows of data files.
    """
    line, symbols = read.line, scene.symbols
    certainly = not line.ignore_error
    if read.spec.name == "unload":
        _forget(read, scene, certainly=certainly)
    if read.spec.name in _REBINDING:
        symbols.distrust()
    made = _made(read, scene, count=count)
    _mean(read, made, scene, certainly=certainly)
    if line.binding and made is not None:
        symbols.bind(line.binding.text, made, certainly=certainly)


def _made(read: ReadLine, scene: Scene, *, count: bool) -> Symbol | None:
    """Return what a line makes."""
    line, name, number = read.line, read.spec.name, read.line.line
    if name == "let":
        return Symbol("value", number, text=scene.symbols.text_of(line.words[0]))
    if read.spec.binds == "data":
        return _data(read, scene, count=count)
    if read.spec.binds == "model":
        return _model(read, scene)
    if read.spec.binds == "result":
        tasks = tasks_of(read, scene)
        return Symbol("result", number, tasks=tasks, fields=_fields(name, tasks, scene))
    return None


def _fields(command: str, tasks: frozenset[str] | None, scene: Scene) -> frozenset[str] | None:
    """Return the fields of a result; any, where a package is missing whose task may have measured it."""
    return None if scene.any_command else fields_of(command, tasks, scene.plugins)


def _data(read: ReadLine, scene: Scene, *, count: bool) -> Symbol:
    number = read.line.line
    if read.spec.name != "data":
        return Symbol("data", number)
    files = data_files(read, scene, count=True) if count else None
    rows = rows_of(read, files) if files else None
    return Symbol("data", number, rows=rows, splits=splits_of(read, scene))


def _model(read: ReadLine, scene: Scene) -> Symbol:
    number, command = read.line.line, read.spec.name
    source = read.text("source")
    if command == "load" and source is not None:
        symbol = scene.symbols.find(source)
        if symbol is not None and symbol.kind == "model":
            return symbol
    return Symbol("model", number, tasks=tasks_of(read, scene))


def tasks_of(read: ReadLine, scene: Scene) -> frozenset[str] | None:
    """Return the tasks that a line may be of: the one it names, or that of its model; None for any."""
    given = read.of("task")
    if given:
        return None if given[-1].text is None else frozenset({given[-1].text})
    word = read.text("model") or read.text("source")
    if word is None or read.spec.name == "finetune":
        return None  # what is learnt hangs on the data
    symbol = scene.symbols.model if word == CURRENT else scene.symbols.find(word)
    if symbol is not None:
        return symbol.tasks if symbol.kind == "model" else None
    task = None if scene.disk.is_written(word) else task_of_folder(path_of(word))
    return frozenset({task}) if task else None


def _mean(read: ReadLine, made: Symbol | None, scene: Scene, *, certainly: bool) -> None:
    """Let `_` mean what the line made, or used."""
    symbols, spec = scene.symbols, read.spec
    word = read.text("model")
    if made is not None and made.kind == "model":
        symbols.model = made if certainly else Symbol("model")
    elif word is not None:
        symbols.used_model(word, certainly=certainly)
    if spec.where == "local" or spec.name in ("require", "source", "exit", "param"):
        return
    tasks = made.tasks if made is not None else None
    fields = _fields(spec.name, tasks, scene) if certainly else None
    symbols.result = Symbol("result", read.line.line, tasks=tasks, fields=fields)


def _forget(read: ReadLine, scene: Scene, *, certainly: bool) -> None:
    if read.value("park", default=True) is not False:
        return
    names = [given.text for given in read.of("names")]
    if read.value("all"):
        names = list(scene.symbols.names())
    for name in names:
        if name is not None:
            scene.symbols.forget(name, read.line.line, certainly=certainly)
