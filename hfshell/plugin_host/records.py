"""What is known of each installed plugin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hfshell.api.results import PluginRow
from hfshell.api.specs import CommandSpec, DataFormatSpec, MetricSpec, ModelSourceSpec, RendererSpec, TaskSpec
from hfshell.plugin_host.declarations import NOTHING, Declarations
from hfshell.plugin_host.discovery import TASKS, Discovered
from hfshell.plugin_host.isolation import Failure
from hfshell.plugin_host.manifest import Stamp, stamps_of

State = Literal["listed", "ready", "failed", "disabled", "incompatible"]


@dataclass(frozen=True)
class Record:
    """An installed plugin.

    Attributes:
        plugin: as its distribution lists it.
        state: `listed` until it is asked what it gives.
        declarations: what it gives.
        seconds: its import took.
        failure: why it failed, or does not fit this hfshell.
        remarks: what a light module should not do, a line each.
        stamps: the files that it was asked from, as they were.
    """

    plugin: Discovered
    state: State = "listed"
    declarations: Declarations = NOTHING
    seconds: float | None = None
    failure: Failure | None = None
    remarks: tuple[str, ...] = ()
    stamps: tuple[Stamp, ...] = ()

    @property
    def label(self) -> str:
        """Name, distribution and version, as errors give them."""
        return self.plugin.label

    def has_changed(self) -> bool:
        """Whether its files are others than those that it was asked from."""
        return stamps_of(path for path, _, _ in self.stamps) != self.stamps

    def task_names(self) -> tuple[str, ...]:
        """Names of its tasks, as far as they are known before it is asked: by its entry point."""
        if self.state != "listed":
            return tuple(spec.name for spec in self.declarations.of(TaskSpec))
        return (self.plugin.name,) if self.plugin.group == TASKS else ()

    def offers(self, name: str) -> bool:
        """Whether the plugin is called so, or gives something that is: a task, a format's ending."""
        given = ((spec.name, *getattr(spec, "endings", ())) for spec in self.declarations.specs)
        return self.plugin.name == name or any(name in names for names in given)

    def row(self) -> PluginRow:
        """What `plugins` shows of it."""
        gives = tuple(f"{_WORDS[type(spec)]} {spec.name}" for spec in self.declarations.specs)
        observes = tuple(f"listens to {hook.removeprefix('hfshell_')}" for hook in self.declarations.observes)
        return PluginRow(
            name=self.plugin.name,
            group=self.plugin.group,
            distribution=self.plugin.distribution,
            version=self.plugin.version,
            state=self.state,
            seconds=self.seconds,
            gives=(*gives, *observes),
            error=self.failure.summary if self.failure else self.plugin.disabled,
            remarks=self.remarks,
        )


_WORDS = {
    TaskSpec: "task",
    CommandSpec: "command",
    ModelSourceSpec: "models",
    DataFormatSpec: "format",
    MetricSpec: "metric",
    RendererSpec: "screen",
}
