"""`--dry-run`: the plan on stdout, and nothing run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hfshell.__main__ import main
from tests.architecture.test_house import HEAVY

SCRIPT = "param n = 3\nd = data rows.csv\nr = finetune minilm d --epochs $n\nev = eval r d.test > ev.json\n"


@pytest.fixture(autouse=True)
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script and its data, in the folder that we stand in; no kernel may be started."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "hfshell.shell.batch.KernelSupervisor", lambda *_: pytest.fail("a kernel was started")
    )
    (tmp_path / "rows.csv").write_text("text,label\na,x\nb,y\n")
    path = tmp_path / "a.hfsh"
    path.write_text(SCRIPT)
    return path


def test_the_plan(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line with what it would do; nothing is written."""
    assert main(["a.hfsh", "n=2", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "reads rows.csv: 2 rows" in said
    assert "writes ev.json" in said
    assert "none of them run" in said
    assert not (script.parent / "ev.json").exists()


def test_a_finding_is_2(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What would stop the run is told behind the plan; a parameter that is none, too."""
    script.write_text(SCRIPT + "expect ev.acuracy > 0.9\n")
    assert main(["a.hfsh", "--dry-run"]) == 2
    assert "a.hfsh:5:8" in capsys.readouterr().out
    assert main(["a.hfsh", "m=2", "--dry-run"]) == 2
    assert "there is no param m" in capsys.readouterr().out


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """An object a line, then one a finding."""
    assert main(["a.hfsh", "--dry-run", "--json", "m=1"]) == 2
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [item["kind"] for item in found] == ["plan", "plan", "plan", "diagnostic"]
    assert (found[2]["line"], found[2]["writes"], found[2]["overwrites"]) == (4, ["ev.json"], [])


def test_lines_are_planned_too(capsys: pytest.CaptureFixture[str]) -> None:
    """What stands behind `-c` is planned like a script."""
    assert main(["-c", "echo hi", "-c", "laod x", "--dry-run"]) == 2
    said = capsys.readouterr().out
    assert "prints hi" in said
    assert "there is no command laod" in said


def test_nothing_heavy_is_imported(script: Path) -> None:
    """A plan, with the sizes of the starter model, costs no torch."""
    code = (
        "import sys\nfrom hfshell.__main__ import main\n"
        "assert main(['a.hfsh', '--dry-run']) == 0\n"
        f"assert not {{name.split('.')[0] for name in sys.modules}} & {HEAVY!r}"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=script.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
