"""The three steps of Ctrl-C."""

from __future__ import annotations

from typing import Any

from hfshell.kernel.interrupts import InterruptLadder


def test_each_press_goes_one_step_further() -> None:
    """Protects the order: finish the step, abort, restart."""
    done: list[Any] = []
    ladder = InterruptLadder(done.append, lambda: done.append("kill"))
    said = [ladder.press() for _ in range(4)]
    assert done == [1, 2, "kill", "kill"]
    assert "Ctrl-C again aborts" in said[0]
    assert "Ctrl-C again restarts" in said[1]
    assert "names are reloaded" in said[2]
    assert all("\n" not in line for line in said)


def test_without_a_kernel_of_ours_the_second_step_is_the_last() -> None:
    """Protects an attached shell from promising what it cannot do."""
    done: list[Any] = []
    ladder = InterruptLadder(done.append)
    said = [ladder.press() for _ in range(3)]
    assert done == [1, 2, 2]
    assert "restarts" not in said[1]
