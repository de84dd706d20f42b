"""What rows say and what was answered, in few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from hfshell.api import tagging

NOTHING = "no answer"


def said(value: Any, role: str, text: str) -> str:
    """Return a value as text: the entities of tags, the texts of answers or references; others as JSON.

    Args:
        value: what a row says, or what was answered.
        role: the kind of role that it is.
        text: what the row holds for reading; of tags their tokens, with spaces between.
    """
    match role, value:
        case "tags", [*tags] if all(isinstance(tag, str) for tag in tags):
            return _entities(tags, text.split(" "))
        case "answers", {"text": [*texts]}:
            return " / ".join(map(str, texts)) or NOTHING
        case "answers", str() if not value:
            return NOTHING
        case "text", [*texts] if all(isinstance(one, str) for one in texts):
            return " / ".join(texts)
        case _, str():
            return value
    return msgspec.json.encode(value).decode()


def _entities(tags: Sequence[str], words: Sequence[str]) -> str:
    """Return what tags mark: `[Ada Lovelace]PER`; the tags where they mark nothing, or not these words."""
    if len(words) != len(tags) or not all(map(tagging.marks_spans, tags)):
        return " ".join(tags)
    found = [
        f"[{' '.join(words[span.start : span.end])}]{span.label}"
        for span in tagging.spans_of(tagging.to_iob2(tags))
    ]
    return " ".join(found) or "no entity"
