"""The scripts in `examples/`, on the starter model: all that they expect holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hfshell.checking import check_file
from hfshell.commands.table import CommandTable
from hfshell.language import parse_script
from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "examples").glob("*.hfsh"))
QUICKER: Mapping[str, Mapping[str, object]] = {"quickstart": {"epochs": 1}}
"""Parameters for those that take long, by name."""
IN_DAILY_RUNS = ("embeddings", "zero-shot-classification")
"""The others train for half a minute each; the quickstart is what `make demo` runs."""
RUN = [
    pytest.param(script, id=script.stem, marks=[] if script.stem in IN_DAILY_RUNS else [pytest.mark.slow])
    for script in SCRIPTS
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("script", RUN)
def test_example_runs(
    script: Path, run_hfsh: Callable[..., Outcome], minilm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever copies an example gets what it says."""
    assert minilm.is_dir()
    monkeypatch.chdir(ROOT)
    run_hfsh(script.read_text(encoding="utf-8"), **QUICKER.get(script.stem, {})).assert_ok()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_example_has_no_mistake(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands, options, names and files are there, also of those that do not run each day."""
    monkeypatch.chdir(ROOT)
    host = PluginHost(third_party=False)
    assert check_file(str(script), CommandTable(host), host) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_example_can_fail(script: Path) -> None:
    """It expects something: one that only runs shows nothing."""
    text = script.read_text(encoding="utf-8")
    parse_script(text, script.name)
    assert any(line.startswith("expect ") for line in text.splitlines())
