"""From a name to what is checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.specs import TaskSpec
from hfshell.errors import UsageError
from hfshell.language.suggest import did_you_mean
from hfshell.plugin_host.discovery import TASKS, Discovered
from hfshell.testing.subject import Subject

if TYPE_CHECKING:
    from hfshell.plugin_host.records import Record
    from hfshell.testing.bench import Bench


def subject_of_task(
    bench: Bench, task: str, *, given: object | None = None, options: Mapping[str, str], **own: Any
) -> Subject:
    """Return a task to be checked.

    Args:
        bench: where.
        task: its name.
        given: the plugin that declares it, when it is not installed.
        options: words added to a verb's lines.
        own: `dataset` and `source` of the author's own.

    Raises:
        UsageError: no installed plugin gives the task.
    """
    if given is not None:
        module = getattr(given, "__name__", type(given).__module__)
        plugin = Discovered(task, TASKS, module, "used-here", "0")
    else:
        plugin = _giving(bench, task).plugin
    return Subject(bench, plugin, task, given=given, options=options, **own)


def subjects_of_plugin(bench: Bench, name: str, data: Path | None = None) -> list[Subject]:
    """Return what is to be checked of an installed plugin, or package: each task, or a plugin without one.

    Args:
        bench: where.
        name: the plugin's, or the package's.
        data: a file of rows, in the place of the kit's.

    Raises:
        UsageError: there is no such plugin.
    """
    named = {record.plugin for record in bench.plugins.named(name)}
    records = [record for record in bench.plugins.records() if record.plugin in named]
    dataset = None if data is None else lambda _: data
    return [
        Subject(bench, record.plugin, task, dataset=dataset) for record in records for task in _tasks(record)
    ]


def _tasks(record: Record) -> list[str | None]:
    """Return the tasks to check; the one that a failing plugin is listed for, since it cannot be asked."""
    names: list[str | None] = [spec.name for spec in record.declarations.of(TaskSpec)]
    if record.state == "failed" and record.plugin.group == TASKS:
        return [record.plugin.name]
    return names or [None]


def _giving(bench: Bench, task: str) -> Record:
    records = bench.plugins.records()
    for record in records:
        if any(spec.name == task for spec in record.declarations.of(TaskSpec)):
            return record
    for record in records:
        if record.plugin.name == task and record.plugin.group == TASKS:
            return record
    hint = did_you_mean(task, bench.plugins.task_names()) or "install it: pip install -e ."
    raise UsageError(f"no installed plugin gives the task {task}", hint=hint)
