"""Where a model would come from, and how large it is, as far as that is known without loading it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hfshell.checking.disk import path_of
from hfshell.checking.local_models import ModelFacts, cached_snapshot, look_at_model
from hfshell.errors import HfshellError
from hfshell.home import locate_home
from hfshell.render.quantities import large, size

if TYPE_CHECKING:
    from hfshell.checking.scene import Scene


def describe_source(source: str | None, scene: Scene) -> str:
    """Describe the model that a source means: what it is, its size, and where it lies."""
    if source is None:
        return "a model, known when it runs"
    if scene.disk.is_written(source) and not scene.disk.anything:
        return f"{source}, which an earlier line writes"
    folder = _folder(source, scene)
    facts = look_at_model(folder) if folder is not None else None
    if facts is not None:
        return f"{source} ({_described(facts)})"
    return f"{source} ({_elsewhere(source)})"


def _folder(source: str, scene: Scene) -> Path | None:
    """Return the folder of a model that lies here."""
    if scene.disk.exists(source):
        return path_of(source)
    scheme, colon, name = source.partition(":")
    if colon and scheme == "run":
        return _folder_of_run(name)
    if colon and scheme == "hub":
        return cached_snapshot(name)
    for spec in scene.plugins.model_sources():
        if (colon and scheme == spec.scheme) or source in spec.names:
            return _from_plugin(spec.scheme, name if colon else source, scene)
    return None if colon else cached_snapshot(source)


def _folder_of_run(run: str) -> Path | None:
    runs = locate_home().runs
    found = [folder for folder in runs.glob(f"{run}*") if run.isalnum()] if runs.is_dir() else []
    return found[0] / "model" if len(found) == 1 else None


def _from_plugin(scheme: str, name: str, scene: Scene) -> Path | None:
    """Ask a model source where a model lies; only hfshell's own: nothing else runs in the shell."""
    spec = next(spec for spec in scene.plugins.model_sources() if spec.scheme == scheme)
    plugin = scene.plugins.provider(spec)
    if plugin is not None and not plugin.built_in:
        return None
    try:
        return Path(scene.plugins.resolve(spec.target, owner=scheme)(name))
    except HfshellError:
        return None  # the run says what is wrong with it


def _described(facts: ModelFacts) -> str:
    kind = facts.architecture or "a model"
    parts = [f"{kind} for {facts.task}" if facts.task else kind]
    if facts.parameters is not None:
        parts.append(f"{large(facts.parameters)} parameters")
    return ", ".join([*parts, f"{size(facts.bytes)} on disk"])


def _elsewhere(source: str) -> str:
    scheme, colon, _ = source.partition(":")
    if colon and scheme == "new":
        return "random weights, made when it runs"
    if colon and scheme != "hub":
        return f"found by {scheme}: when it runs"
    return "not on this machine: from the Hub when it runs"
