"""`history`: lines typed before, and this session's as a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hfshell.api.options import argument, option
from hfshell.api.results import HistoryTable, Result
from hfshell.api.specs import CommandSpec
from hfshell.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.commands.local import LocalContext

_USUAL = 20
"""How many lines are shown when nobody says."""


@dataclass(frozen=True)
class HistoryOptions:
    """Options of `history`."""

    words: tuple[str, ...] = argument(
        "Lines that hold this; a number alone is how many of the newest; `save FILE` writes a script",
        default=(),
        metavar="TEXT",
    )
    n: int | None = option(None, "How many of the newest lines; 20 without it", minimum=1)
    overwrite: bool = option(False, "Replace the script if it is there already")


COMMAND = CommandSpec(
    name="history",
    summary="Show the newest lines of the history, search it, or save this session as a script",
    options=HistoryOptions,
    target="hfshell.commands.history:show_history",
    where="local",
    section="Shell",
    description=(
        "`history save` takes the lines of this session that worked, in order, without those that only the "
        "prompt has a use for. Lines with a secret, or a space before them, are neither in the history nor "
        "in the script."
    ),
    examples=(
        ("history", "the last twenty"),
        ("history -n 100", "more of them"),
        ("history finetune", "the newest that hold a text"),
        ("history save first.hfsh", "this session, to be run again"),
    ),
)


def show_history(context: LocalContext, options: HistoryOptions) -> Result:
    """Return lines, oldest first; or write those of this session to a script.

    Raises:
        UsageError: the script is there already, cannot be named so, or no line worked yet.
    """
    words = options.words
    if words[:1] == ("save",):
        from hfshell.commands.history_script import save_script

        if len(words) != 2:
            raise UsageError("history save wants one file", hint="history save FILE.hfsh")
        return save_script(context, words[1], overwrite=options.overwrite)
    if options.overwrite:
        raise UsageError("--overwrite goes with `history save FILE`")
    lines = context.history()
    if words and not (len(words) == 1 and words[0].isdecimal()):
        return _holding(" ".join(words), lines, options.n or _USUAL)
    newest = lines[-(options.n or int(words[0] if words else _USUAL) or _USUAL) :]
    return HistoryTable(first=len(lines) - len(newest) + 1, lines=tuple(newest))


def _holding(text: str, lines: Sequence[str], most: int) -> HistoryTable:
    """Return the newest lines that hold a text, whatever its case; the same line once."""
    wanted = text.casefold()
    found: dict[str, int] = {}
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        if wanted in line.casefold():
            found.setdefault(line, number)
            if len(found) == most:
                break
    pairs = sorted((number, line) for line, number in found.items())
    return HistoryTable(
        first=pairs[0][0] if pairs else 1,
        lines=tuple(line for _, line in pairs),
        numbers=tuple(number for number, _ in pairs),
        sought=text,
    )
