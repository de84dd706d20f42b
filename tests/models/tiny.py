"""The kit's tiny models, and what tests of models look at."""

from __future__ import annotations

import hashlib
from pathlib import Path

import torch

from hfshell.api.models import ModelFolder
from hfshell.models.inspection import inspect_folder
from hfshell.testing.tiny_bert import CORPUS, bert, tokenizer

__all__ = ["CORPUS", "bert", "checksum", "files", "tokenizer"]


def files(folder: Path) -> ModelFolder:
    """Inspect a folder under its own path."""
    return inspect_folder(folder, source=str(folder))


def checksum(module: torch.nn.Module) -> str:
    """Hash all weights and buffers, by name."""
    digest = hashlib.sha256()
    for name, tensor in sorted(module.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().to(torch.float32).contiguous().numpy().tobytes())
    return digest.hexdigest()
