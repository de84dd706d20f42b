"""Results about the shell itself: lines, values, help, plugins, history, the kernel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hfshell.api.results.base import Result, Scalar, register_result


@register_result
@dataclass(frozen=True, kw_only=True)
class Message(Result):
    """Lines to show, for commands that have nothing more to say.

    Attributes:
        lines: the lines.
    """

    kind: ClassVar[str] = "message"
    lines: tuple[str, ...]


@register_result
@dataclass(frozen=True, kw_only=True)
class Value(Result):
    """A plain value that `let` or `set` named."""

    kind: ClassVar[str] = "value"
    name: str
    value: str


@register_result
@dataclass(frozen=True, kw_only=True)
class Expectation(Result):
    """An expectation that held."""

    kind: ClassVar[str] = "expectation"
    left: str
    operator: str
    right: str
    actual: str


@dataclass(frozen=True)
class HelpOption:
    """A line of a command's option table.

    Attributes:
        flag: as it is typed.
        value: what stands behind it, in capitals; empty for none.
        help: what it is for.
        default: empty when it must be given.
        positional: whether it is an argument without a flag.
        task: the task that adds it to the command; empty for the command's own.
    """

    flag: str
    value: str
    help: str
    default: str
    positional: bool = False
    task: str = ""


@dataclass(frozen=True)
class HelpEntry:
    """A command in the overview."""

    name: str
    summary: str
    section: str


@register_result
@dataclass(frozen=True, kw_only=True)
class HelpOverview(Result):
    """All commands, by section, and what else there are pages on."""

    kind: ClassVar[str] = "help-overview"
    commands: tuple[HelpEntry, ...]
    topics: tuple[HelpEntry, ...] = ()


@register_result
@dataclass(frozen=True, kw_only=True)
class HelpPage(Result):
    """Help for one command, or for whatever else has a name.

    Attributes:
        usage: how it is written.
        options: options and arguments of a command.
        examples: lines, and what they do.
        terms: words, and what is to be known of them: the labels of a model, the keys of the prompt.
    """

    kind: ClassVar[str] = "help"
    name: str
    usage: str
    summary: str
    description: str
    options: tuple[HelpOption, ...]
    examples: tuple[tuple[str, str], ...]
    terms: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PluginRow:
    """A plugin's record: what `plugins` shows.

    Attributes:
        state: `listed`, `ready`, `failed`, `disabled`, `incompatible`.
        seconds: its import took; None while it is only listed.
        gives: names of what it offers, `task text-classification`.
        error: one line, None unless it failed, or is disabled.
        remarks: what its author should mend, a line each.
    """

    name: str
    group: str
    distribution: str
    version: str
    state: str
    seconds: float | None = None
    gives: tuple[str, ...] = ()
    error: str | None = None
    remarks: tuple[str, ...] = ()


@register_result
@dataclass(frozen=True, kw_only=True)
class PluginTable(Result):
    """The plugins found.

    Attributes:
        plugins: a row each.
        clashes: names that several packages give, with how to choose; a line each.
    """

    kind: ClassVar[str] = "plugins"
    plugins: tuple[PluginRow, ...]
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckRow:
    """What came of one check of a plugin.

    Attributes:
        name: of the check; see docs/plugins/testing.md.
        state: `passed`, `failed`, or `skipped` because it does not apply.
        message: what was found, or why it was skipped.
        hint: what to do about it.
        seconds: it took.
        task: the task that was checked; None for a plugin without one.
    """

    name: str
    state: str
    message: str = ""
    hint: str | None = None
    seconds: float = 0.0
    task: str | None = None


@register_result
@dataclass(frozen=True, kw_only=True)
class PluginCheck(Result):
    """Whether a plugin keeps to the contract.

    Attributes:
        name: the plugin, or its package.
        distribution, version: the package.
        checks: what came of each, in their order.
        seconds: all of it took.
    """

    kind: ClassVar[str] = "plugin-check"
    name: str
    distribution: str
    version: str
    checks: tuple[CheckRow, ...]
    seconds: float

    @property
    def exit_code(self) -> int:
        """1 when a check failed."""
        return int(any(row.state == "failed" for row in self.checks))

    def fields(self) -> dict[str, Scalar]:
        """Return how many checks passed, failed and were skipped beside the plain fields."""
        counts = {
            state: sum(row.state == state for row in self.checks) for state in ("passed", "failed", "skipped")
        }
        return {**super().fields(), **counts}


@register_result
@dataclass(frozen=True, kw_only=True)
class HistoryTable(Result):
    """Lines typed, oldest first.

    Attributes:
        first: number of the first line; the others follow.
        lines: the lines.
        numbers: the number of each line, where they do not follow one another: lines that were searched for.
        sought: what was searched for.
    """

    kind: ClassVar[str] = "history"
    first: int
    lines: tuple[str, ...]
    numbers: tuple[int, ...] = ()
    sought: str = ""


@register_result
@dataclass(frozen=True, kw_only=True)
class KernelStatus(Result):
    """The process that holds the models.

    Attributes:
        state: `starting`, `idle`, `busy`, `dead`, `in-process`.
        restarts: how often it was started again in this session.
        memory_used, memory_total: bytes, of the device where models are placed; used is the kernel's.
        memory_free: bytes that nobody takes; None while that is not known.
        running: the line that runs, whoever asked for it; empty when none does.
        running_seconds: for how long it has run.
        waiting: how many runs wait for their turn.
    """

    kind: ClassVar[str] = "kernel"
    state: str
    pid: int | None
    uptime_seconds: float
    restarts: int
    memory_used: int
    memory_total: int
    device: str
    versions: dict[str, str] = field(default_factory=dict)
    memory_free: int | None = None
    running: str = ""
    running_seconds: float = 0.0
    waiting: int = 0
