"""The small task, on a device of its own."""

from __future__ import annotations

from tests.testing.mood.task import Mood

DEVICE = "cuda:0"


class MoodOnCuda(Mood):
    """Names a device."""
