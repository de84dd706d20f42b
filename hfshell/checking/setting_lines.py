"""Lines of `set`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hfshell.checking.diagnostics import Diagnostic
from hfshell.commands.set import DEFAULT
from hfshell.errors import UsageError
from hfshell.settings.declarations import find_declaration, read_value

if TYPE_CHECKING:
    from hfshell.checking.reading import ReadLine
    from hfshell.checking.scene import Scene


def check_settings(read: ReadLine, scene: Scene) -> Iterator[Diagnostic]:  # noqa: ARG001 - as all passes
    """Check that a setting is there, and may have the value."""
    setting, value = read.of("setting"), read.of("value")
    if read.spec.name != "set" or not setting or setting[0].text is None:
        return
    name = setting[0].text
    try:
        find_declaration(name)
    except UsageError as error:
        yield Diagnostic("unknown-setting", error.message, setting[0].place, error.hint)
        return
    text = value[0].text if value else None
    if text is None or text == DEFAULT:
        return
    try:
        read_value(name, text)
    except UsageError as error:
        yield Diagnostic("bad-setting", error.message, value[0].place, error.hint)
