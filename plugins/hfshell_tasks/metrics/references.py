"""Texts that were written, and the references that they are held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hfshell.api import DataError, PluginError

_KEYS = ("generated_text", "summary_text", "translation_text", "text")
"""Under which the Hub's pipelines give what was written."""


def references(expected: Any) -> list[str]:
    """Return the references of a row: one, or several of which the nearest counts.

    Raises:
        DataError: it has none.
    """
    texts = [expected] if isinstance(expected, str) else list(expected)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise DataError(f"a row has no reference to hold a text against: {expected!s:.60}")
    return texts


def written(answer: Any) -> str:
    """Return the text of an answer.

    Raises:
        PluginError: it has none.
    """
    if isinstance(answer, Mapping):
        answer = next((answer[key] for key in _KEYS if key in answer), None)
    if not isinstance(answer, str):
        raise PluginError(
            f"{type(answer).__name__} was answered where a text is wanted",
            hint=f"the task's `answer` gives a text, or a dict with one under {', '.join(_KEYS)}",
        )
    return answer
