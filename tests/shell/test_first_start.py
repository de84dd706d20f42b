"""The first start: somebody new is told what works here, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.commands.table import CommandTable
from hfshell.language import parse_script
from hfshell.plugin_host import PluginHost
from hfshell.session import Session
from hfshell.shell import first_start
from hfshell.shell.first_start import first_lines, is_first_start


def test_who_has_a_history_is_not_new(tmp_path: Path) -> None:
    """A file that is not there, or is empty, is nobody's."""
    history = tmp_path / "history"
    assert is_first_start(history)
    history.touch()
    assert is_first_start(history)
    history.write_text("+models\n")
    assert not is_first_start(history)


@pytest.mark.parametrize("installed", [True, False])
def test_there_are_three_lines_of_the_language(
    plugins: PluginHost, monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    """Each names a command that there is, and fits into 80 columns."""
    monkeypatch.setattr(first_start, "find_spec", lambda _: object() if installed else None)
    commands = CommandTable(plugins)
    lines = first_lines()
    assert len(lines) == 3
    for line in lines:
        assert len(line) <= 76
        (parsed,) = parse_script(line).lines
        assert commands.find(parsed.command.text)


@pytest.mark.slow
@pytest.mark.parametrize("installed", [True, False])
def test_the_lines_work_without_a_network(monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    """Somebody new types them, and each gives a result."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(first_start, "find_spec", lambda _: object() if installed else None)
    with Session(plugins_enabled=False) as session:
        for line in first_lines():
            assert session.run(line) is not None


def test_starter_is_the_one_that_is_loaded() -> None:
    """Whether the starter model is there is asked of the package that `load` takes it from."""
    from hfshell_tasks.starter.source import PACKAGES

    assert first_start.STARTER in PACKAGES.values()
