"""A model's files, and a model in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ModelFolder:
    """A model source resolved to files on this disk, read without torch.

    Attributes:
        source: canonical name that finds it again: `starter:minilm`, `run:7f3a91`, `hub:org/name@SHA`, or an
            absolute path.
        folder: where `config.json` and the weights lie.
        architectures: class names from `config.json`, may be empty.
        model_type: `bert`, `llama`, …
        labels: label names by index, empty when the config has none or only LABEL_0, LABEL_1, ….
        weight_bytes: size of the weight files.
        task: the task that saved it, when hfshell did.
        max_length: longest input in tokens, None when the config does not say.
        problem_type: transformers' `config.problem_type`, `regression` for a head with one output; None when
            the config does not say.
    """

    source: str
    folder: Path
    architectures: tuple[str, ...] = ()
    model_type: str = ""
    labels: tuple[str, ...] = ()
    weight_bytes: int = 0
    task: str | None = None
    max_length: int | None = None
    problem_type: str | None = None


@dataclass(eq=False)
class LoadedModel:
    """A model in memory, with what is needed to use it. One object is one model: compared by identity.

    Attributes:
        files: where it came from.
        module: the torch module, in eval mode, on `device`.
        processor: the tokenizer (or image processor).
        labels: label names by index; empty for a model without a classification head.
        task: the task whose head it has; None for a base model.
        device, dtype: where and how its weights are: `cpu`, `float32`.
        parameters: how many numbers it has.
        bytes: memory of parameters and buffers.
        new_weights: names of weights that came from no file (a fresh head); empty when all were read.
        dirty: why it must not be used (training was aborted half-way), or None.
        trained_on: fingerprints of rows it was trained on, see `hfshell.data.fingerprint`.
        plugin: distribution and version of the plugin that gives its task; None for a base model.
        beside: other texts that are saved with it, by their path in its folder; a task may set them in `load`
            and `prepare`.
    """

    files: ModelFolder
    module: Any
    processor: Any
    labels: tuple[str, ...] = ()
    task: str | None = None
    device: str = "cpu"
    dtype: str = "float32"
    parameters: int = 0
    bytes: int = 0
    new_weights: tuple[str, ...] = ()
    dirty: str | None = None
    trained_on: frozenset[str] = field(default=frozenset(), repr=False)
    plugin: tuple[str, str] | None = None
    beside: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> str:
        """Canonical name that finds it again."""
        return self.files.source
