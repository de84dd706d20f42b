"""How a kernel ended, said in one line with what to do next."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from pathlib import Path

from hfshell.errors import HfshellError, Interrupted, KernelDied
from hfshell.plugin_host.breadcrumb import AtWork
from hfshell.plugin_host.isolation import Failure

NO_SESSION = 78
"""Exit code of a kernel that could not make its session; EX_CONFIG of sysexits.h."""

_COMES_BACK = "it is starting again; names are reloaded on their next mention"


@dataclass(frozen=True)
class Ending:
    """The end of a kernel.

    Attributes:
        code: exit code, negative for a signal, as `subprocess` gives it.
        during: the command that ran, as written; None when none did.
        answered: whether it ever answered a client.
        asked: whether the user's third Ctrl-C was the cause.
        out_of_memory: whether the system killed something for want of memory while it lived.
        log: its log.
        lines: the last lines of what it wrote there.
        plugin: whose code ran in it when it ended; None for hfshell's own.
    """

    code: int
    during: str | None
    answered: bool
    asked: bool
    out_of_memory: bool
    log: Path
    lines: tuple[str, ...]
    plugin: AtWork | None = None

    @property
    def at_start(self) -> bool:
        """Whether it never came as far as running anything, so that starting it again would not help."""
        return not self.asked and (not self.answered or self.code == NO_SESSION)

    def error(self) -> HfshellError:
        """Return what the user is told."""
        if self.asked:
            return Interrupted(f"the kernel was stopped{self._during}", hint=_COMES_BACK)
        if self.at_start:
            return KernelDied(f"the kernel did not start: it {self._how}", hint=self._quote())
        if self.plugin is not None:
            return KernelDied(self._blamed(self.plugin), hint=_plugin_hint(self.plugin))
        return KernelDied(f"the kernel {self._how}{self._during}", hint=self._next())

    def failure(self) -> Failure | None:
        """Return what is kept of a plugin that ended the kernel.

        None where none did, where the user did, and where it was cut off: then the kernel kept it, and knew
        where the plugin was.
        """
        if self.plugin is None or self.plugin.cut_after is not None or self.asked:
            return None
        if self.code >= 0:
            return Failure(f"ended the process with exit code {self.code} in {self.plugin.what}", "")
        last = "\n".join(self.lines)  # of a crash, Python writes where it was into the log
        return Failure(f"the process {self._how} in {self.plugin.what}", last)

    def _blamed(self, plugin: AtWork) -> str:
        """Name the plugin that was at work when the kernel ended."""
        where = f"in {plugin.what} of plugin {plugin.label}"
        if plugin.cut_after is not None:
            silence = f"it gave no sign of life for {plugin.cut_after:g} s"
            return f"the kernel was ended{self._during}, {where}: {silence}"
        return f"the kernel {self._how}{self._during}, {where}"

    @property
    def _during(self) -> str:
        return f" during `{self.during}`" if self.during else ""

    @property
    def _how(self) -> str:
        if self.code >= 0:
            return f"ended with exit code {self.code}"
        name = signal_name(-self.code)
        if -self.code != signal.SIGKILL:
            verb = (
                "was stopped" if -self.code in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP) else "crashed"
            )
            return f"{verb} ({name})"
        return f"was killed ({name}, out of memory)" if self.out_of_memory else f"was killed ({name})"

    def _next(self) -> str:
        if self.out_of_memory:
            return f"{_COMES_BACK}\na smaller --batch-size or a smaller model needs less memory"
        if self.code == -signal.SIGKILL:
            return _COMES_BACK
        return f"{_COMES_BACK}\nwhat it last said stands in {self.log}"

    def _quote(self) -> str:
        said = "\n".join(f"  {line}" for line in self.lines) or "  nothing"
        return f"the last it said, in {self.log}:\n{said}"


def _plugin_hint(plugin: AtWork) -> str:
    heard = "; it is not told of anything more" if plugin.what.startswith("hfshell_") else ""
    patience = "\n`set patience 3600` waits longer" if plugin.cut_after is not None else ""
    return f"{_COMES_BACK}{heard}\n`plugins disable {plugin.name}` switches it off{patience}"


def signal_name(number: int) -> str:
    """Return `SIGSEGV` for 11; a number without a name stays one."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def count_memory_kills() -> int:
    """Return how many processes the system has killed for want of memory.

    Counted in our control group where there is one (`memory.events` of cgroup v2), else on the whole machine
    (`/proc/vmstat`); 0 on systems that have neither. Only a difference means something.
    """
    for path in (*_control_group(), Path("/proc/vmstat")):
        try:
            lines = path.read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        counts = dict(line.split() for line in lines)
        if "oom_kill" in counts:
            return int(counts["oom_kill"])
    return 0


def _control_group() -> tuple[Path, ...]:
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    unified = [line.removeprefix("0::/") for line in lines if line.startswith("0::/")]
    return tuple(Path("/sys/fs/cgroup") / group / "memory.events" for group in unified)
