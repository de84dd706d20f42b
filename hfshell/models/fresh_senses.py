"""New models that see or hear: no tokenizer, but what brings pictures or sounds to their size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hfshell.errors import ModelError, UsageError
from hfshell.models.quiet import silenced

_PATCHES = 8
"""On a side of a picture."""


@dataclass(frozen=True)
class Sense:
    """A kind of model that reads no texts.

    Attributes:
        model: the transformers class, without a head.
        configuration, processor: the classes of what stands beside it.
        length: its usual one.
        step: what a length must be a multiple of.
        sizes: what the configuration calls a length.
        fits: what the processor calls it.
    """

    model: str
    configuration: str
    processor: str
    length: int
    step: int
    sizes: Callable[[int], dict[str, Any]]
    fits: Callable[[int], dict[str, Any]]

    def check(self, length: int) -> None:
        """Refuse a length that leaves a part of what it reads unread.

        Raises:
            UsageError: it is no multiple of `step`.
        """
        if length % self.step:
            raise UsageError(
                f"--length {length} is not cut evenly into patches", hint=f"a multiple of {self.step}"
            )

    def make(self, length: int, **layers: Any) -> tuple[Any, Any]:
        """Return a model and its processor; random numbers are the caller's.

        Args:
            length: the side of pictures in pixels, or the frames of a sound, each of 10 ms.
            layers: what else the configuration holds.

        Raises:
            ModelError: a package is not installed.
        """
        import transformers

        with silenced():
            try:
                processor = getattr(transformers, self.processor)(**self.fits(length))
            except ImportError:
                raise ModelError(
                    "models that see pictures need Pillow", hint="pip install 'hfshell[images]'"
                ) from None
        config = getattr(transformers, self.configuration)(**self.sizes(length), **layers)
        return getattr(transformers, self.model)(config), processor


def _heard(length: int) -> dict[str, Any]:
    return {"max_length": length, "num_mel_bins": 64}


SENSES: dict[str, Sense] = {
    "vit": Sense(
        "ViTModel",
        "ViTConfig",
        "ViTImageProcessor",
        length=64,
        step=_PATCHES,
        sizes=lambda length: {"image_size": length, "patch_size": length // _PATCHES},
        fits=lambda length: {"size": {"height": length, "width": length}},
    ),
    "ast": Sense(
        "ASTModel", "ASTConfig", "ASTFeatureExtractor", length=128, step=16, sizes=_heard, fits=_heard
    ),
}
