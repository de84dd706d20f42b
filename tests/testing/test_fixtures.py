"""The fixtures: light until one is used, and each test has its own session, home and plugins."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hfshell.errors import UsageError
from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome
from tests.testing.mood import plugin

if TYPE_CHECKING:
    from hfshell import Session

Run = Callable[..., Outcome]


def test_loading_the_plugin_imports_next_to_nothing() -> None:
    """Every run of pytest loads it: of hfshell there are three modules then, and no library but pytest."""
    code = (
        "import pytest, sys; before = set(sys.modules); import hfshell.testing.fixtures\n"
        "print(*sorted(set(sys.modules) - before - set(sys.stdlib_module_names)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["hfshell", "hfshell.testing", "hfshell.testing.fixtures"]


def test_naming_what_is_public_stays_light() -> None:
    """A test module that imports the kit is collected without torch, rich or a prompt."""
    code = (
        "import sys; from hfshell.testing import CHECKS, Outcome, TaskConformance, Verdict\n"
        "heavy = {'torch', 'transformers', 'numpy', 'pyarrow', 'rich', 'prompt_toolkit', 'sklearn'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pytest_finds_the_fixtures_by_itself() -> None:
    """The entry point is there, so that an author installs hfshell and nothing else."""
    (point,) = [point for point in metadata.entry_points(group="pytest11") if point.name == "hfshell"]
    assert point.value == "hfshell.testing.fixtures"


def test_session_is_offline_on_the_processor_and_seeded(hf_session: Session) -> None:
    """No test reaches for the network, or depends on the machine's accelerator."""
    settings = hf_session.settings
    assert (settings.offline, settings.device, settings.seed) == (True, "cpu", 42)


def test_session_has_a_home_of_its_own(hf_session: Session, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Runs and choices of a test never reach the user's."""
    assert hf_session.home.runs.is_relative_to(tmp_path_factory.getbasetemp())
    assert os.environ["HFSHELL_HOME"] == str(hf_session.home.data.parent)


@pytest.mark.parametrize("turn", [1, 2])
def test_sessions_share_nothing(run_hfsh: Run, hf_session: Session, turn: int) -> None:
    """What one test binds or writes is not there for the next."""
    assert run_hfsh("expect $once == 1").exit_code == UsageError.exit_code
    assert not list(hf_session.home.runs.glob("*"))
    run_hfsh("let once = 1").assert_ok()
    hf_session.home.runs.mkdir(parents=True, exist_ok=True)
    (hf_session.home.runs / f"left-{turn}").touch()


def test_scripts_of_one_test_share_the_session(run_hfsh: Run) -> None:
    """A test may look between two scripts."""
    run_hfsh("let once = 1").assert_ok()
    run_hfsh("expect $once == 1").assert_ok()


def test_plugin_host_has_what_hfshell_ships_and_what_is_added(plugin_host: PluginHost, run_hfsh: Run) -> None:
    """A module is used as if it were installed, in the session of the same test."""
    assert "mood" not in plugin_host.task_names()
    plugin_host.use(plugin, "mood")
    outcome = run_hfsh("m = load tiny:mood\np = predict m 'refund my card' --top 1")
    outcome.assert_ok()
    assert [item.label for item in outcome["p"].rows[0]] == ["billing"]


def test_tiny_model_and_data_go_together(
    run_hfsh: Run, tiny_model: Callable[[str], Path], tiny_dataset: Callable[[str], Path]
) -> None:
    """A tiny model can be measured on tiny data: it knows the very labels."""
    outcome = run_hfsh(
        """
        param file
        d = data $file
        ev = eval tiny:text-classification d.test
        """,
        file=tiny_dataset("text-classification"),
    )
    outcome.assert_ok()
    assert outcome["ev"].labels == ("account", "billing", "delivery")
    assert (tiny_model("text-classification") / "config.json").is_file()
    assert tiny_model("text-classification") == tiny_model("text-classification")


def test_tiny_model_of_no_task_names_the_nearest(tiny_model: Callable[[str], Path]) -> None:
    """A misspelt task is answered with the right one."""
    with pytest.raises(UsageError) as caught:
        tiny_model("text-clasification")
    assert "text-classification" in str(caught.value.hint)
