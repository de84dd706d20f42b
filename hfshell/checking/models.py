"""Words where a model is due: a bound model, or a source that can be found as far as that is known here."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.disk import path_of
from hfshell.checking.local_models import CONFIG, SIDECAR
from hfshell.checking.names import wrong_kind
from hfshell.checking.scene import Scene, is_path, is_split
from hfshell.checking.symbols import CURRENT
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from hfshell.checking.reading import Given, ReadLine
    from hfshell.errors import Place

ADAPTER = "adapter_config.json"
_SCHEMES = ("run", "hub", "new")
_NEAR = 0.8
"""How much like a bound model's name another must be to be held for it with a slip."""


def check_models(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:
    """Check the words of a line where a model is due."""
    if not scene.is_own(read.spec):
        return
    for given in read.given:
        if given.option.info.complete in ("model", "bound-model") and given.text not in (None, CURRENT):
            yield from _model(read, given, str(given.text), scene)


def _model(read: ReadLine, given: Given, text: str, scene: Scene) -> Iterator[Diagnostic]:
    symbols, place = scene.symbols, given.place
    symbol = symbols.find(text)
    if symbol is not None and (symbol.kind in ("model", None) or read.spec.name == "load"):
        return
    if symbol is not None:
        yield wrong_kind(text, symbol, "model", place)
    elif read.spec.name == "use" and not symbols.is_bound(text):
        yield scene.unbound(text, place)
    elif not symbols.anything:
        yield from _source(read, text, place, scene)


def _source(read: ReadLine, text: str, place: Place, scene: Scene) -> Iterator[Diagnostic]:
    """Check a word that no model is bound to, so that it has to be found elsewhere."""
    symbols = scene.symbols
    name, dot, split = text.partition(".")
    owner = symbols.find(name) if dot and is_split(split) else None
    if scene.disk.is_there(text):
        yield from _local(read, text, place, scene)
    elif is_path(text) or text.count("/") > 1:
        hint = "check the path; it starts from the folder you run in"
        yield Diagnostic("missing-file", f"there is no folder {text}", place, hint)
    elif scene.is_file_name(text):
        yield scene.missing_file(text, place)
    elif owner is not None and owner.kind == "data":
        yield Diagnostic("wrong-kind", f"{text} is a split of data, not a model", place)
    elif ":" in text:
        yield from _scheme(text, place, scene)
    elif text in symbols.gone or text in symbols.later:
        yield scene.unbound(text, place)
    elif near := _near_name(text, scene):
        message = f"{text} is bound to nothing, and is looked for on the Hub"
        yield Diagnostic("near-name", message, place, f"did you mean {near}?", "remark")


def _local(read: ReadLine, text: str, place: Place, scene: Scene) -> Iterator[Diagnostic]:
    """Check a folder that is there; one that an earlier line writes is taken on trust."""
    folder = path_of(text)
    if scene.disk.is_written(text) or not scene.disk.exists(text):
        return
    if folder.is_file():
        hint = "a model is a folder with config.json, weights and tokenizer"
        yield Diagnostic("not-a-model", f"{text} is a file, not a model", place, hint)
    elif (folder / ADAPTER).exists() and not (folder / SIDECAR).exists():
        hint = "merge the adapter into its base and load the result"
        yield Diagnostic("not-a-model", f"{text} holds an adapter, not a whole model", place, hint)
    elif not read.value("task") and not any((folder / name).exists() for name in (CONFIG, SIDECAR)):
        yield Diagnostic("not-a-model", f"{text} has no {CONFIG}: it is no model's folder", place)


def _scheme(text: str, place: Place, scene: Scene) -> Iterator[Diagnostic]:
    """Check the word before a colon."""
    scheme = text.partition(":")[0]
    sources = [spec.scheme for spec in scene.plugins.model_sources()]
    tasks = [name for spec in scene.plugins.tasks() for name in spec.schemes]
    known = [*_SCHEMES, *sources, *tasks]
    if scheme.isidentifier() and scheme.islower() and scheme not in known and not scene.any_command:
        hint = did_you_mean(scheme, known) or f"known sources: {', '.join(f'{name}:' for name in known)}"
        yield Diagnostic("unknown-name", f"there is no model source {scheme}:", place, hint)


def _near_name(text: str, scene: Scene) -> str | None:
    """Return the bound model whose name a word is nearly the same as; not for a source that is known."""
    known = [name for spec in scene.plugins.model_sources() for name in spec.names]
    if not text.isidentifier() or text in known:
        return None
    ratios = {
        name: SequenceMatcher(None, text.casefold(), name.casefold()).ratio()
        for name in scene.symbols.names("model")
    }
    near = max(ratios, key=ratios.__getitem__, default=None)
    return near if near is not None and ratios[near] >= _NEAR else None
