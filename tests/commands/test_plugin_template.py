"""`plugins new`: what it writes is a plugin, and passes its own tests as it stands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.checking import check_file
from hfshell.commands.plugin_template import write_plugin
from hfshell.commands.table import CommandTable
from hfshell.errors import StorageError, UsageError
from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome
from tests.conftest import ROOT

NAME = "mild-irony"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plugin as the command writes it."""
    folder = tmp_path_factory.mktemp("new") / "irony"
    write_plugin(NAME, str(folder))
    return folder


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_plugin_passes_its_own_tests(generated: Path, tmp_path: Path) -> None:
    """Built and installed as any package, it keeps to the contract and does what it is for."""
    site = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run(
        [*pip, "--target", str(site), str(generated)], check=True, timeout=100, capture_output=True
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(site), str(ROOT)))}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", str(generated)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 passed" in done.stdout
    assert "skipped" not in done.stdout


STARS = ROOT / "examples" / "hfshell-plugin-stars"
SDIST = "from hatchling.build import build_sdist; print(build_sdist('dist'))"


@pytest.mark.parametrize("example", [False, True], ids=["new", "stars"])
def test_only_the_package_is_shipped(generated: Path, tmp_path: Path, example: bool) -> None:
    """Models, data and environments that lie beside the sources are in no archive for others."""
    project = tmp_path / "project"
    shutil.copytree(STARS if example else generated, project, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mild-irony-model/model.safetensors", "other/weights.npz", "secret.csv"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("large")
    build = [sys.executable, "-c", SDIST]
    done = subprocess.run(build, cwd=project, capture_output=True, text=True, check=True, timeout=60)
    with tarfile.open(project / "dist" / done.stdout.split()[-1]) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    assert not {name for name in shipped if "weights" in name or "model." in name or "secret" in name}
    assert {"pyproject.toml", "README.md"} <= shipped
    assert {path.name for path in project.glob("hfshell_*/*.py")} <= {Path(name).name for name in shipped}
    assert any(name.startswith("tests/test_") for name in shipped)


def test_the_script_can_run_twice(generated: Path) -> None:
    """What a first run saved does not stop a second one, and git leaves it alone."""
    script = (generated / f"{NAME}.hfsh").read_text()
    assert f"save model ./{NAME}-model --overwrite" in script
    assert f"/{NAME}-model/" in (generated / ".gitignore").read_text().splitlines()


def test_nothing_is_left_to_fill_in(generated: Path) -> None:
    """Each file is finished, and the house's linter has nothing to say about it."""
    files = [path for path in generated.rglob("*") if path.is_file()]
    assert {path.relative_to(generated).as_posix() for path in files} == {
        "pyproject.toml", "README.md", ".gitignore", "mild-irony.hfsh", "tests/test_mild_irony.py",
        *(f"hfshell_mild_irony/{name}.py" for name in ("__init__", "plugin", "task")),
    }  # fmt: skip
    for path in files:
        assert "{{" not in path.read_text()
    ruff = [sys.executable, "-m", "ruff"]
    for command in ("check", "--select", "E,F,I,B,UP,D1,ANN", "--ignore", "ANN401"), ("format", "--check"):
        done = subprocess.run(
            [*ruff, *command, "--line-length", "110", "--isolated", str(generated)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


def test_the_script_has_no_mistake(generated: Path, tmp_path: Path) -> None:
    """The example is a script that `check` lets pass, but for what is not installed here."""
    plugins = PluginHost(third_party=False)
    script, rows = generated / f"{NAME}.hfsh", tmp_path / "messages.csv"
    rows.write_text("text,label\nhow nice,1\n")
    problems = check_file(str(script), CommandTable(plugins), plugins, [f"data={rows}"])
    assert {problem.message.split()[-1] for problem in problems} <= {NAME, "installed"}


def test_what_to_do_next_is_said(tmp_path: Path, run_hfsh: Callable[..., Outcome]) -> None:
    """Three lines to type, from install to a first run."""
    outcome = run_hfsh(f"plugins new sarcasm --folder {tmp_path / 'here'}")
    outcome.assert_ok()
    said = "\n".join(outcome.results[0].lines)
    for words in (f"cd {tmp_path / 'here'}", "pip install -e '.[test]'", "pytest", "hfshell sarcasm.hfsh"):
        assert words in said


def test_the_folder_can_be_typed_as_it_is_said(tmp_path: Path) -> None:
    """A folder with a space in its name is one word in what to do next."""
    folder = tmp_path / "two words"
    assert f"cd '{folder}' &&" in "\n".join(write_plugin("sarcasm", str(folder)).lines)


def test_without_a_folder_it_is_called_as_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`plugins new sarcasm` writes ./hfshell-sarcasm."""
    monkeypatch.chdir(tmp_path)
    write_plugin("sarcasm")
    assert (tmp_path / "hfshell-sarcasm" / "pyproject.toml").is_file()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Sarcasm", "cannot be a task's name"),
        ("two words", "cannot be a task's name"),
        ("../up", "cannot be a task's name"),
        ("text-classification", "hfshell gives it"),
        ("tasks", "hfshell_tasks already"),
        *((name, "means something else") for name in ("none", "true", "class", "text", "head-task", "any")),
    ],
)
def test_name_that_would_not_do_is_refused(tmp_path: Path, name: str, words: str) -> None:
    """Nothing is written under a name that cannot be used, or is taken."""
    with pytest.raises(UsageError, match=words):
        write_plugin(name, str(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder with something in it stays as it is."""
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        write_plugin("sarcasm", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_disk_that_refuses_is_said(tmp_path: Path) -> None:
    """A folder below a file cannot be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        write_plugin("sarcasm", str(tmp_path / "file" / "new"))
