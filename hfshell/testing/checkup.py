"""Runs checks, each once and when it is wanted, after those that it needs."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from dataclasses import replace

from hfshell.errors import HfshellError
from hfshell.testing.subject import Subject
from hfshell.testing.table import CHECKS
from hfshell.testing.verdict import Check, Fault, NotApplicable, Verdict

_BY_NAME = {check.name: check for check in CHECKS}


class Checkup:
    """The checks of one subject.

    Args:
        subject: what is checked.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._verdicts: dict[str, Verdict] = {}
        self._blocked: set[str] = set()

    def run(self) -> Iterator[Verdict]:
        """Run all checks in their order, and yield what comes of each."""
        for check in CHECKS:
            yield self.verdict(check.name)

    def verdict(self, name: str) -> Verdict:
        """Run a check, unless it was run before, and the checks that it needs before it.

        Raises:
            KeyError: there is no such check.
        """
        if name not in self._verdicts:
            check = _BY_NAME[name]
            failed = next((needed for needed in check.needs if not self._lets_pass(needed)), None)
            if failed is not None:
                self._blocked.add(name)
                self._verdicts[name] = Verdict(name, "skipped", f"`{failed}` does not pass")
            else:
                began = time.perf_counter()
                verdict = _look(check, self.subject)
                self._verdicts[name] = replace(verdict, seconds=time.perf_counter() - began)
        return self._verdicts[name]

    def _lets_pass(self, needed: str) -> bool:
        """Whether a check that others need passed, or does not apply."""
        return self.verdict(needed).state != "failed" and needed not in self._blocked


def _look(check: Check, subject: Subject) -> Verdict:
    try:
        check.run(subject)
    except NotApplicable as reason:
        return Verdict(check.name, "skipped", str(reason))
    except Fault as fault:
        return Verdict(check.name, "failed", fault.message, fault.hint)
    except HfshellError as error:
        return Verdict(check.name, "failed", error.message, error.hint)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin's code may raise anything
        where = "".join(traceback.format_exception(error)[-3:]).rstrip()
        return Verdict(check.name, "failed", f"{type(error).__name__}: {error}", where)
    return Verdict(check.name, "passed")
