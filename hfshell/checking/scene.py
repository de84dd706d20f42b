"""What is known at a line: names, files, commands; and the findings that several passes share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hfshell.checking.data_files import ending
from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.disk import Disk
from hfshell.checking.symbols import Symbols
from hfshell.language import did_you_mean

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec
    from hfshell.errors import Place
    from hfshell.plugin_host import PluginHost

SPLITS = ("train", "validation", "test")
_NAMES = {
    **{name: name for name in SPLITS},
    "training": "train", "valid": "validation", "val": "validation", "dev": "validation",
    "development": "validation", "eval": "validation", "testing": "test",
}  # fmt: skip


@dataclass
class Scene:
    """What is known at a line.

    Attributes:
        plugins: where tasks, model sources and formats are declared.
        symbols: the names.
        disk: the files.
        any_command: a package is missing: commands, tasks and options that nobody knows may be its.
    """

    plugins: PluginHost
    symbols: Symbols = field(default_factory=Symbols)
    disk: Disk = field(default_factory=Disk)
    any_command: bool = False

    def is_own(self, spec: CommandSpec) -> bool:
        """Whether a command is hfshell's own, whose ways are known here."""
        plugin = self.plugins.provider(spec)
        return plugin is None or plugin.built_in

    def is_file_name(self, word: str) -> bool:
        """Whether a word ends like the name of a data file."""
        formats = self.plugins.data_formats()
        return ending(word, [end for spec in formats for end in spec.endings]) is not None

    def unbound(self, name: str, place: Place, otherwise: str | None = None) -> Diagnostic:
        """Report a name that nothing is bound to; `otherwise` is the hint when no name is near."""
        symbols = self.symbols
        if name in symbols.gone:
            hint: str | None = f"line {symbols.gone[name]} forgets it"
        elif name in symbols.later:
            hint = f"line {symbols.later[name]} binds it: move that line up"
        else:
            hint = did_you_mean(name, symbols.names()) or otherwise or f"bind it first: {name} = …"
        return Diagnostic("unknown-name", f"nothing is called {name}", place, hint)

    def missing_file(self, path: str, place: Place) -> Diagnostic:
        """Report a file that is not there."""
        hint = "check the path; it starts from the folder you run in"
        return Diagnostic("missing-file", f"there is no file {path}", place, hint)


def split_named(name: str) -> str | None:
    """Return the split that a word means, as `hfshell.data.folder` has it; None when it means none."""
    return _NAMES.get(name.lower())


def is_split(name: str) -> bool:
    """Whether a word names a split."""
    return split_named(name) is not None


def is_path(text: str) -> bool:
    """Whether a word can be a path alone."""
    return text.startswith(("./", "../", "/", "~"))
