"""The small task's declaration in a module that is not light."""

from __future__ import annotations

import numpy as np

from tests.testing.mood.plugin import hfshell_tasks

__all__ = ["hfshell_tasks", "np"]
