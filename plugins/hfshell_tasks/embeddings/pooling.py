"""How the vectors of a text's tokens become one."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api import ModelError, ModelView, Place
from hfshell_tasks.embeddings.options import POOLINGS

if TYPE_CHECKING:
    import torch

MODULES = "modules.json"
"""By this file sentence-transformers knows a folder of its own."""

KEPT_AS = "hfshell_pooling"
"""Where config.json says how a fine-tuned model pools."""

_LEGACY = {
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
}
"""As older folders of sentence-transformers have it."""


def pooled(states: torch.Tensor, mask: torch.Tensor, how: str) -> torch.Tensor:
    """Return one vector a text.

    Args:
        states: of its tokens, of shape (texts, tokens, size).
        mask: 1 at tokens and 0 at padding, of shape (texts, tokens).
        how: `mean`, `cls` or `max`; `cls` is the first token that is not padding.

    Returns:
        A tensor of shape (texts, size).
    """
    states, wide = states.float(), mask.unsqueeze(-1).to(states.device)
    if how == "cls":
        return states[range(len(states)), mask.int().argmax(1)]
    if how == "max":
        return states.masked_fill(wide == 0, float("-inf")).amax(1)
    return (states * wide).sum(1) / wide.sum(1).clamp(min=1)


def pooling_of(model: ModelView) -> str:
    """Return how a model pools: as the user says, as it was trained, or by the mean.

    Raises:
        ModelError: it was trained with a pooling that is not known here.
    """
    asked = getattr(model.options, "pooling", None)
    trained = getattr(model.config, KEPT_AS, None)
    folder = getattr(model.config, "_name_or_path", "") or ""
    return str(asked or trained or _of_folder(folder) or POOLINGS[0])


def files_for(config: Any, how: str, limit: int | None) -> dict[str, str]:
    """Return the files by which sentence-transformers makes the same vectors of a model; by path.

    Args:
        config: of the model; nothing is returned when it does not say how large vectors are.
        how: `mean`, `cls` or `max`.
        limit: longest input in tokens; None leaves it to the model.
    """
    size = getattr(config, "hidden_size", None)
    if not isinstance(size, int):
        return {}
    parts = {"Transformer": "", "Pooling": "1_Pooling"}
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for number, (kind, path) in enumerate(parts.items())
    ]
    pooling = {"word_embedding_dimension": size, **{name: of == how for name, of in _LEGACY.items()}}
    found: dict[str, Any] = {MODULES: modules, "1_Pooling/config.json": pooling}
    if limit is not None:
        found["sentence_bert_config.json"] = {"max_seq_length": limit, "do_lower_case": False}
    return {path: json.dumps(content, indent=2) for path, content in found.items()}


@lru_cache(maxsize=64)
def _of_folder(folder: str) -> str | None:
    """Return what the folder of a model of sentence-transformers says."""
    path = Path(folder) / "1_Pooling" / "config.json"
    if not folder or not path.is_file():
        return None
    found = _read(path)
    active = [name.removeprefix("pooling_mode_") for name, value in found.items() if value is True]
    legacy = [how for name, how in _LEGACY.items() if found.get(name) is True]
    said = found.get("pooling_mode") or (legacy[0] if len(legacy) == len(active) == 1 else active)
    if said not in POOLINGS:
        raise ModelError(
            f"the model pools its tokens by {said}, which is not known here",
            place=Place(str(path)),
            hint=f"--pooling {POOLINGS[0]} pools them another way than it was trained for",
        )
    return str(said)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"the pooling cannot be read: {error}", place=Place(str(path))) from None
    if not isinstance(found, dict):
        raise ModelError("the pooling is no JSON object", place=Place(str(path)))
    return found
