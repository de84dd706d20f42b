"""The small task's declaration in a module that wants what is not there."""

from __future__ import annotations

import nothing_of_that_name

from tests.testing.mood.plugin import hfshell_tasks

__all__ = ["hfshell_tasks", "nothing_of_that_name"]
