"""Sound out of WAV files, with Python's own reader."""

from __future__ import annotations

import wave
from pathlib import Path
from typing import Any

from hfshell.api import DataError, Place

_WIDTHS = {1: "u1", 2: "<i2", 4: "<i4"}
"""Types of a sample by its bytes, as numpy names them; those of one byte have no sign."""

_UNKNOWN = 0x7FFF0000
"""From so many bytes on, a length is that of a program which wrote into a pipe, and did not know it."""


def read(path: str, rate: int) -> Any:
    """Return a file's sound, its channels mixed.

    Args:
        path: a WAV file of 8, 16 or 32 bits without compression.
        rate: samples a second that the model was trained on.

    Returns:
        float32 of shape (samples,), from -1 to 1.

    Raises:
        DataError: there is no such file, it is no such WAV, empty, cut, or of another rate.
    """
    import numpy as np

    place = Place(path)
    try:
        with wave.open(str(Path(path).expanduser()), "rb") as file:
            width, channels, found = file.getsampwidth(), file.getnchannels(), file.getframerate()
            promised = file.getnframes() * width * channels
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise DataError(
            f"no sound can be read: {getattr(error, 'strerror', None) or error}", place=place
        ) from None
    if width not in _WIDTHS:
        raise DataError(f"samples of {8 * width} bits cannot be read", place=place, hint="16 bits are usual")
    if found != rate:
        raise DataError(
            f"{found:,} samples a second, and the model wants {rate:,}",
            place=place,
            hint=f"ffmpeg -i {path} -ar {rate} NEW.wav",
        )
    if len(data) < promised < _UNKNOWN or len(data) % (width * channels):
        raise DataError("the file was cut", place=place, hint="fetch or write it again")
    samples = np.frombuffer(data, _WIDTHS[width]).astype(np.float32)
    if not len(samples):
        raise DataError("there is no sound in this file", place=place)
    whole = samples / 128 - 1 if width == 1 else samples / float(1 << (8 * width - 1))
    return whole.reshape(-1, channels).mean(1)
