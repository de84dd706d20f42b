"""Reads a model's JSON files before transformers does, and refuses what would run somebody's code.

`trust_remote_code=False` is not enough: a `config.json` can name a kernel repository as its attention, and
transformers fetches and imports it (CVE-2026-4372 and its kin).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hfshell.errors import ModelError, Place, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CODE_KEYS = frozenset({"auto_map", "custom_generate", "custom_pipelines", "trust_remote_code"})
_REPOSITORY_KEYS = ("attn_implementation", "experts_implementation")
_LARGEST_JSON = 64 * 2**20


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ModelError: the file is missing, empty, no JSON, or no object; with its line when that is known.
    """
    text = _read_text(path)
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        line = text.splitlines()[error.lineno - 1] if text.splitlines()[error.lineno - 1 :] else ""
        place = Place(str(path), error.lineno, error.colno, text=line)
        raise ModelError(f"{path.name} is not JSON: {error.msg}", place=place, hint=_COPY_AGAIN) from None
    except RecursionError:
        raise ModelError(
            f"{path.name} is nested too deeply to be a configuration", place=Place(str(path))
        ) from None
    if not isinstance(value, dict):
        raise ModelError(f"{path.name} is not a JSON object", place=Place(str(path)), hint=_COPY_AGAIN)
    return value


def refuse_remote_code(path: Path, config: dict[str, Any]) -> None:
    """Refuse a configuration that names code outside transformers, at any depth.

    Raises:
        Refused: guard `remote-code`, with the line of the key.
    """
    for key, value in _items(config):
        if key in _CODE_KEYS and value:
            problem = f"{path.name} asks to run code of its own ({key})"
        elif any(name in key for name in _REPOSITORY_KEYS) and _names_repository(value):
            problem = f"{path.name} asks to fetch and run code from a repository ({key})"
        else:
            continue
        raise Refused(
            "remote-code",
            problem,
            place=_place_of(path, key),
            hint=f"hfshell never runs a model's own code; with {key} taken out of {path.name} "
            "the model loads if transformers itself knows its architecture",
        )


_COPY_AGAIN = "copy or download the model again"


def _read_text(path: Path) -> str:
    place = Place(str(path))
    if not path.is_file():  # a pipe or a dangling link under this name is no file either
        raise ModelError(f"{path.name} is missing", place=place, hint=_COPY_AGAIN)
    try:
        if path.stat().st_size > _LARGEST_JSON:
            raise ModelError(f"{path.name} is too large to be a configuration", place=place)
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read: {error.strerror}", place=place) from None
    except UnicodeDecodeError:
        raise ModelError(f"{path.name} is not UTF-8 text", place=place, hint=_COPY_AGAIN) from None
    if not text.strip("\0 \t\r\n"):
        raise ModelError(f"{path.name} is empty", place=place, hint=_COPY_AGAIN)
    return text


def _items(config: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """All keys with their values, however deep; a stack, for the depth is the file's choice."""
    stack: list[Any] = [config]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield from value.items()
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _names_repository(value: Any) -> bool:
    if isinstance(value, dict):  # one implementation for each part of the model
        return any(_names_repository(item) for item in value.values())
    return isinstance(value, str) and ("/" in value or "\\" in value)


def _place_of(path: Path, key: str) -> Place:
    quoted = json.dumps(key)
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        column = line.find(quoted)
        if column >= 0:
            return Place(str(path), number, column + 1, len(quoted), line)
    return Place(str(path))
