"""What fails for a reason that hfshell gives is told in a few lines, not in a traceback through hfshell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Report = Callable[..., str]


@pytest.fixture
def report_of(tmp_path: Path) -> Report:
    """Run a test module in a pytest of its own; what it says of its failures."""

    def run(body: str, *options: str) -> str:
        (tmp_path / "test_of_an_author.py").write_text(body)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout
        return done.stdout

    return run


IN_THE_TEST = "def test_it(tiny_model):\n    tiny_model('text-clasification')\n"

IN_THE_KIT = """
from hfshell.testing import TaskConformance

class TestIt(TaskConformance):
    task = "text-clasification"
"""

IN_A_SCRIPT = """
def test_it(run_hfsh, tmp_path):
    rows = [f"text {n},{'ab'[n % 2]}" for n in range(40)]
    (tmp_path / "t.csv").write_text("\\n".join(["text,label", *rows]))
    run_hfsh(f"t = finetune tiny:text-classification {tmp_path / 't.csv'}").assert_ok()
"""


@pytest.mark.parametrize(("body", "where"), [(IN_THE_TEST, "test_of_an_author.py:2"), (IN_THE_KIT, "")])
def test_error_is_told_with_its_hint(report_of: Report, body: str, where: str) -> None:
    """In a test it stands at the test's line; in the setup of the checks nothing is to blame but the name."""
    said = report_of(body, "-k", "test_it or order")
    assert f"{where}: UsageError" in said if where else "UsageError" in said
    assert "did you mean text-classification" in said
    assert len(said.splitlines()) < 20, said


@pytest.mark.slow
def test_whole_traceback_is_there_for_who_asks(report_of: Report) -> None:
    """`--full-trace` is pytest's own word for it."""
    assert "bench.py" in report_of(IN_THE_TEST, "--full-trace")


@pytest.mark.slow
def test_refused_line_is_told_without_a_traceback(report_of: Report) -> None:
    """The guard's words and its way out are enough; the test's own lines stand above."""
    said = report_of(IN_A_SCRIPT)
    assert "--allow labels" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) < 35, said
