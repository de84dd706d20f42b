"""Audio classification: sounds that are read, and the contract that a stranger's task has to keep."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from hfshell.api import DataError, ModelError, ModelView
from hfshell.testing import TaskConformance
from hfshell_tasks.audio_classification.sound import read
from hfshell_tasks.audio_classification.task import AudioClassification

RATE = 16_000
LABELS = {0: "account", 1: "billing", 2: "delivery"}
FORMATS = {1: "B", 2: "<h", 4: "<i"}


def tone(path: Path, hertz: float, seconds: float = 0.2, width: int = 2, channels: int = 1) -> Path:
    """Write a tone at half of full loudness; of two channels the second is silent."""
    silent = 128 if width == 1 else 0
    loud = (1 << (8 * width - 1)) / 2
    frames = []
    for number in range(int(seconds * RATE)):
        sample = silent + int(loud * math.sin(2 * math.pi * hertz * number / RATE))
        frames.append(struct.pack(FORMATS[width], sample))
        frames += [struct.pack(FORMATS[width], silent)] * (channels - 1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(RATE)
        file.writeframes(b"".join(frames))
    return path


@pytest.mark.parametrize("width", [1, 2, 4])
def test_samples_of_each_width_are_the_same_sound(tmp_path: Path, width: int) -> None:
    """A file's bits change how fine a sound is, and not how loud."""
    sound = read(str(tone(tmp_path / "a.wav", 440, width=width)), RATE)
    wanted = 0.5 * np.sin(2 * np.pi * 440 * np.arange(3200) / RATE)
    assert sound.dtype == np.float32
    assert np.abs(sound - wanted).max() < 0.02


def test_channels_are_mixed(tmp_path: Path) -> None:
    """Two channels are one sound of as many samples."""
    sound = read(str(tone(tmp_path / "a.wav", 440, channels=2)), RATE)
    assert sound.shape == (3200,)
    assert np.abs(sound).max() == pytest.approx(0.25, abs=0.01)


def test_what_is_no_sound_is_said(tmp_path: Path) -> None:
    """A missing file, one that is no WAV, an empty one, and one of another rate: each with its path."""
    (tmp_path / "text.wav").write_text("no sound")
    tone(tmp_path / "empty.wav", 440, seconds=0)
    tone(tmp_path / "fine.wav", 440)
    for name in ("missing.wav", "text.wav", "empty.wav"):
        with pytest.raises(DataError) as error:
            read(str(tmp_path / name), RATE)
        assert error.value.place is not None
        assert error.value.place.file.endswith(name)
    with pytest.raises(DataError, match="8,000"):
        read(str(tmp_path / "fine.wav"), 8_000)


@pytest.mark.parametrize("lost", [3, 4 * 1600])
def test_a_file_that_was_cut_is_said(tmp_path: Path, lost: int) -> None:
    """Half a sample at the end, or half of all samples, is what a broken download leaves."""
    path = tone(tmp_path / "a.wav", 440, channels=2)
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(DataError, match="was cut") as error:
        read(str(path), RATE)
    assert error.value.place is not None


def test_a_file_that_a_pipe_was_written_to_is_whole(tmp_path: Path) -> None:
    """Programs that do not know a length say the largest there is."""
    path = tone(tmp_path / "a.wav", 440)
    written = path.read_bytes()
    path.write_bytes(written[:4] + b"\xff" * 4 + written[8:40] + b"\xff" * 4 + written[44:])
    assert read(str(path), RATE).shape == (3200,)


def test_a_model_of_texts_is_refused() -> None:
    """Without a feature extractor nobody knows what the model hears."""
    with pytest.raises(ModelError, match="no sound"):
        AudioClassification().encode([{"audio": "a.wav"}], ModelView(object()))


class TestAudioClassification(TaskConformance):
    """The kit's tones, on a tiny spectrogram transformer."""

    task = "audio-classification"
    options: ClassVar[dict[str, str]] = {"finetune": "--learning-rate 5e-3 --batch-size 8"}

    def model(self, folder: Path) -> Path:
        """Write a spectrogram transformer of one layer, with a head."""
        import torch
        import transformers

        torch.manual_seed(0)
        sizes = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
        strides = {"patch_size": 8, "frequency_stride": 8, "time_stride": 8}
        heard = {"num_mel_bins": 16, "max_length": 32}
        config = transformers.ASTConfig(**sizes, **strides, **heard, id2label=LABELS)
        transformers.ASTForAudioClassification(config).save_pretrained(folder)
        transformers.ASTFeatureExtractor(**heard).save_pretrained(folder)
        return folder
