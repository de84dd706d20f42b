"""Files: those that must be there, those that a line writes, and where a redirect leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from hfshell.checking.diagnostics import Diagnostic
from hfshell.errors import UsageError
from hfshell.render.export import require_format

if TYPE_CHECKING:
    from hfshell.checking.reading import Given, ReadLine
    from hfshell.checking.scene import Scene
    from hfshell.errors import Place

_WHOLE = (".json", ".html")
_WRITTEN = frozenset({("chat", "save")})
"""Options that take a file to be written, by their commands."""


def check_files(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check the files that a line reads by their names, and the folders that it writes."""
    for given in read.given:
        text = given.text
        if not text:
            continue
        complete = given.option.info.complete
        if complete == "file" and _is_read(read, given, scene) and not scene.disk.is_there(text):
            yield scene.missing_file(text, given.place)
        if complete == "folder" and _would_be_refused(read, text, scene):
            hint = "choose another folder, or say --overwrite"
            yield Diagnostic("file-exists", f"{text} is there already", given.place, hint)


def check_redirect(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check that a line gives something to bind or to write, and that it can be written there."""
    line, spec = read.line, read.spec
    if line.binding and spec.binds == "nothing":
        hint = f"write `{spec.name} …` alone"
        yield Diagnostic("usage", f"{spec.name} gives nothing to name", line.place(line.binding), hint)
    if line.redirect is None:
        return
    place = line.place(line.redirect.target)
    if spec.binds == "nothing":
        yield Diagnostic("bad-redirect", f"{spec.name} gives nothing to write to a file", place)
        return
    target = scene.symbols.text_of(line.redirect.target)
    if target is not None:
        yield from _target(target, place, scene, append=line.redirect.append)


def note_outputs(read: ReadLine, scene: Scene) -> None:
    """Remember the files that a line writes."""
    line = read.line
    for given in read.given:
        if is_output(read, given):
            scene.disk.write(given.text)
    if line.redirect:
        scene.disk.write(scene.symbols.text_of(line.redirect.target))


def is_output(read: ReadLine, given: Given) -> bool:
    """Whether a word names what its line writes."""
    return given.option.info.complete == "folder" or (read.spec.name, given.option.name) in _WRITTEN


def _is_read(read: ReadLine, given: Given, scene: Scene) -> bool:
    """Whether a file must be there; what a plugin's command does with one, nobody knows."""
    return read.spec.name != "source" and scene.is_own(read.spec) and not is_output(read, given)


def _would_be_refused(read: ReadLine, folder: str, scene: Scene) -> bool:
    """Whether `save` would find a folder in its way."""
    if read.spec.name != "save" or read.value("overwrite") is not False:
        return False
    return scene.disk.is_in_the_way(folder)


def _target(target: str, place: Place, scene: Scene, *, append: bool) -> Iterator[Diagnostic]:
    path = PurePath(target)
    try:
        require_format(path.name)
    except UsageError as error:
        yield Diagnostic("bad-redirect", error.message, place, error.hint)
    if append and path.suffix.lower() in _WHOLE and scene.disk.exists(target):
        message = f"nothing can be added to a {path.suffix} file: it is one document"
        yield Diagnostic("bad-redirect", message, place, "end it in .jsonl, or write with `>`")
    parent = str(path.parent)
    if parent != "." and not scene.disk.is_there(parent):
        yield Diagnostic("missing-file", f"there is no folder {parent}", place, "make it first")
