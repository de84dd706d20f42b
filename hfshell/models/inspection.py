"""Reads a model folder without torch: what it holds, that it is whole, and that it asks to run no code."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from hfshell.api.models import ModelFolder
from hfshell.errors import ModelError, Place
from hfshell.models.remote_code import read_json, refuse_remote_code
from hfshell.models.sidecar import read_sidecar
from hfshell.models.weight_files import find_weights
from hfshell.storage import MANIFEST, read_manifest

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = "config.json"
_OTHER_CONFIGS = (
    "generation_config.json", "tokenizer_config.json", "processor_config.json", "preprocessor_config.json",
    "video_preprocessor_config.json", "audio_tokenizer_config.json",
)  # fmt: skip
_ADAPTER = "adapter_config.json"
_UNLIMITED = 10**6
"""Tokenizers write 1e30 for "no limit"."""

_RELATIVE_POSITIONS = frozenset({"t5", "mt5", "umt5", "longt5", "switch_transformers", "xlnet", "bloom"})
"""Their `n_positions` or the like is what they were trained on, not a limit."""

_POSITIONS_AFTER_PADDING = frozenset(
    {"roberta", "xlm-roberta", "xlm-roberta-xl", "roberta-prelayernorm", "camembert", "data2vec-text", "xmod",
     "ibert", "longformer", "luke", "mpnet", "esm", "layoutlmv3", "lilt"}
)  # fmt: skip
"""Their positions count from `pad_token_id + 1`, so that 514 rows of positions serve 512 tokens."""


def inspect_folder(folder: Path, *, source: str, any_files: bool = False) -> ModelFolder:
    """Read a model folder and prove that it can be loaded, as far as that is known without loading it.

    Args:
        folder: where `config.json` and the weights lie, or what a task that loads its models itself saved.
        source: canonical name that finds the folder again.
        any_files: a task is to load it that may read whatever there is: files of no known kind are all right.

    Returns:
        What it holds; `model_type` is empty when a task alone can read it.

    Raises:
        ModelError: a file is missing, half-copied or damaged; the error names it.
        Refused: guard `remote-code`: a configuration names code outside transformers.
    """
    _require_folder(folder)
    sidecar = read_sidecar(folder)
    if sidecar is not None and sidecar.format == "task":
        return _of_a_task(folder, source, sidecar.task, sidecar.labels)
    if any_files and not (folder / CONFIG).exists():
        return _of_a_task(folder, source, None, ())
    _require_config(folder)
    config = _read_configs(folder)
    model_type = config.get("model_type")
    if not isinstance(model_type, str) or not model_type:
        raise ModelError(
            f"{CONFIG} does not say which architecture it is (model_type)", place=Place(str(folder / CONFIG))
        )
    weights = find_weights(folder)
    if sidecar is not None and (folder / MANIFEST).exists():
        _hold_against_manifest(folder, [path.name for path in weights.paths])
    return ModelFolder(
        source=source,
        folder=folder,
        architectures=_architectures(config),
        model_type=model_type,
        labels=_labels(folder, config),
        weight_bytes=weights.bytes,
        task=sidecar.task if sidecar else None,
        max_length=_max_length(folder, config, model_type),
        problem_type=_problem_type(config),
    )


def _of_a_task(folder: Path, source: str, task: str | None, labels: tuple[str, ...]) -> ModelFolder:
    """Describe a folder that a task reads itself: its files are whole, and name no code for transformers."""
    for name in (CONFIG, *_OTHER_CONFIGS):
        if (folder / name).exists():
            refuse_remote_code(folder / name, read_json(folder / name))
    if task is not None and (folder / MANIFEST).exists():
        _hold_against_manifest(folder, list(read_manifest(folder).files))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return ModelFolder(source=source, folder=folder, labels=labels, weight_bytes=size, task=task)


def _require_folder(folder: Path) -> None:
    place = Place(str(folder))
    if not folder.exists():
        raise ModelError("there is no such folder", place=place)
    if not folder.is_dir():
        raise ModelError(
            "this is a file; a model is a folder with config.json, weights and tokenizer", place=place
        )


def _require_config(folder: Path) -> None:
    place = Place(str(folder))
    if (folder / _ADAPTER).exists():
        base = read_json(folder / _ADAPTER).get("base_model_name_or_path")
        raise ModelError(
            "this folder holds an adapter, not a whole model",
            place=place,
            hint=f"its base is {base}; merge the adapter into it and load the result",
        )
    if not (folder / CONFIG).exists():
        raise ModelError(f"{CONFIG} is missing", place=place, hint=_config_hint(folder))


def _config_hint(folder: Path) -> str:
    """Name the model that stands one or two levels further down, as in the Hub's cache."""
    below = sorted(path.parent for pattern in ("*", "*/*") for path in folder.glob(f"{pattern}/{CONFIG}"))
    if below:
        return f"did you mean {below[0]}?"
    if not any(folder.iterdir()):
        return "the folder is empty: copy or download the model again"
    return "a model is a folder with config.json, model.safetensors and tokenizer files"


