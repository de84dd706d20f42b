"""Finds plugins by name, asks them what they give, runs what they give, isolates and reports them.

The only caller of pluggy's hooks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfshell.plugin_host.host import PluginHost

__all__ = ["PluginHost"]


def __getattr__(name: str) -> Any:
    """Import the host when it is named: who only reads a note of who is at work does not need it."""
    if name == "PluginHost":
        from hfshell.plugin_host.host import PluginHost

        return PluginHost
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
