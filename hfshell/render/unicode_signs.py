"""Whether a stream may be shown more than ASCII. Imports nothing: the first prompt asks."""

from __future__ import annotations

import codecs
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO


def shows_unicode(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether the encoding has our signs, and nobody said `LC_ALL=C`, where Python has UTF-8 too."""
    if environ.get("LC_ALL") in ("C", "POSIX"):
        return False
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return codecs.lookup(encoding).name.startswith("utf")
