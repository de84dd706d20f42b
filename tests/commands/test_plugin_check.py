"""`plugins check`: the kit's checks from the shell, whatever the plugin does to its process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from hfshell.api.events import CommandFinished, CommandStarted
from hfshell.api.results import CheckRow, PluginCheck, result_from_dict
from hfshell.commands.plugin_check import check_plugin
from hfshell.errors import PluginError, UsageError
from hfshell.plugin_host import PluginHost
from hfshell.render.export import to_json_line
from hfshell.testing import Outcome
from tests.render.screens import text_of

COMMAND = """
from dataclasses import dataclass
from hfshell.api import CommandSpec, hookimpl, option

@dataclass(frozen=True)
class Options:
    loud: int = option(3, {help!r}, minimum=1)

@hookimpl
def hfshell_commands():
    return [CommandSpec(name="shout", summary="Shout", options=Options, target="plugin_shout:shout",
                        examples=(("shout --loud 4", "louder"),))]

def shout(context, options):
    return None
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Put a distribution with one plugin on the path."""

    def put(name: str, source: str) -> None:
        site = tmp_path / "site"
        info = site / f"hfshell_{name}-1.2.dist-info"
        info.mkdir(parents=True)
        (site / f"plugin_{name}.py").write_text(source)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: hfshell-{name}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[hfshell.plugins]\n{name} = plugin_{name}\n")
        monkeypatch.syspath_prepend(str(site))
        metadata.MetadataPathFinder().invalidate_caches()

    return put


def states(checked: PluginCheck) -> dict[str, str]:
    return {row.name: row.state for row in checked.checks}


def test_a_plugin_without_a_task_is_checked_as_far_as_it_goes(install: Callable[[str, str], None]) -> None:
    """A command's declaration, options and examples are looked at; what wants a task says that it does."""
    install("shout", COMMAND.format(help="How loud"))
    checked = check_plugin(PluginHost(), "hfshell-shout")
    assert (checked.distribution, checked.version, checked.exit_code) == ("hfshell-shout", "1.2", 0)
    found = states(checked)
    for name in ("import", "light", "declaration", "entry-point", "targets", "options", "examples", "device"):
        assert found.pop(name) == "passed"
    assert set(found.values()) == {"skipped"}
    assert "plugin_shout" not in sys.modules


def test_a_failing_check_counts_and_is_explained(install: Callable[[str, str], None]) -> None:
    """The counts are there for `expect`, the exit code for a script, and the fix for people."""
    install("shout", COMMAND.format(help=""))
    checked = check_plugin(PluginHost(), "shout")
    assert checked.exit_code == 1
    assert checked.fields()["failed"] == 1
    (row,) = [row for row in checked.checks if row.state == "failed"]
    assert (row.name, row.message) == ("options", "--loud of shout has no help")
    assert row.hint
    assert result_from_dict(json.loads(json.dumps(checked.to_dict()))) == checked


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os; os._exit(7)", "it ended the process with exit code 7"),
        ("import os, sys\nif 'testing' in sys.argv[0]: os._exit(7)\n" + COMMAND, "it ended with exit code 7"),
    ],
)
def test_plugin_that_ends_its_process_fails_a_check(
    install: Callable[[str, str], None], source: str, words: str
) -> None:
    """What a plugin does to its process is its own affair, and the shell goes on."""
    install("shout", source.replace("{help!r}", "'How loud'"))
    checked = check_plugin(PluginHost(), "shout")
    (row,) = [row for row in checked.checks if row.state == "failed"]
    assert row.name == "import"
    assert words in row.message


@pytest.mark.slow
def test_check_that_hangs_is_broken_off(install: Callable[[str, str], None]) -> None:
    """Nobody waits for ever: the check that ran is named."""
    hang = "import sys, time\nif 'testing' in sys.argv[0]: time.sleep(60)\n"
    install("shout", hang + COMMAND.format(help="How loud"))
    checked = check_plugin(PluginHost(), "shout", patience=5)
    assert (checked.checks[-1].name, checked.checks[-1].state) == ("import", "failed")
    assert "no sign of life for 5 s" in checked.checks[-1].message


@pytest.mark.slow
def test_rows_of_ones_own_are_what_it_is_tried_with(
    install: Callable[[str, str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is named from where the user stands takes the place of the kit's rows."""
    install("mood", "from tests.testing.mood.plugin import hfshell_tasks")
    rows = [f"always the same,{'ab'[number % 2]}" for number in range(40)]
    (tmp_path / "own.csv").write_text("\n".join(["text,mood", *rows]))
    monkeypatch.chdir(tmp_path)
    checked = check_plugin(PluginHost(), "mood", data="own.csv")
    assert states(checked)["predict"] == "passed"
    assert "predicted alike" in next(row.message for row in checked.checks if row.name == "order")
    with pytest.raises(UsageError, match=r"no file other\.csv"):
        check_plugin(PluginHost(), "mood", data="other.csv")


def test_unknown_and_disabled_plugins_are_refused(install: Callable[[str, str], None]) -> None:
    """A misspelt name offers the right one; what is switched off is not run."""
    install("shout", COMMAND.format(help="How loud"))
    with pytest.raises(UsageError) as caught:
        check_plugin(PluginHost(), "shoot")
    assert "shout" in str(caught.value.hint)
    with pytest.raises(PluginError, match="--no-plugins"):
        check_plugin(PluginHost(third_party=False), "shout")


@pytest.mark.slow
def test_script_stops_with_1_behind_the_table(
    install: Callable[[str, str], None],
    run_hfsh: Callable[..., Outcome],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`plugins check x` gives what failed, and CI sees it; with `-` a script goes on and looks."""
    install("shout", COMMAND.format(help=""))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rows.csv").write_text("text,label")
    outcome = run_hfsh("""
        - r = plugins check shout --data rows.csv
        expect r.failed == 1
        plugins check shout > report.json
        echo behind
    """)
    assert outcome.exit_code == 1
    assert [result.kind for result in outcome.results] == ["plugin-check", "expectation", "saved"]


def test_screen_puts_failures_first() -> None:
    """What is to be mended stands above what is well, each reason for skipping once."""
    rows = (
        CheckRow("import", "passed"),
        CheckRow("options", "failed", "--loud has no help", "say what it is for"),
        CheckRow("load", "skipped", "it gives no task"),
        CheckRow("finetune", "skipped", "it gives no task"),
    )
    result = PluginCheck(name="x", distribution="hfshell-x", version="1", checks=rows, seconds=1.0)
    for width in (40, 80):
        shown = " ".join(text_of(result, width).split())
        assert "1 passed" in shown
        assert "say what it is for" in shown
        assert shown.count("it gives no task") == 1
        assert shown.index("--loud has no help") < shown.index("load, finetune") < shown.rindex("import")


@pytest.mark.parametrize(("state", "status"), [("failed", "failed"), ("passed", "ok"), ("skipped", "ok")])
def test_programs_are_told_as_well(state: str, status: str) -> None:
    """Under `--json` a line whose result tells of a failure has not gone well."""
    rows = (CheckRow("options", state),)
    result = PluginCheck(name="x", distribution="hfshell-x", version="1", checks=rows, seconds=1.0)
    finished = CommandFinished(CommandStarted("plugins", None, "plugins check x", "<-c>", 1), 1.0, result)
    line = json.loads(to_json_line(finished))
    assert line["status"] == status
    assert line["result"]["checks"][0]["state"] == state
