"""The session: the same one behind the prompt, a script, the server and Python."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as FutureTimeout
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

import hfshell
from hfshell.api.cancel import CancelToken
from hfshell.api.events import CommandFinished, SessionEvent
from hfshell.api.observations import SessionInfo
from hfshell.api.requests import NameInfo, RunRequest
from hfshell.api.results import KernelStatus, Result
from hfshell.commands.script_files import read_script
from hfshell.commands.table import CommandTable
from hfshell.commands.task_options import added_options, is_for, named_task
from hfshell.errors import HfshellError, UsageError
from hfshell.home import locate_home
from hfshell.journal import file as journal_file
from hfshell.models.quiet import quieten
from hfshell.plugin_host import PluginHost
from hfshell.plugin_host.breadcrumb import Breadcrumb
from hfshell.session.interpreter import Interpreter
from hfshell.session.known_names import describe_names
from hfshell.session.lookup import NameLookup, require_known
from hfshell.session.names import CURRENT, Binding, Names
from hfshell.session.own_settings import own_preferences
from hfshell.session.views import view_of
from hfshell.session.worker import Worker
from hfshell.settings.configuration import Configuration

if TYPE_CHECKING:
    from types import TracebackType

    from hfshell.api.results import ModelSummary
    from hfshell.api.specs import CommandSpec
    from hfshell.api.view import View
    from hfshell.commands.parsing import Argument
    from hfshell.compute.engine import TransformersEngine
    from hfshell.models.task_model import InMemory
    from hfshell.runs import RunStore
    from hfshell.session.conversations import Conversations
    from hfshell.session.datasets import DataSets
    from hfshell.session.tasks import Tasks
    from hfshell.session.warm import WarmModels
    from hfshell.settings import Settings

_POLL_SECONDS = 0.1
_LAST_HEARING_SECONDS = 5.0


class Session:
    """A session in this process.

    Example::

        session = Session()
        session.run("tickets = data tickets.csv")
        session.run("base = load minilm")
        result = session.run("router = finetune base tickets --epochs 3")
        print(result.fields()["accuracy"])

    Args:
        state: folder where the session journals its names; a journal found there brings them back parked.
            None keeps nothing.
        plugins_enabled: False uses only what hfshell ships.
        config: False leaves the settings of the user's `config.toml` unread.
    """

    def __init__(
        self, *, state: Path | None = None, plugins_enabled: bool = True, config: bool = True
    ) -> None:
        quieten()  # before anything imports torch
        self.home = locate_home()
        self.plugins = PluginHost(third_party=plugins_enabled)
        self.commands = CommandTable(self.plugins)
        # A kernel is told its settings by the shell, which read the file.
        self.preferences = own_preferences(self, read=config and state is None)
        self.names = Names(state / journal_file.NAME if state else None)
        self.lookup = NameLookup(self.names)
        self._state = state
        self._in_kernel = state is not None
        self.interpreter = Interpreter(self)
        self._worker = Worker()
        self._contain_plugins(state)
        self._cancelled = CancelToken()
        self._announced = False
        self._lines: list[str] = []
        self._began = time.monotonic()

    def run(self, text: str, **parameters: str) -> Result | None:
        """Run a line or a script, and return the last result.

        Args:
            text: text in the language.
            parameters: values for its `param` lines.

        Raises:
            HfshellError: the first command that failed; its `exit_code` is what a script would exit with.
        """
        return self._run(RunRequest(text, parameters=dict(parameters)))

    def run_file(self, path: str | Path, **parameters: str) -> Result | None:
        """Run a script file, and return the last result.

        Raises:
            HfshellError: as `run` does.
        """
        text = read_script(Path(path))
        return self._run(RunRequest(text, file=str(path), parameters=dict(parameters)))

    def execute(self, request: RunRequest, watch: Callable[[SessionEvent], None]) -> int:
        """Run a request and tell `watch` what happens, from the worker's thread; return the exit code.

        Ctrl-C while this waits asks the command to stop; a second one aborts it; a third stops waiting.
        """
        self._lines.append(request.text)
        self._cancelled = cancelled = CancelToken()
        future = self._worker.submit(lambda: self._interpret(request, watch, cancelled))
        return self._wait(future)

    def cancel(self, level: int) -> None:
        """Stop what runs: 1 lets the step finish and keeps what can be kept, 2 aborts and rolls back."""
        self._cancelled.set()
        if level > 1:
            self._worker.abort()

    def preload(self) -> None:
        """Import the heavy libraries on the worker while nothing else wants it."""
        from hfshell.session.preload import STEPS, settle

        steps = (*STEPS, lambda: None if "warm" in self.__dict__ else settle())
        for future in [self._worker.submit(step, background=True) for step in steps]:
            future.result()

    def close(self) -> None:
        """End the worker; what is in memory goes with it. Plugins that listen are heard out, not for ever."""
        if self._announced:
            told = self._worker.submit(lambda: self.plugins.session_ended(self._info))
            if any(
                "hfshell_session_ended" in found.declarations.observes for found in self.plugins.records()
            ):
                wait([told], timeout=_LAST_HEARING_SECONDS)
        self._worker.stop()

    def __enter__(self) -> Self:
        """Return the session."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the session."""
        self.close()

    # What local commands see (`hfshell.commands.local.LocalContext`).

    def history(self) -> Sequence[str]:
        """Texts run so far, oldest first."""
        return tuple(self._lines)

    def worked(self) -> NoReturn:
        """Refuse: the prompt knows what was typed and worked."""
        raise UsageError("a session can be saved as a script at the prompt alone")

    def kernel_status(self) -> KernelStatus:
        """How this process is."""
        from hfshell.models.memory import memory_at_once

        device = self._device_if_known()
        memory = memory_at_once(device)
        return KernelStatus(
            state="busy" if self._in_kernel else "in-process",  # it is running this very command
            pid=os.getpid(),
            uptime_seconds=time.monotonic() - self._began,
            restarts=0,
            memory_used=memory.used,
            memory_total=memory.total,
            memory_free=memory.free if memory.total else None,
            device=device,
            versions=_versions(),
        )

    def _device_if_known(self) -> str:
        """Resolve `auto` once torch is there; asking how things are must not import it, nor fail."""
        if "hfshell.models.placement" not in sys.modules:
            return self.settings.device
        try:
            return self.device
        except HfshellError:  # config.toml names a device that is not here: what wants it will say so
            return self.settings.device

    def restart_kernel(self) -> None:
        """Refuse: what runs here would end with it, or there is none."""
        if self._in_kernel:
            raise UsageError(
                "a script cannot restart the kernel that runs it", hint="say it at the prompt, alone"
            )
        raise UsageError("a session in this process has no kernel to restart")

    # What the kernel and the prompt ask.

    def status(self) -> KernelStatus:
        """How this process is, for whoever watches it."""
        return self.kernel_status()

    @property
    def in_kernel(self) -> bool:
        """Whether this process is a kernel, which ends when its shell is gone."""
        return self._in_kernel

    def known_names(self) -> tuple[NameInfo, ...]:
        """What is bound, for completion."""
        return describe_names(self.names, self._in_memory)

    def _in_memory(self, binding: Binding) -> InMemory | None:
        asked = self.__dict__.get("warm")  # asking must not make the store
        return asked.in_memory(binding) if asked else None

    # What verbs use.

    @cached_property
    def runs(self) -> RunStore:
        """The run directories."""
        from hfshell.runs import RunStore

        return RunStore(self.home.runs)

    @cached_property
    def engine(self) -> TransformersEngine:
        """Loading, training and inference."""
        from hfshell.compute.engine import TransformersEngine

        return TransformersEngine()

    @cached_property
    def tasks(self) -> Tasks:
        """The installed tasks."""
        from hfshell.session.tasks import Tasks

        return Tasks(self.plugins)

    @cached_property
    def warm(self) -> WarmModels:
        """The models in memory."""
        from hfshell.session.warm import WarmModels

        warm = WarmModels(self)
        warm.on_loaded = self.plugins.model_loaded
        warm.on_unloaded = self._unloaded
        return warm

    @cached_property
    def conversations(self) -> Conversations:
        """What was said to models, and by them."""
        from hfshell.session.conversations import CONVERSATIONS, Conversations

        return Conversations(self._state / CONVERSATIONS if self._state else None)

    @cached_property
    def datasets(self) -> DataSets:
        """The data sets in memory."""
        from hfshell.session.datasets import DataSets

        return DataSets(self)

    @property
    def device(self) -> str:
        """Where models are placed."""
        from hfshell.models.placement import choose_device

        return choose_device(self.settings.device)

    def memory(self) -> tuple[int, int]:
        """Memory of this process, and of the machine, in bytes."""
        import psutil

        return psutil.Process().memory_info().rss, psutil.virtual_memory().total

    @property
    def settings(self) -> Settings:
        """The values of all settings."""
        return self.preferences.now

    def view_of(self, result: Result) -> View | None:
        """How a plugin wants a result to look; None for the usual way.

        Raises:
            PluginError: the plugin's renderer failed.
        """
        return view_of(result, self.plugins)

    def task_options(self, spec: CommandSpec, arguments: Sequence[Argument]) -> type | None:
        """The options that tasks add to a command's own."""
        task = named_task(arguments, self.plugins) or self._task_of_model(spec, arguments)
        try:
            return added_options(spec, task, self.plugins, arguments)
        except UsageError:
            if task is None:
                require_known(arguments, self.names, self.plugins)
            raise

    def _task_of_model(self, spec: CommandSpec, arguments: Sequence[Argument]) -> str | None:
        """Return the task of the model that a line names, where the command works with that."""
        first = next((argument.text for argument in arguments if not argument.option_like), None)
        binding = self.names.current_model if first == CURRENT else self.names.find(first or "", "model")
        task: str | None = binding.recipe.get("task") if binding else None
        return task if task and is_for(spec, self.plugins.task(task)) else None

    def _contain_plugins(self, state: Path | None) -> None:
        containment = self.plugins.containment
        containment.patience = lambda: self.settings.patience
        containment.aborted = lambda: self._worker.aborted
        if state is None:
            return
        containment.may_exit = True
        containment.breadcrumb = Breadcrumb(state)
        containment.breadcrumb.leave(None)

    def _unloaded(self, summary: ModelSummary) -> None:
        if "conversations" in self.__dict__:
            self.conversations.forget_read(summary.source)
        self.plugins.model_unloaded(summary)

    @property
    def _info(self) -> SessionInfo:
        return SessionInfo(version=hfshell.__version__, pid=os.getpid())

    def _announce(self) -> None:
        """Tell who listens that the session began: late, so that it has begun whoever fails at hearing it."""
        if not self._announced:
            self._announced = True
            self.plugins.session_started(self._info)

    def _interpret(
        self, request: RunRequest, watch: Callable[[SessionEvent], None], cancelled: CancelToken
    ) -> int:
        self.plugins.refresh_if_changed()
        self._announce()
        if request.settings is not None:
            self.preferences.use(Configuration(**request.settings))
        if request.folder is None:
            return self.interpreter.run(request, watch, cancelled)
        before = Path.cwd()
        os.chdir(request.folder)
        try:
            return self.interpreter.run(request, watch, cancelled)
        finally:
            os.chdir(before)

    def _run(self, request: RunRequest) -> Result | None:
        results: list[Result] = []
        errors: list[HfshellError] = []

        def watch(event: SessionEvent) -> None:
            if isinstance(event, CommandFinished):
                if event.result is not None:
                    results.append(event.result)
                if event.error is not None and not event.ignored:
                    errors.append(event.error)

        self.execute(request, watch)
        if errors:
            raise errors[0]
        return results[-1] if results else None

    def _wait(self, future: Future[int]) -> int:
        presses = 0
        while True:
            try:
                return future.result(timeout=_POLL_SECONDS)
            except FutureTimeout:
                continue
            except KeyboardInterrupt:
                presses += 1
                if presses > 2:
                    raise
                self.cancel(presses)


@cache
def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("hfshell", "torch", "transformers", "accelerate", "datasets"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
