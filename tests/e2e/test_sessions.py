"""A person whose terminal is killed: what was bound comes back, by name or after a crash. In order."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Run
from tests.e2e.terminal import CTRL_D, Terminal


@pytest.fixture
def shell(place: Path, tiny: Path, environment: dict[str, str]) -> Iterator[Terminal]:
    """A prompt in the home that all tests here share."""
    opened = Terminal(folder=place, environment=environment)
    yield opened
    opened.close()


def killed(terminal: Terminal) -> None:
    """End a prompt as the out-of-memory killer or a power cut would."""
    os.kill(terminal.pid, signal.SIGKILL)
    assert terminal.exit_code() == -signal.SIGKILL


@pytest.mark.slow
def test_a_prompt_that_is_killed(shell: Terminal) -> None:
    """Names of every kind are bound, and nothing is left properly."""
    shell.wait_for_prompt()
    shell.enter("rows = data rows.csv")
    assert "120 rows" in shell.wait_for_prompt()
    shell.enter("let lr = 3")
    shell.wait_for_prompt()
    killed(shell)


@pytest.mark.slow
def test_the_next_prompt_offers_what_was_bound(
    shell: Terminal, place: Path, environment: dict[str, str]
) -> None:
    """One line says so; a second prompt beside it does not take it away, nor offers the first one's names."""
    assert "was not left: 2 names" in shell.wait_for_prompt()
    shell.enter("session restore")
    assert "restored" in shell.wait_for_prompt()
    shell.enter("show rows")
    assert "120 rows" in shell.wait_for_prompt()
    other = Terminal(folder=place, environment=environment)
    assert "was not left" not in other.wait_for_prompt()
    other.press(CTRL_D)
    assert other.exit_code() == 0
    shell.enter("undo")
    assert "session restore" in shell.wait_for_prompt()
    shell.press(CTRL_D)
    assert shell.exit_code() == 0


def test_a_prompt_that_was_left_offers_nothing(shell: Terminal) -> None:
    """A clean end is an end."""
    assert "was not left" not in shell.wait_for_prompt()


@pytest.mark.slow
def test_a_session_of_a_name(hfshell: Run, place: Path, environment: dict[str, str]) -> None:
    """It is saved on leaving and found again, in a script and at the prompt; both say so."""
    done = hfshell("--session", "work", "-c", "rows = data rows.csv", "-c", "let lr = 3")
    assert done.returncode == 0
    assert "session work is saved · 2 names" in done.stderr
    assert "session" not in done.stdout
    terminal = Terminal("--session", "work", folder=place, environment=environment)
    assert "session work · 2 names" in terminal.wait_for_prompt()
    refused = hfshell("--session", "work", "-c", "models")
    assert refused.returncode == 2
    assert "open in another shell" in refused.stderr
    terminal.enter("expect $lr == 3")
    terminal.wait_for_prompt()
    terminal.enter("let more = 4")
    terminal.wait_for_prompt()
    terminal.press(CTRL_D)
    assert terminal.exit_code() == 0
    assert "session work is saved · 3 names" in terminal.raw
    assert hfshell("--session", "work", "-c", "expect $more == 4").returncode == 0


@pytest.mark.slow
def test_a_failing_script_saves_its_session(hfshell: Run) -> None:
    """What was bound before the error is there the next time."""
    assert hfshell("--session", "broken", "-c", "let a = 1", "-c", "load /nowhere").returncode == 1
    assert hfshell("--session", "broken", "-c", "expect $a == 1").returncode == 0


def test_settings_of_the_file_reach_a_script(hfshell: Run, environment: dict[str, str]) -> None:
    """Mistakes are said on stderr with their line, and cost nothing else; `--no-config` reads none of it."""
    folder = Path(environment["HFSHELL_HOME"]) / "config"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text("[settings]\nseed = 7\nsede = 8\n[aliases]\nmm = 'models'\n")
    done = hfshell("-c", "set seed", "-c", "mm")
    assert "seed = 7" in done.stdout
    assert "config.toml:3" in "".join(done.stderr.split())
    assert done.returncode == 2  # a script sees no alias
    plain = hfshell("--no-config", "-c", "set seed")
    assert "seed = 42" in plain.stdout
    assert "config.toml" not in plain.stderr
    (folder / "config.toml").unlink()
