"""The house rules that a machine can check."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hfshell.commands.table import BUILT_IN, CommandTable
from hfshell.plugin_host import PluginHost

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path for folder in ("hfshell", "plugins", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)
LONGEST_FILE = 400
HEAVY = {
    "torch",
    "transformers",
    "accelerate",
    "datasets",
    "peft",
    "numpy",
    "pandas",
    "pyarrow",
    "sklearn",
    "scipy",
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_holds_one_idea(path: Path) -> None:
    """A file longer than 400 lines holds more than one idea."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def modules_after(code: str) -> set[str]:
    """Run code in a fresh process and return the top-level modules that it holds at the end."""
    report = (
        f"{code}\nimport json, sys; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    )
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import hfshell.__main__, hfshell.shell",
        "import hfshell.api",
        "import hfshell.kernel.client, hfshell.kernel.supervisor",
        """
from hfshell.commands.table import CommandTable
from hfshell.plugin_host import PluginHost
host = PluginHost(); table = CommandTable(host)
[table.get(name) for name in table.names()]; host.tasks(); host.model_sources()
""",
    ],
)
def test_shell_side_holds_no_heavy_library(code: str) -> None:
    """The shell is up at once, and nothing in it can be killed by a model."""
    assert not modules_after(code) & HEAVY


def test_version_imports_next_to_nothing() -> None:
    """`hfshell --version` answers before anything slow is imported."""
    code = (
        "import sys; sys.argv = ['hfshell', '--version']\n"
        "from hfshell.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert not modules_after(code) & (HEAVY | {"prompt_toolkit", "msgspec", "rich", "pluggy"})


def test_readme_lists_every_command() -> None:
    """The command table in README says what the declarations say."""
    table = CommandTable(PluginHost(third_party=False))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in BUILT_IN:
        assert f"| `{name}` | {table.get(name).summary} |" in readme
