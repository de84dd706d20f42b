"""Finds plugins by name, imports them late, isolates and reports them. The only caller of pluggy's hooks."""

from hfshell.plugin_host.host import PluginHost

__all__ = ["PluginHost"]
