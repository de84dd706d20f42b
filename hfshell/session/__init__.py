"""A session: names, settings, one worker thread, and commands that return results. It never prints."""

from hfshell.session.session import Session

__all__ = ["Session"]
