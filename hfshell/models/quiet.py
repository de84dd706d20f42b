"""Manners of the libraries below: silent, for hfshell says what matters, and sparing of the processor."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENVIRONMENT = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    # Otherwise a folder of pickles starts a thread that asks the Hub to convert it.
    "DISABLE_SAFETENSORS_CONVERSION": "1",
    # Threads that wait for each other sleep instead of spinning: on a machine that others use too, spinning
    # costs most of the speed (benchmarks/waiting.py).
    "OMP_WAIT_POLICY": "PASSIVE",
}


def quieten() -> None:
    """Set what the libraries read when they are imported; call it before the first of them, torch too.

    What the user has set already stays.
    """
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)


@contextmanager
def silenced() -> Iterator[None]:
    """Hold transformers' log lines and bars back, then give them back: the process may not be ours alone."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
