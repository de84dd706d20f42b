"""Where a stranger's code runs in our process: named, watched, and cleaned up behind."""

from __future__ import annotations

import ctypes
import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NoReturn

from hfshell.errors import HfshellError, PluginError
from hfshell.plugin_host.breadcrumb import AtWork, Breadcrumb
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import Failure, failure_of, presentable, stack_of
from hfshell.plugin_host.namespaces import Namespaces
from hfshell.plugin_host.output import Catch, Tally
from hfshell.plugin_host.surroundings import WATCH, Surroundings

CUT = 79
"""Exit code of a process that ended because a plugin in it did not stop."""

_LAST_WORDS_SECONDS = 2.0
"""What a plugin has to heed the exception that asks it to stop."""

_LOOK_SECONDS = 0.2


class NoSignOfLife(Exception):  # noqa: N818 - names what happened
    """Raised in a plugin's code that was silent for too long."""


@dataclass
class _Call:
    """A plugin's code that runs. It is watched until it has come to its end, and what follows is ours."""

    plugin: Discovered
    what: str
    patience: float
    watched: bool = True
    thread: int = field(default_factory=threading.get_ident)
    pid: int = field(default_factory=os.getpid)
    heard: float = field(default_factory=time.monotonic)
    cut: float | None = None

    @property
    def at_work(self) -> AtWork:
        """The note that is left of it."""
        plugin = self.plugin
        return AtWork(plugin.name, plugin.distribution, plugin.version, self.what, self.cut)


@dataclass
class Containment:
    """Runs the code of plugins.

    Attributes:
        remark: told what a plugin did that it should not, once for each deed and where it was done.
        failed: told of each failure.
        breadcrumb: where it is noted who is at work; None where nobody would look.
        patience: seconds that a plugin may go without a sign of life.
        aborted: whether the user aborted what runs, so that a KeyboardInterrupt is theirs.
        may_exit: whether the process may be ended when nothing else stops a plugin: it is a kernel.
    """

    remark: Callable[[Discovered, str], None]
    failed: Callable[[Discovered, str, Failure], None]
    breadcrumb: Breadcrumb | None = None
    patience: Callable[[], float] = lambda: 600.0
    aborted: Callable[[], bool] = lambda: False
    may_exit: bool = False
    _calls: list[_Call] = field(default_factory=list)
    _namespaces: Namespaces = field(default_factory=Namespaces)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _watcher: threading.Thread | None = None
    _remarked: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def at_work(self) -> str | None:
        """Label of the plugin whose code runs, of the innermost where one called another; None of none."""
        return next((call.plugin.label for call in reversed([*self._calls])), None)

    def running(
        self, plugin: Discovered, what: str, *, patience: float = math.inf
    ) -> AbstractContextManager[None]:
        """Contain a plugin's code: `with containment.running(plugin, "predict"): …`.

        Errors of hfshell's own tree pass: they are how a plugin says that something cannot be done.

        Args:
            plugin: whose code it is.
            what: the verb, the hook, or whatever else it does.
            patience: seconds that it may take to, where that is less than the user's own patience.

        Raises:
            PluginError: whatever else it raised, `SystemExit` and a `KeyboardInterrupt` of its own included.
        """
        return _Running(self, _Call(plugin, what, patience))

    def sign_of_life(self) -> None:
        """Take note that what runs is alive: it emitted something, gave a row, or our own code runs.

        In a process that a plugin forked, which gets here when it goes on as if it were us, end it.
        """
        for call in [*self._calls]:
            if call.pid != os.getpid():
                os._exit(0)
            call.heard = time.monotonic()

    def begin(self, call: _Call) -> Surroundings:
        """Note that a plugin's code runs, and remember what is around it."""
        self.sign_of_life()
        outer = self._calls[-1] if self._calls else None
        if outer is not None:  # what it changed is neither for us nor for another plugin to meet
            self._tell_changes(outer, self._namespaces.put_back())
        surroundings = Surroundings.take(self._namespaces, nested=outer is not None)
        with self._lock:
            self._calls.append(call)
        self._note()
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name=WATCH, daemon=True)
            self._watcher.start()
        return surroundings

    def end(self, call: _Call) -> None:
        """Note that it runs no more."""
        with self._lock:  # behind it nobody raises into this call any more
            self._calls.remove(call)
            if call.cut is not None:
                _raise_in(call.thread, None)
        self.sign_of_life()
        self._note()

    def tidied(self, call: _Call, changed: list[str], tally: Tally, surroundings: Surroundings) -> None:
        """Say what a plugin did that it should not."""
        self._tell_changes(call, changed)
        if surroundings.has_lost_folder():
            self._tell(call, "removed", "removed the folder that relative paths start from")
        for deed, text in tally.said():
            self._tell(call, deed, text)
        for left in surroundings.left_running():
            self._tell(call, f"left {left}", f"left {left} running")

    def outcome(self, call: _Call, error: BaseException) -> BaseException:
        """Return what is raised for what a plugin raised: the same where it may pass."""
        if isinstance(error, HfshellError):
            return presentable(error)
        if isinstance(error, KeyboardInterrupt) and self.aborted():
            return error
        failure = failure_of(error)
        if isinstance(error, NoSignOfLife):
            failure = _silence(call, failure.traceback)
        self.failed(call.plugin, call.what, failure)
        return failed_in(call.plugin, call.what, failure)

    def _tell_changes(self, call: _Call, changed: list[str]) -> None:
        if changed:
            self._tell(call, "changed", f"changed {', '.join(changed[:3])}", ", which was put back")

    def _tell(self, call: _Call, deed: str, text: str, more: str = "") -> None:
        key = (call.plugin.label, deed, call.what)
        if key not in self._remarked:
            self._remarked.add(key)
            self.remark(call.plugin, f"{text} in {call.what}{more}")

    def _note(self) -> None:
        if self.breadcrumb is not None:
            self.breadcrumb.leave(self._calls[-1].at_work if self._calls else None)

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            with self._lock:
                call = self._calls[-1] if self._calls else None
                if call is not None and call.watched and self._is_beyond_words(call):
                    self._cut(call)

    def _is_beyond_words(self, call: _Call) -> bool:
        """Ask a plugin that has been silent too long to stop; say whether it was asked and did not."""
        patience = min(self.patience(), call.patience)
        silent = time.monotonic() - call.heard
        if call.cut is None and silent > patience:
            call.cut = patience
            _raise_in(call.thread, NoSignOfLife)
        return call.cut is not None and silent > call.cut + _LAST_WORDS_SECONDS and self.may_exit

    def _cut(self, call: _Call) -> NoReturn:
        """End the process, and leave word of who is to blame and where it was."""
        try:
            if self.breadcrumb is not None:
                self.breadcrumb.leave(call.at_work)
            self.failed(call.plugin, call.what, _silence(call, stack_of(call.thread)))
        finally:
            os._exit(CUT)


