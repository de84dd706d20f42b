"""A plugin of somebody else's: built, installed beside us, used through all verbs, and taken away again."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.models.tiny import CORPUS, bert

EXAMPLE = ROOT / "examples" / "hfshell-plugin-stars"
DISTRIBUTION = "hfshell-plugin-stars"
PIP = ("-m", "pip", "--disable-pip-version-check", "--quiet")
REVIEW = "the soup was cold and nobody said sorry"
SCRIPT = f"""
require {DISTRIBUTION}>=0.1
param epochs = 6
reviews = data rows.csv
base = load ./tiny
critic = finetune base reviews --task stars --epochs $epochs --learning-rate 5e-3 --batch-size 8
ev = eval critic reviews.test
p = predict critic "{REVIEW}" "I come here every day" --half
save critic saved
"""


IMPORT = re.compile(r"^\s*(?:from|import)\s+(hfshell[.\w]*)", re.MULTILINE)


@dataclass(frozen=True)
class Stranger:
    """Somebody's machine: a folder with their files, and a Python with the plugin in it, or without."""

    folder: Path
    python: Path
    environment: dict[str, str]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run their Python."""
        return subprocess.run(
            [str(self.python), *words],
            cwd=self.folder,
            env={"PATH": "/usr/bin:/bin", **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    def hfshell(self, *words: str) -> tuple[int, list[dict[str, Any]]]:
        """Run hfshell, and return its exit code and the objects that it printed."""
        done = self.run("-m", "hfshell", "--json", *words)
        assert "Traceback" not in done.stderr
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    def pip(self, *words: str) -> None:
        """Run pip, which must succeed."""
        done = self.run(*PIP, *words)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Stranger:
    """A fresh environment beside ours: it sees what is installed here, and has a place of its own."""
    folder = tmp_path_factory.mktemp("stranger")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    ours = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (site / "ours.pth").write_text("".join(f"import site; site.addsitedir({path!r})\n" for path in ours))
    for name in ("reviews.csv", "stars.hfsh", "pyproject.toml"):
        shutil.copy(EXAMPLE / name, folder)
    shutil.copytree(EXAMPLE / "tests", folder / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    rows = [f"{text} {number},{stars}" for number in range(20) for stars, text in enumerate(CORPUS[:5], 1)]
    (folder / "rows.csv").write_text("\n".join(["review,stars", *rows]))
    (folder / "short.hfsh").write_text(SCRIPT)
    bert(folder / "tiny")
    return Stranger(folder, folder / "venv" / "bin" / "python", environment)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, stranger: Stranger) -> Path:
    """The plugin's wheel, built from a copy of its sources."""
    sources, built = tmp_path_factory.mktemp("sources") / "stars", tmp_path_factory.mktemp("wheel")
    shutil.copytree(EXAMPLE, sources, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    stranger.pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(built), str(sources))
    (path,) = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(stranger: Stranger, wheel: Path) -> Stranger:
    """The stranger's machine with the plugin."""
    stranger.pip("install", "--no-deps", "--no-index", str(wheel))
    return stranger


@pytest.fixture(scope="module")
def used(installed: Stranger) -> dict[str, dict[str, Any]]:
    """What each command of the script came to."""
    code, lines = installed.hfshell("short.hfsh")
    assert code == 0, lines[-1:]
    return {line["command"]: line["result"] for line in lines}


@pytest.fixture(scope="module")
def gone(installed: Stranger, used: object) -> Stranger:
    """The stranger's machine after the plugin was taken away."""
    installed.pip("uninstall", "--yes", DISTRIBUTION)
    return installed


@pytest.mark.slow
def test_it_stands_outside() -> None:
    """The example uses what everybody may use, and its task is no longer than we say a task is."""
    sources = {path: path.read_text() for path in EXAMPLE.rglob("*.py")}
    imported = {name for text in sources.values() for name in IMPORT.findall(text)}
    outside = {name for name in imported if not name.startswith("hfshell_plugin_stars")}
    assert outside == {"hfshell.api", "hfshell.testing"}
    package = EXAMPLE / "hfshell_plugin_stars"
    written = f"{sources[package / 'plugin.py']}\n{sources[package / 'task.py']}".splitlines()
    assert sum(bool(line.strip()) for line in written) <= 100


@pytest.mark.slow
def test_installing_is_all_it_takes(installed: Stranger) -> None:
    """The package's declarations are known at once, and that they are the stranger's."""
    _, (line,) = installed.hfshell("-c", "plugins")
    (row,) = [row for row in line["result"]["plugins"] if row["distribution"] == DISTRIBUTION]
    assert (row["name"], row["version"], row["state"]) == ("stars", "0.1.0", "ready")
    assert {"task stars", "metric quadratic_kappa"} <= set(row["gives"])
    assert row["remarks"] == []


