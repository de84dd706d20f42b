"""The processor's memory is measured without torch, and given back with it where it is there."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import sys
from hfshell.models.memory import processor_memory, release_memory
from hfshell.models.store import ModelKey, ModelStore
from hfshell.models.task_model import TaskModel

found = processor_memory()
assert 0 < found.used < found.total
store = ModelStore(found.total, release_memory)
key = ModelKey("bayes:x", "bayes", "", "")
store.get(key, lambda: TaskModel("bayes:x", "bayes", {}, bytes=10))
assert store.park(key) == 10
assert "torch" not in sys.modules
"""


def test_a_store_needs_no_torch() -> None:
    """Models of tasks are kept, parked and their memory given back, with torch never imported."""
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
