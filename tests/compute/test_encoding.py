"""Rows that a task loses are the fault of its package, and that is named."""

from __future__ import annotations

import pytest

from hfshell.compute.encoding import require_one_each
from hfshell.errors import PluginError
from tests.compute.classify import Classify


def test_who_loses_rows_is_named_with_package_and_version() -> None:
    """A user with several plugins knows whose author to write to."""
    task = Classify()
    task.name, task.plugin = "h-toofew", ("hfshell-few", "0.3")
    with pytest.raises(PluginError, match=r"h-toofew \(hfshell-few 0\.3\) gave 2 predictions for 3"):
        require_one_each(task, "predictions", 2, 3)
