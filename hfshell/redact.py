"""Secrets stay out of what is written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "***"

_NAME = r"(?:token|password|passwd|secret|api[-_]?key|credentials?)"
_SPECIAL = r"(?!(?:pad|eos|bos|unk|sep|cls|mask|stop)[-_]token)"  # a tokenizer's, no secrets
_VALUE = r"(?:'[^']*'|\"[^\"]*\"|\S+)"
# Each begins where a word does, or ends soon: a long word is not read again for each of its letters.
_NAMED = re.compile(rf"(?<!\w)(--?{_SPECIAL}(?:\w[\w-]{{0,99}}[-_])?{_NAME}(?:=|\s+)){_VALUE}", re.IGNORECASE)
_ASSIGNED = re.compile(
    rf"(?<![\w-])({_SPECIAL}(?:\w+[-_]{_NAME}|password|passwd|secret|api[-_]?key)[ \t]*=[ \t]*){_VALUE}",
    re.IGNORECASE,
)
_HEADER = re.compile(rf"\b((?:Bearer|Basic)\s+){_VALUE}", re.IGNORECASE)
_IN_URL = re.compile(r"((?<!\w)\w+://[^\s/:@]*:)[^\s/@]+(?=@)")
_SHAPES = re.compile(
    r"\b(?:hf_\w{16,}|sk-[\w-]{16,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}"
    r"|A[KS]IA[0-9A-Z]{16}|xox[abeprs]-[\w-]{10,}|eyJ[\w-]{8,2000}+\.[\w-]+(?:\.[\w-]*)?)"
)
_KEY = re.compile(rf"{_SPECIAL}(?:.*[-_])?{_NAME}", re.IGNORECASE)


def redact(text: str) -> str:
    """Return text that may be recorded: what looks like a secret is masked.

    Masked are values of options and variables that are named after secrets, HTTP credentials, passwords in
    addresses, and tokens of known shapes (Hugging Face, OpenAI, GitHub, GitLab, AWS, Slack, JWT). Bytes that
    were no text become escapes.
    """
    text = text.encode("utf-8", "backslashreplace").decode()
    for pattern in (_NAMED, _ASSIGNED, _HEADER, _IN_URL):
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return _SHAPES.sub(MASK, text)


def holds_secret(text: str) -> bool:
    """Whether `redact` would mask something."""
    return any(pattern.search(text) for pattern in (_NAMED, _ASSIGNED, _HEADER, _IN_URL, _SHAPES))


def redact_all(value: Any, key: str = "") -> Any:
    """Redact every string inside mappings and sequences; what a secret's name holds is masked whole."""
    if value is not None and _KEY.fullmatch(key):
        return MASK
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {name: redact_all(inner, str(name)) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [redact_all(inner) for inner in value]
    return value