def _read_configs(folder: Path) -> dict[str, Any]:
    """Read every configuration that transformers may read, and refuse code in any; return the model's own."""
    model_config: dict[str, Any] = {}
    for name in (CONFIG, *_OTHER_CONFIGS):
        path = folder / name
        if name != CONFIG and not path.exists():
            continue
        config = read_json(path)
        refuse_remote_code(path, config)
        if name == CONFIG:
            model_config = config
    return model_config


def _hold_against_manifest(folder: Path, names: list[str]) -> None:
    """Find flipped bits in files that hfshell saved; safetensors has no checksum."""
    saved = read_manifest(folder).files
    for name in names:
        path = folder / name
        if name not in saved:
            continue
        if not path.is_file():
            raise ModelError(
                f"the folder is half-copied: {name} is missing",
                place=Place(str(folder)),
                hint="copy the model again",
            )
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if saved[name][1] != digest:
            raise ModelError(
                f"{name} was changed after it was saved: its SHA-256 is not the one in {MANIFEST}",
                place=Place(str(path)),
                hint=f"copy the model again; if the change was meant, delete {MANIFEST}",
            )


def _architectures(config: dict[str, Any]) -> tuple[str, ...]:
    names = config.get("architectures")
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def _labels(folder: Path, config: dict[str, Any]) -> tuple[str, ...]:
    named = config.get("id2label")
    if not isinstance(named, dict) or not named:
        return ()
    try:
        by_index = {int(index): str(label) for index, label in named.items()}
    except ValueError:
        by_index = {}
    if sorted(by_index) != list(range(len(named))):
        raise ModelError(
            f"id2label of {CONFIG} does not number its labels 0 to {len(named) - 1}",
            place=Place(str(folder / CONFIG)),
        )
    labels = tuple(by_index[index] for index in range(len(by_index)))
    unnamed = all(label == f"LABEL_{index}" for index, label in enumerate(labels))
    return () if unnamed else labels


def _problem_type(config: dict[str, Any]) -> str | None:
    named = config.get("problem_type")
    if isinstance(named, str):
        return named
    labels = config.get("id2label")
    outputs = len(labels) if isinstance(labels, dict) else None
    return "regression" if outputs == 1 else None


def _max_length(folder: Path, config: dict[str, Any], model_type: str) -> int | None:
    tokenizer = folder / "tokenizer_config.json"
    limits = [
        read_json(tokenizer).get("model_max_length") if tokenizer.exists() else None,
        _positions(config, model_type),
    ]
    known = [int(limit) for limit in limits if isinstance(limit, (int, float)) and 0 < limit < _UNLIMITED]
    return min(known, default=None)


def _positions(config: dict[str, Any], model_type: str) -> int | None:
    if model_type in _RELATIVE_POSITIONS:
        return None
    text_config = config.get("text_config")
    inner = {**config, **text_config} if isinstance(text_config, dict) else config
    positions = inner.get("max_position_embeddings", inner.get("n_positions"))
    if not isinstance(positions, int):
        return None
    padding = inner.get("pad_token_id")
    if model_type in _POSITIONS_AFTER_PADDING and isinstance(padding, int):
        return positions - padding - 1
    return positions
