"""The kit for plugin authors: fixtures for pytest, and the checks that every plugin should pass.

pytest finds the fixtures by itself wherever hfshell is installed; nothing heavy is imported before one is
used. A whole test of a task::

    from hfshell.testing import TaskConformance

    class TestToxicity(TaskConformance):
        task = "toxicity"

    def test_threshold(run_hfsh):
        outcome = run_hfsh('''
            m = load tiny:toxicity
            p = predict m "you are great" --threshold 0.99
        ''')
        outcome.assert_ok()
        assert outcome["p"].rows == ([],)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hfshell.testing.checkup import Checkup
    from hfshell.testing.conformance import TaskConformance
    from hfshell.testing.keyboard import Typed
    from hfshell.testing.outcome import Outcome
    from hfshell.testing.table import CHECKS
    from hfshell.testing.verdict import Check, Verdict

__all__ = ["CHECKS", "Check", "Checkup", "Outcome", "TaskConformance", "Typed", "Verdict"]

_HOMES = {
    "CHECKS": "table",
    "Check": "verdict",
    "Checkup": "checkup",
    "Outcome": "outcome",
    "TaskConformance": "conformance",
    "Typed": "keyboard",
    "Verdict": "verdict",
}


def __getattr__(name: str) -> Any:
    """Import late: pytest imports this package in all of its runs, whatever they are about."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
