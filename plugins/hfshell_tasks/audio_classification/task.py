"""One label for each sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hfshell.api import FileHead, ModelError, ModelView
from hfshell_tasks.audio_classification.sound import read


class AudioClassification(FileHead):
    """One label for each sound, which is cut or padded as the model's feature extractor does it."""

    auto_class = "AutoModelForAudioClassification"
    file_role = "audio"

    def open(self, path: str, model: ModelView) -> Any:
        """Return a sound, float32 of shape (samples,).

        Raises:
            DataError: it cannot be read.
            ModelError: the model is none for sound.
        """
        rate = getattr(model.processor, "sampling_rate", None)
        if rate is None:
            raise ModelError("the model reads no sound: it has no feature extractor beside it")
        return read(path, rate)

    def tensors(self, contents: Sequence[Any], model: ModelView) -> Mapping[str, Any]:
        """Make what the model hears of some sounds."""
        made: Mapping[str, Any] = model.processor(
            list(contents), sampling_rate=model.processor.sampling_rate, padding=True, return_tensors="pt"
        )
        return made
