"""`session`: what a session holds, saved under a name and brought back."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument, option
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class SessionOptions:
    """Words of `session`."""

    what: str = argument(
        "What to do", choices=("list", "save", "load", "restore", "remove"), default="list", metavar="WHAT"
    )
    name: str | None = argument("A session's name", default=None, complete="session", metavar="NAME")
    replace: bool = option(False, "With `save`: let a session of that name give way")


COMMAND = CommandSpec(
    name="session",
    summary="Save the names of a session, and bring them back",
    description=(
        "Saved are the names, not copies of what they hold: models and data come back parked, and are loaded "
        "on their first mention from where they were; results and plain values come back whole. `restore` "
        "brings back the names of the last prompt that ended without being left. `hfshell --session NAME` "
        "begins with a session, and saves it when it is left."
    ),
    options=SessionOptions,
    target="hfshell.session.verbs.session:session",
    section="Session",
    examples=(
        ("session save tickets", "all names of now"),
        ("session list", "the sessions there are"),
        ("session load tickets", "its names, beside those of now"),
        ("session restore", "after a crash: the names of the last prompt"),
        ("session remove tickets", "models, runs and data stay"),
    ),
    binds="nothing",
)
