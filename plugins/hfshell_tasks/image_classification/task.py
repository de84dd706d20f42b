"""One label for each picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hfshell.api import FileHead, ModelError, ModelView
from hfshell_tasks.image_classification.picture import read


class ImageClassification(FileHead):
    """One label for each picture, which the model's image processor brings to its size."""

    auto_class = "AutoModelForImageClassification"
    file_role = "image"

    def open(self, path: str, model: ModelView) -> Any:
        """Return a picture, a Pillow image in colour.

        Raises:
            DataError: it cannot be read.
            ModelError: the model is none for pictures.
            UsageError: Pillow is not installed.
        """
        if "pixel_values" not in getattr(model.processor, "model_input_names", ()):
            raise ModelError("the model reads no pictures: it has no image processor beside it")
        return read(path)

    def tensors(self, contents: Sequence[Any], model: ModelView) -> Mapping[str, Any]:
        """Make what the model sees of some pictures."""
        made: Mapping[str, Any] = model.processor(list(contents), return_tensors="pt")
        return {"pixel_values": made["pixel_values"]}
