"""The settings of a session: what it begins with, what it can have here, what a change does."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from hfshell.settings.preferences import Preferences, told

if TYPE_CHECKING:
    from hfshell.session.session import Session
    from hfshell.settings import Settings

_ABOVE = 3
"""Frames from a warning to whoever made the session."""


def own_preferences(session: Session, *, read: bool) -> Preferences:
    """Return what a session begins with; what is wrong in `config.toml` is a warning, as Python has them.

    Args:
        session: the session.
        read: whether the file is read.
    """

    def heed(before: Settings, after: Settings) -> None:
        # The budget is a share of the device's memory; a store that is not there yet asks when it is made.
        if (before.memory, before.device) != (after.memory, after.device) and "warm" in session.__dict__:
            session.warm.set_budget()

    preferences = Preferences(session.home.config, read=read, check=_check, changed=heed)
    for problem in preferences.take_problems():
        warnings.warn(told(problem), stacklevel=_ABOVE)
    return preferences


def _check(name: str, settings: Settings) -> None:
    if name == "device":
        from hfshell.models.placement import choose_device

        choose_device(settings.device)
