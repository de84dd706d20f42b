"""Parts of the documentation that are made from the commands and the settings."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfshell.api.options import OptionField, option_fields
from hfshell.api.specs import CommandSpec
from hfshell.commands.help_pages import page
from hfshell.commands.table import BUILT_IN, CommandTable
from hfshell.plugin_host import PluginHost
from hfshell.settings import DECLARATIONS, Settings
from hfshell.shell.arguments import _parser
from tests.docs.made_of_api import table


def commands() -> str:
    """All commands by section: usage, arguments, options, examples."""
    host = PluginHost(third_party=False)
    known = CommandTable(host)
    specs = [known.get(name) for name in BUILT_IN]
    sections = dict.fromkeys(spec.section for spec in specs)
    parts = []
    for section in sections:
        parts.append(f"## {section}")
        parts += [_command(spec, host) for spec in specs if spec.section == section]
    return "\n\n".join(parts)


def settings() -> str:
    """The settings of `set`."""
    defaults = Settings()
    rows = [
        (f"`{name}`", f"`{defaults.shown(name)}`", declared.help, declared.wanted)
        for name, declared in DECLARATIONS.items()
    ]
    return table(("setting", "default", "what it is", "what it may be"), rows)


def arguments() -> str:
    """The options of `hfshell` itself."""
    rows = [
        (f"`{' '.join(filter(None, (action.option_strings[0], action.metavar)))}`", str(action.help))
        for action in _parser()._actions
        if action.option_strings
    ]
    return table(("option", "what it does"), rows)


def _command(spec: CommandSpec, host: PluginHost) -> str:
    shown = page(spec, host)
    about = textwrap.fill(f"{spec.summary}. {spec.description}", 110, break_on_hyphens=False)
    parts = [f"### {spec.name}", f"```text\n{shown.usage}\n```", about]
    limits = {field.flag: _limits(field) for field in option_fields(spec.options)}
    rows = [
        (
            f"`{item.flag} {item.value}".strip() + "`",
            _default(item.default),
            item.help + (f" ({item.task})" if item.task else limits.get(item.flag, "")),
        )
        for item in shown.options
    ]
    if rows:
        parts.append(table(("word", "default", "what it is"), rows))
    if spec.examples:
        parts.append(table(("example", ""), [(f"`{line}`", text) for line, text in spec.examples]))
    return "\n\n".join(parts)


def _default(text: str) -> str:
    return f"`{text}`" if text else ""


def _limits(field: OptionField) -> str:
    info = field.info
    words = [
        f"{word} {limit:g}"
        for word, limit in (("at least", info.minimum), ("at most", info.maximum))
        if limit is not None
    ]
    return f" ({', '.join(words)})" if words else ""


MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {"commands": commands, "settings": settings, "arguments": arguments}
)
