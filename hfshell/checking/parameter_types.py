"""What the parameters of a script may be, told by the options that they fill and by their defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hfshell.checking.data_files import ending
from hfshell.checking.scene import is_path
from hfshell.errors import HfshellError
from hfshell.language import Text

if TYPE_CHECKING:
    from hfshell.api.options import OptionField
    from hfshell.checking.reading import LineReader
    from hfshell.language import CommandLine, Script, Word

WORD = "word"
_BY_COMPLETION = {
    "data": "data set or file",
    "file": "file",
    "folder": "folder",
    "model": "model",
    "task": "task",
    "run": "run",
    "split": "split",
    "text": "text",
}
_BY_TYPE = {int: "whole number", float: "number"}


def parameter_types(script: Script, reader: LineReader) -> Mapping[str, str]:
    """Return what each parameter may be, in a word or two.

    An option that it fills says it, `--epochs $epochs`; an `expect` that compares it by size wants a number;
    else its default does. Options that want different things say nothing.
    """
    uses: dict[str, set[str]] = {parameter.name.text: set() for parameter in script.parameters}
    for line in script.lines:
        for name, kind in _uses(line, reader):
            if name in uses:
                uses[name].add(kind)
    return {
        parameter.name.text: _settled(uses[parameter.name.text], parameter.default)
        for parameter in script.parameters
    }


def _settled(uses: set[str], default: Word | None) -> str:
    if uses == {"number", "whole number"}:
        return "whole number"
    return next(iter(uses)) if len(uses) == 1 else _by_form(default)


def _uses(line: CommandLine, reader: LineReader) -> Iterator[tuple[str, str]]:
    """Yield the parameters that stand for a whole value on a line, and what is wanted there."""
    if line.command.text == "expect" and len(line.words) == 3:
        if line.words[1].raw not in ("==", "!="):
            yield from ((name, "number") for word in line.words[::2] if (name := _alone(word)))
        return
    if line.command.text not in reader.names():
        return
    try:
        given = reader.read(line).given
    except HfshellError:
        return  # a plugin that fails is no matter of help
    for one in given:
        name = _alone(one.word)
        if name is not None and (kind := _wanted(one.option)):
            yield name, kind


def _alone(word: Word) -> str | None:
    """Return the name in a word that is `$NAME`, or `--option=$NAME`, and nothing else."""
    references = word.references
    texts = "".join(part.text for part in word.parts if isinstance(part, Text))
    whole = not texts or (texts.startswith("--") and texts.endswith("=") and word.raw.startswith("--"))
    if len(references) != 1 or not whole or references[0].field or references[0].environment:
        return None
    return references[0].name


def _wanted(option: OptionField) -> str | None:
    if option.info.choices:
        return " or ".join(option.info.choices)
    if option.type in _BY_TYPE:
        return _BY_TYPE[option.type]
    return _BY_COMPLETION.get(option.info.complete or "")


def _by_form(default: Word | None) -> str:
    text = default.plain if default else None
    if text is None:
        return WORD
    try:
        return "whole number" if float(text).is_integer() and text.lstrip("+-").isdigit() else "number"
    except (ValueError, OverflowError):
        return "file" if is_path(text) or ending(text) else WORD