class _Running:
    """A plugin's code while it runs.

    A class, for a generator would come to its end only by functions that the plugin may have replaced.
    """

    def __init__(self, containment: Containment, call: _Call) -> None:
        self._containment = containment
        self._call = call

    def __enter__(self) -> None:
        self._surroundings = self._containment.begin(self._call)
        self._printed = Catch(into_log=self._containment.may_exit)

    def __exit__(self, _kind: object, error: BaseException | None, _where: object) -> None:
        if self._surroundings.is_other_process():
            os._exit(0)  # a fork of the plugin's came back: what follows is not its to do
        self._call.watched = False  # what follows is ours
        changed = self._surroundings.put_back()  # before anything else, which may need what was changed
        tally = self._printed.end()
        outcome = self._containment.outcome(self._call, error) if error is not None else None
        self._containment.end(self._call)
        self._containment.tidied(self._call, changed, tally, self._surroundings)
        if outcome is not None and outcome is not error:
            raise outcome from None


def _silence(call: _Call, traceback: str) -> Failure:
    return Failure(f"no sign of life for {call.cut or 0:g} s", traceback)


def failed_in(plugin: Discovered, what: str, failure: Failure) -> PluginError:
    """Return what a user is told of a plugin that failed at work."""
    hint = f"`plugins why {plugin.name}` shows the traceback; `plugins disable {plugin.name}` switches it off"
    error = PluginError(
        f"plugin {plugin.label} failed in {what}: {failure.summary}", hint=failure.hint or hint
    )
    error.detail = failure.traceback or None
    return error


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Raise something in a thread; None takes back what was not raised yet."""
    set_exception: Any = ctypes.pythonapi.PyThreadState_SetAsyncExc
    set_exception(ctypes.c_ulong(thread), ctypes.py_object(kind) if kind else ctypes.py_object())
