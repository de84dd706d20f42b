"""A prompt beside a kernel that is none, and a person who presses its keys."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from prompt_toolkit.output import DummyOutput

from hfshell.home import Home
from hfshell.shell.arguments import Invocation
from hfshell.shell.prompt import PromptShell
from tests.shell.fake_supervisor import FakeSupervisor

if TYPE_CHECKING:
    from prompt_toolkit.input import PipeInput

CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_J, CTRL_R, CTRL_X, TAB, ENTER, ESCAPE, UP, F1 = (
    "\x01", "\x03", "\x04", "\x05", "\n", "\x12", "\x18", "\t", "\r", "\x1b", "\x1b[A", "\x1bOP",
)  # fmt: skip


class Prompt(PromptShell):
    """A prompt beside a kernel that is none."""

    def __init__(self, keyboard: PipeInput, home: Home, invocation: Invocation) -> None:
        self.supervisor = FakeSupervisor()
        self.keyboard = keyboard
        super().__init__(invocation, home, terminal=keyboard, output=DummyOutput())

    def _supervise(self) -> FakeSupervisor:  # type: ignore[override]
        return self.supervisor

    def type(self, *keys: str) -> int:
        """Press keys, then leave; return the exit code."""
        self.keyboard.send_text("".join(keys) + CTRL_A + CTRL_C + CTRL_D)
        return self.run()

    @property
    def sent(self) -> list[str]:
        """What went to the kernel."""
        return [request.text for request in self.supervisor.requests]


def press_when(prompt: Prompt, condition: Callable[[], bool], keys: str) -> threading.Thread:
    """Press keys as soon as something holds, as a person who waits for it."""

    def wait() -> None:
        deadline = time.monotonic() + 20
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.01)
        prompt.keyboard.send_text(keys)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread
