"""`plugins`: what is installed, why something failed, and what of it is used."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hfshell.api.options import argument, option
from hfshell.api.results import Message, PluginRow, PluginTable, Result
from hfshell.api.specs import CommandSpec
from hfshell.errors import HfshellError, UsageError
from hfshell.plugin_host.failures import Kept
from hfshell.plugin_host.isolation import Failure

if TYPE_CHECKING:
    from hfshell.commands.local import LocalContext
    from hfshell.plugin_host.records import Record

_PREFIX = "hfshell-"
"""What a plugin's package is called by, and its task is not."""

ACTIONS = ("list", "why", "disable", "enable", "prefer", "check", "new")


@dataclass(frozen=True)
class PluginsOptions:
    """Options of `plugins`."""

    action: str | None = argument("What to do", default=None, choices=ACTIONS, metavar="ACTION")
    name: str | None = argument("A plugin, or its package", default=None, complete="plugin", metavar="NAME")
    distribution: str | None = argument(
        "With `prefer`, the package that is meant", default=None, metavar="PACKAGE"
    )
    folder: str | None = option(
        None,
        "With `new`, where to; a folder of the plugin's name without it",
        complete="folder",
        metavar="FOLDER",
    )
    data: str | None = option(
        None,
        "With `check`, rows to try it with; rows that the kit makes without it",
        complete="file",
        metavar="FILE",
    )


COMMAND = CommandSpec(
    name="plugins",
    summary="List plugins; explain, switch off, check or begin one",
    options=PluginsOptions,
    target="hfshell.commands.plugins:plugins",
    where="local",
    section="Shell",
    description=(
        "Listing imports nothing into the shell: each plugin is asked once, in a process of its own, what it "
        "gives. What is disabled stays so until it is enabled. `prefer` chooses between packages that give "
        "the same name. `check` runs the conformance checks that authors run; `new` writes a plugin to "
        "start from, with its tests."
    ),
    examples=(
        ("plugins", "name, package, version, state, and what each gives"),
        ("plugins why ner", "its traceback"),
        ("plugins disable ner", "until `plugins enable ner`"),
        ("plugins prefer ner hfshell-better-ner", "where two packages give a task"),
        ("plugins check ner", "whether it keeps to the contract"),
        ("plugins check ner --data sentences.jsonl", "the same with rows of its own"),
        ("plugins new sarcasm", "a plugin to start from, in ./hfshell-sarcasm"),
    ),
)


def plugins(context: LocalContext, options: PluginsOptions) -> Result:
    """List the plugins, or do something about one."""
    if options.action in (None, "list"):
        context.plugins.refresh()
        stale = _stale(context)
        table = PluginTable(
            plugins=tuple(_row(record, stale) for record in context.plugins.records()),
            clashes=context.plugins.clashes(),
        )
        context.plugins.notices()  # the table says it all
        return table
    if options.name is None:
        raise UsageError(f"`plugins {options.action}` wants a plugin's name", hint="`plugins` lists them")
    return _ACTIONS[str(options.action)](context, options.name, options)


def _stale(context: LocalContext) -> Mapping[str, str]:
    """Say which plugins' files have changed since the kernel imported them, by distribution."""
    try:
        kernel = context.kernel_status().pid
    except HfshellError:  # there is none
        return {}
    return context.plugins.stale(kernel) if kernel else {}


def _row(record: Record, stale: Mapping[str, str]) -> PluginRow:
    row, changed = record.row(), stale.get(record.plugin.distribution)
    return replace(row, remarks=(*row.remarks, changed)) if changed else row


def _why(context: LocalContext, name: str, _: PluginsOptions) -> Result:
    failure, stale = context.plugins.failure(name), _stale(context)
    remarks = tuple(
        f"{record.label}: {remark}"
        for record in context.plugins.records()
        if record.plugin.is_called({name})
        for remark in _row(record, stale).remarks
    )
    if failure is None:
        disabled = next((record.plugin.disabled for record in context.plugins.named(name)), None)
        return Message(
            lines=(f"{name} is off: {disabled}" if disabled else f"{name} has not failed", *remarks)
        )
    return Message(
        lines=(*_told(failure, name), *_hint(failure), *failure.traceback.rstrip().splitlines(), *remarks)
    )


def _told(failure: Failure, name: str) -> tuple[str, ...]:
    """Say what happened, and of something that is over when it was and why it may be so no more."""
    if not isinstance(failure, Kept):
        return (failure.summary,)
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(failure.time))
    if failure.over is None:
        return (f"{when}: {failure.summary}",)
    return f"{name} has not failed since {failure.over}", f"before, {when}: {failure.summary}"


def _hint(failure: Failure) -> tuple[str, ...]:
    """Return what to do, unless it is what was done just now."""
    return (failure.hint,) if failure.hint and "plugins why" not in failure.hint else ()


def _disable(context: LocalContext, name: str, _: PluginsOptions) -> Result:
    context.plugins.disable(name)
    return Message(lines=(f"{name} is off from now on; `plugins enable {name}` takes it back",))


def _enable(context: LocalContext, name: str, _: PluginsOptions) -> Result:
    context.plugins.enable(name)
    off = next((record.plugin.disabled for record in context.plugins.named(name)), None)
    if off:
        return Message(lines=(f"{name} is still off: {off}",))
    return Message(lines=(f"{name} is on",))


def _prefer(context: LocalContext, name: str, options: PluginsOptions) -> Result:
    if options.distribution is None:
        raise UsageError("`plugins prefer` wants a name and a package", hint=f"plugins prefer {name} PACKAGE")
    context.plugins.prefer(name, options.distribution)
    return Message(lines=(f"{name} is that of {options.distribution}, here and from now on",))


def _check(context: LocalContext, name: str, _: PluginsOptions) -> Result:
    from hfshell.commands.plugin_check import check_plugin

    result = check_plugin(context.plugins, name)
    row = next((row for row in result.checks if row.state == "failed"), None)
    context.plugins.checked(name, Failure(f"{row.name}: {row.message}", "", row.hint) if row else None)
    return result


def _new(_context: LocalContext, name: str, options: PluginsOptions) -> Result:
    from hfshell.commands.plugin_template import write_plugin

    return write_plugin(name.removeprefix(_PREFIX), options.folder)


_ACTIONS: dict[str, Callable[[LocalContext, str, PluginsOptions], Result]] = {
    "why": _why,
    "disable": _disable,
    "enable": _enable,
    "prefer": _prefer,
    "check": _check,
    "new": _new,
}
