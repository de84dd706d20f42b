"""The plugin host works on every pluggy that pyproject.toml allows, the oldest one too."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLDEST = "1.6.0"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_tests_of_the_host_pass_on_the_oldest_pluggy(tmp_path: Path) -> None:
    """What the newest pluggy does and the oldest does not, registering a plugin whole, is not relied on."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--target",
            tmp_path,
            f"pluggy=={OLDEST}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"pluggy {OLDEST} cannot be installed here: {done.stderr.splitlines()[-1]}")
    code = (
        "import pluggy, sys, pytest; assert pluggy.__version__ == sys.argv[1]; "
        "sys.exit(pytest.main(sys.argv[2:]))"
    )
    tested = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            OLDEST,
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/plugin_host",
            "-m",
            "not slow",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert " passed" in tested.stdout
