"""Where a stranger's code runs in our process: named, watched, and cleaned up behind."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from hfshell.errors import HfshellError, PluginError
from hfshell.plugin_host.breadcrumb import AtWork, Breadcrumb
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import Failure, failure_of
from hfshell.plugin_host.namespaces import Namespaces
from hfshell.plugin_host.output import caught
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
    """A plugin's code that runs."""

    at_work: AtWork
    watched: bool
    thread: int
    pid: int = field(default_factory=os.getpid)
    heard: float = field(default_factory=time.monotonic)
    cut: float | None = None


@dataclass
class Containment:
    """Runs the code of plugins.

    Attributes:
        remark: told what a plugin did that it should not, once for each.
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

    @contextmanager
    def running(self, plugin: Discovered, what: str, *, watched: bool = True) -> Iterator[None]:
        """Contain a plugin's code: `with containment.running(plugin, "predict"): …`.

        Errors of hfshell's own tree pass: they are how a plugin says that something cannot be done.

        Args:
            plugin: whose code it is.
            what: the verb, the hook, or whatever else it does.
            watched: whether it is cut off when it gives no sign of life.

        Raises:
            PluginError: whatever else it raised, `SystemExit` and a `KeyboardInterrupt` of its own included.
        """
        call = _Call(AtWork(plugin.name, plugin.label, what), watched, threading.get_ident())
        self._begin(call)
        surroundings = Surroundings.take(self._namespaces)
        try:
            with caught(into_log=self.may_exit) as printed:
                yield
        except HfshellError:
            raise
        except BaseException as error:  # noqa: BLE001 - a stranger's code may raise anything
            raise self._explained(plugin, call, error) from None
        finally:
            if surroundings.is_other_process():
                os._exit(0)  # a fork of the plugin's came back: what follows is not its to do
            self._end(call)
            self._tidy(plugin, what, surroundings, [*printed.said()])

    def sign_of_life(self) -> None:
        """Take note that what runs is alive: it emitted something, gave a row, or our own code runs.

        In a process that a plugin forked, which gets here when it goes on as if it were us, end it.
        """
        if self._calls and self._calls[-1].pid != os.getpid():
            os._exit(0)
        for call in self._calls:
            call.heard = time.monotonic()

    def _explained(self, plugin: Discovered, call: _Call, error: BaseException) -> BaseException:
        if isinstance(error, KeyboardInterrupt) and self.aborted():
            return error
        if isinstance(error, NoSignOfLife):
            failure = Failure(f"no sign of life for {call.cut or 0:g} s", failure_of(error).traceback)
        else:
            failure = failure_of(error)
        self.failed(plugin, call.at_work.what, failure)
        return failed_in(plugin, call.at_work.what, failure)

    def _begin(self, call: _Call) -> None:
        self.sign_of_life()
        self._calls.append(call)
        self._note()
        if call.watched and self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name=WATCH, daemon=True)
            self._watcher.start()

    def _end(self, call: _Call) -> None:
        with self._lock:  # behind it nobody raises into this call any more
            self._calls.remove(call)
        self.sign_of_life()
        self._note()

    def _note(self) -> None:
        if self.breadcrumb is not None:
            self.breadcrumb.leave(self._calls[-1].at_work if self._calls else None)

    def _tidy(self, plugin: Discovered, what: str, surroundings: Surroundings, said: list[str]) -> None:
        changed = surroundings.put_back()
        if changed:
            self.remark(plugin, f"changed {', '.join(changed[:3])} in {what}, which was put back")
        for done in said:
            self.remark(plugin, f"{done} in {what}")
        for left in surroundings.left_running():
            self.remark(plugin, f"left {left} running in {what}")

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            call = self._calls[-1] if self._calls else None
            if call is None or not call.watched:
                continue
            patience = self.patience()
            silent = time.monotonic() - call.heard
            if call.cut is None and silent > patience:
                call.cut = patience
                with self._lock:
                    if call in self._calls:
                        _raise_in(call.thread, NoSignOfLife)
            elif call.cut is not None and silent > call.cut + _LAST_WORDS_SECONDS and self.may_exit:
                if self.breadcrumb is not None:
                    self.breadcrumb.leave(replace(call.at_work, cut_after=call.cut))
                os._exit(CUT)


def failed_in(plugin: Discovered, what: str, failure: Failure) -> PluginError:
    """Return what a user is told of a plugin that failed at work."""
    hint = f"`plugins why {plugin.name}` shows the traceback; `plugins disable {plugin.name}` switches it off"
    error = PluginError(
        f"plugin {plugin.label} failed in {what}: {failure.summary}", hint=failure.hint or hint
    )
    error.detail = failure.traceback or None
    return error


def _raise_in(thread: int, kind: type[BaseException]) -> None:
    set_exception: Any = ctypes.pythonapi.PyThreadState_SetAsyncExc
    set_exception(ctypes.c_ulong(thread), ctypes.py_object(kind))
