"""One kernel process, from its start until nothing of it is left."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hfshell.errors import KernelDied
from hfshell.home import locate_home
from hfshell.kernel import local_socket, log
from hfshell.kernel.ending import Ending, count_memory_kills
from hfshell.plugin_host import failures
from hfshell.plugin_host.breadcrumb import read_breadcrumb

_POLL_SECONDS = 0.005


class KernelChild:
    """A kernel that this process started.

    It leads a session and process group of its own, so that the terminal's Ctrl-C does not reach it and its
    helpers end with it. It holds one end of a pipe, its lifeline: when this process is gone, however it
    went, the pipe closes and the kernel ends.

    Args:
        folder: state folder, 0700: the log, the socket and the session's journal live there.
        arguments: further arguments of `python -m hfshell.kernel`.

    Raises:
        StorageError: the folder cannot be used.
        KernelDied: the process cannot be started.
    """

    def __init__(self, folder: Path, arguments: Sequence[str] = ()) -> None:
        self.asked_to_die = False
        self.answered = False
        self._folder = local_socket.private_folder(folder)
        self._log = self._folder / log.NAME
        self._memory_kills = count_memory_kills()
        self._swept = False
        self.socket = local_socket.socket_path(self._folder)
        # -P: nothing is imported from the folder that the user happens to stand in.
        command = [sys.executable, "-P", "-m", "hfshell.kernel", "--socket", os.fspath(self.socket)]
        self._process, self._lifeline, self._log_start = self._spawn([*command, *arguments])

    def _spawn(self, command: list[str]) -> tuple[subprocess.Popen[bytes], int, int]:
        theirs, ours = os.pipe()
        output = log.open_log(self._folder)
        try:
            log_start = os.fstat(output).st_size
            process = subprocess.Popen(
                [*command, "--state", os.fspath(self._folder), "--lifeline", str(theirs)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=(theirs,),
                start_new_session=True,
            )
        except OSError as error:
            os.close(ours)
            raise KernelDied(f"the kernel cannot be started: {error.strerror}") from error
        finally:
            os.close(theirs)
            os.close(output)
        return process, ours, log_start

    @property
    def pid(self) -> int:
        """Its process ID."""
        return self._process.pid

    def has_ended(self) -> bool:
        """Whether it ended. The first time that it has, what it left running is killed."""
        if self._process.poll() is None:
            return False
        if not self._swept:  # at once: the group's number is only sure to be ours while it is fresh
            self._swept = True
            self._signal_group(signal.SIGKILL)
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for its end, for so long; return whether it came."""
        deadline = time.monotonic() + seconds
        while not self.has_ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def terminate(self) -> None:
        """Ask it to end (SIGTERM)."""
        self._process.terminate()

    def kill(self) -> None:
        """End it and its helpers now (SIGKILL). Takes no lock, so that a signal handler may call it."""
        if self._process.returncode is None:
            self._signal_group(signal.SIGKILL)

    def release(self) -> None:
        """Kill it if it lives, and free all that stands for it: zombie, lifeline, socket."""
        self.kill()
        self._process.wait()
        self.has_ended()
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        local_socket.remove_socket(self.socket)

    def ending(self, during: str | None) -> Ending:
        """Say how it ended; `during` is the command that ran.

        A plugin that was at work is to blame, which is kept where `plugins why` finds it.
        """
        ending = Ending(
            code=self._process.wait(),
            during=during,
            answered=self.answered,
            asked=self.asked_to_die,
            out_of_memory=count_memory_kills() > self._memory_kills,
            log=self._log,
            lines=log.last_lines(self._log, self._log_start),
            plugin=read_breadcrumb(self._folder),
        )
        failure = ending.failure()
        if ending.plugin is not None and failure is not None:
            failures.write(locate_home().state, ending.plugin, failure)
        return ending

    def _signal_group(self, number: signal.Signals) -> None:
        # Nobody may be left; of a group of zombies macOS says "not permitted".
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
