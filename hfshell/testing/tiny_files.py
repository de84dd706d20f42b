"""Small pictures and sounds, without a library: what they are of can be told from each of them."""

from __future__ import annotations

import io
import math
import struct
import wave
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

SIDE = 24
"""Of a picture, in pixels."""

RATE = 16_000
"""Samples a second."""

_SAMPLES = RATE // 5
_PNG = b"\x89PNG\r\n\x1a\n"
_GROUND = 40


def picture(topic: int, number: int) -> bytes:
    """Return a PNG: a light band at a height, and in a colour, that are those of its topic.

    Args:
        topic: 0, 1 or 2.
        number: of the row; it moves the band a little, so that no two are the same.
    """
    top = 8 * topic + number % 4
    light = [220 - number % 32 if channel == topic else 60 + number % 32 for channel in range(3)]
    dark = [_GROUND + number % 16] * 3
    band = range(top, top + 4)
    lines = b"".join(b"\0" + bytes(light if line in band else dark) * SIDE for line in range(SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return _PNG + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def sound(topic: int, number: int) -> bytes:
    """Return a WAV of a fifth of a second: a tone as high as its topic, give or take what its number adds."""
    hertz = (220, 880, 3520)[topic] * (1 + number / 500)
    frames = b"".join(
        struct.pack("<h", round(16_000 * math.sin(2 * math.pi * hertz * sample / RATE)))
        for sample in range(_SAMPLES)
    )
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)
    return made.getvalue()


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


CONTENTS: Mapping[str, Callable[[int, int], bytes]] = MappingProxyType({".png": picture, ".wav": sound})
"""What makes a file, by the end of its name: from a topic's number and a row's."""
