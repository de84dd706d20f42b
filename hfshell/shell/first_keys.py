"""What the first keys need of hfshell: imported once behind the lock, then at hand without it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

from hfshell.shell.late_imports import LATE_IMPORTS

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from hfshell.shell.prompt_lexer import Known


@cache
def reads_on() -> Callable[[str], bool]:
    """Return what says whether a text goes on behind Enter."""
    with LATE_IMPORTS:
        from hfshell.language import is_incomplete

        return is_incomplete


@cache
def painter() -> Callable[[str, Known, int], StyleAndTextTuples]:
    """Return what knows the colours of a text."""
    with LATE_IMPORTS:
        from hfshell.shell.highlighting import highlighted

        return highlighted
