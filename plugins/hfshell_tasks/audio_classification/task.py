"""One label for each sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hfshell.api import DataError, Feature, Features, LabelHead, ModelError, ModelView, Row
from hfshell_tasks.audio_classification.sound import read

_SOUND = "_sound"


class AudioClassification(LabelHead):
    """One label for each sound, which is cut or padded as the model's feature extractor does it."""

    auto_class = "AutoModelForAudioClassification"

    def encode(self, rows: Sequence[Row], model: ModelView) -> Features:
        """Read the files.

        Raises:
            DataError: a row names no file that can be read.
            ModelError: the model is none for sound.
        """
        rate = getattr(model.processor, "sampling_rate", None)
        if rate is None:
            raise ModelError("the model reads no sound: it has no feature extractor beside it")
        return [{_SOUND: read(_path(row), rate)} for row in rows]

    def collate(self, features: Sequence[Feature], model: ModelView) -> Mapping[str, Any]:
        """Make what the model hears of some sounds, with their labels."""
        sounds = [feature[_SOUND] for feature in features]
        rate = model.processor.sampling_rate
        batch = dict(model.processor(sounds, sampling_rate=rate, padding=True, return_tensors="pt"))
        if "labels" in features[0]:
            batch["labels"] = model.pad([{"labels": feature["labels"]} for feature in features])["labels"]
        return batch


def _path(row: Row) -> str:
    path = row.get("audio")
    if not isinstance(path, str):
        raise DataError(f"a row names no sound: {dict(row)!r:.80}")
    return path
