"""SIGTERM is a Ctrl-C, once however often it is sent at once."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from hfshell.shell import interrupts
from hfshell.shell.interrupts import ended_as_interrupted, on_interrupt


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Put back what was there."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def tell_to_end() -> None:
    """Send SIGTERM to this process, which hears it at once."""
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.01)


def test_sigterm_does_what_ctrl_c_does_here() -> None:
    """What runs is asked to stop; the code says who asked."""
    pressed: list[int] = []
    with ended_as_interrupted() as ending, on_interrupt(lambda: pressed.append(1)):
        assert (ending.code(130), ending.code(1)) == (130, 1)
        tell_to_end()
        assert (ending.code(130), ending.code(1)) == (143, 1)
    assert pressed == [1]


def test_signals_at_once_are_one() -> None:
    """`timeout` signals whom it started, then the whole group: a second press would roll back."""
    pressed: list[int] = []
    with ended_as_interrupted(), on_interrupt(lambda: pressed.append(1)):
        tell_to_end()
        tell_to_end()
    assert pressed == [1]


def test_whoever_asks_again_means_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second signal that comes later climbs, as a second Ctrl-C does."""
    monkeypatch.setattr(interrupts, "_ECHO_SECONDS", 0.0)
    pressed: list[int] = []
    with ended_as_interrupted(), on_interrupt(lambda: pressed.append(1)):
        tell_to_end()
        tell_to_end()
    assert pressed == [1, 1]


@pytest.mark.parametrize("handler", [signal.SIG_IGN, signal.SIG_DFL, signal.default_int_handler])
def test_sigterm_breaks_off_where_nobody_hears_ctrl_c(handler: signal.Handlers) -> None:
    """A shell that starts us in the background has SIGINT ignored; we can be ended all the same."""
    signal.signal(signal.SIGINT, handler)
    with pytest.raises(KeyboardInterrupt), ended_as_interrupted():
        tell_to_end()
