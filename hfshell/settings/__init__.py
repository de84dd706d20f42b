"""What `set` and `config.toml` change: typed settings, where each value comes from, and the file."""

from __future__ import annotations

from hfshell.settings.configuration import Configuration
from hfshell.settings.declarations import DECLARATIONS, Declaration, Settings, find_declaration

__all__ = [
    "DECLARATIONS",
    "Configuration",
    "Declaration",
    "Settings",
    "find_declaration",
]