@pytest.mark.slow
@pytest.mark.parametrize("script", ["stars.hfsh", "short.hfsh"])
def test_scripts_check(installed: Stranger, script: str) -> None:
    """The task's name and its own option are known to the checker."""
    assert installed.hfshell("check", script) == (0, [])


@pytest.mark.slow
def test_finetune(used: dict[str, dict[str, Any]]) -> None:
    """Training keeps the best epoch by the plugin's own metric."""
    result = used["finetune"]
    assert result["task"] == "stars"
    assert result["metrics"][0]["name"] == "quadratic_kappa"
    assert len(result["validation"]) == 6
    scores = [epoch["quadratic_kappa"] for epoch in result["validation"]]
    assert scores[int(result["best_epoch"]) - 1] == max(scores)
    assert max(scores) > 0.5


@pytest.mark.slow
def test_eval(used: dict[str, dict[str, Any]]) -> None:
    """Both metrics are measured, with intervals; of the error less is better."""
    kappa, error = used["eval"]["metrics"]
    assert (kappa["name"], error["name"]) == ("quadratic_kappa", "mean_absolute_error")
    assert (kappa["higher_is_better"], error["higher_is_better"]) == (True, False)
    assert -1 <= kappa["low"] <= kappa["value"] <= kappa["high"] <= 1
    assert 0 < error["low"] <= error["value"] <= error["high"] < 4


@pytest.mark.slow
def test_predict(used: dict[str, dict[str, Any]]) -> None:
    """Predictions are the plugin's own type, and its option reached it."""
    result = used["predict"]
    assert result["inputs"][0] == REVIEW
    for rating in result["rows"]:
        assert rating["stars"] == round(rating["score"] * 2) / 2
        assert 1 <= rating["score"] <= 5


@pytest.mark.slow
@pytest.mark.usefixtures("used")
def test_saved_model_knows_who_gave_its_task(stranger: Stranger) -> None:
    """The folder can say later which package it needs."""
    written = json.loads((stranger.folder / "saved" / "hfshell.json").read_text())
    assert (written["task"], written["plugin"]["distribution"]) == ("stars", DISTRIBUTION)


@pytest.mark.slow
def test_its_own_tests_pass(installed: Stranger) -> None:
    """The kit for authors finds a stranger's plugin as it is installed, and has nothing to say against it."""
    done = installed.run("-m", "pytest", "-q")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_plugins_check_has_nothing_against_it(installed: Stranger) -> None:
    """The same checks, without a test written."""
    assert installed.hfshell("-c", "plugins check stars")[0] == 0


@pytest.mark.slow
def test_the_shipped_script_on_a_real_model(installed: Stranger, minilm: Path) -> None:
    """200 reviews are enough to learn stars from: the script's expectations hold."""
    code, lines = installed.hfshell("stars.hfsh")
    assert code == 0, lines[-1:]
    assert [line["status"] for line in lines] == ["ok"] * len(lines)


@pytest.mark.slow
def test_without_the_plugin_a_script_stops_at_its_first_line(gone: Stranger) -> None:
    """`require` says what to install, before any work."""
    code, (line,) = gone.hfshell("short.hfsh")
    assert code == 2
    assert line["command"] == "require"
    assert line["error"]["hint"] == "pip install 'hfshell-plugin-stars>=0.1'"


@pytest.mark.slow
@pytest.mark.parametrize("script", ["stars.hfsh", "short.hfsh"])
def test_without_the_plugin_check_names_it(gone: Stranger, script: str) -> None:
    """The checker finds the missing package, and blames nothing else on it; a model was saved before."""
    code, (problem, *others) = gone.hfshell("check", script)
    assert code == 2
    assert {other["code"] for other in others} <= {"file-exists"}
    assert problem["hint"] == "pip install 'hfshell-plugin-stars>=0.1'"


@pytest.mark.slow
def test_without_the_plugin_its_task_and_its_models_name_it(gone: Stranger) -> None:
    """Whoever mentions the task, or a model that was trained for it, learns which package is missing."""
    lines = ("finetune ./tiny reviews.csv --task stars", f'predict ./saved "{REVIEW}"', "load ./saved")
    code, done = gone.hfshell("--keep-going", *(word for line in lines for word in ("-c", line)))
    assert code == 1
    errors = [line["error"] for line in done]
    assert errors[0]["message"] == "there is no task stars"
    assert all("hfshell-plugin-stars 0.1.0" in error["message"] for error in errors[1:])
    for error in errors:
        assert "pip install 'hfshell-plugin-stars>=0.1.0'" in error["hint"]


@pytest.mark.slow
def test_without_the_plugin_check_names_it_for_a_task(gone: Stranger) -> None:
    """A script that forgot its `require` is told too."""
    (gone.folder / "bare.hfsh").write_text("finetune ./tiny reviews.csv --task stars\n")
    code, (problem,) = gone.hfshell("check", "bare.hfsh")
    assert code == 2
    assert "hfshell-plugin-stars gives it" in problem["hint"]
