"""`require`: what is wanted, held against what is installed."""

from __future__ import annotations

import pytest

from hfshell.commands.requirements import require_installed
from hfshell.errors import UsageError


def test_what_a_marker_leaves_out_is_not_wanted() -> None:
    """A requirement for another Python or another system is met by not applying."""
    require_installed("no-such-package; python_version < '3'")


@pytest.mark.parametrize("requirement", ["no-such-package", "no-such-package; python_version > '3'"])
def test_what_is_wanted_and_missing_is_said(requirement: str) -> None:
    """Without a marker, or with one that holds, it must be there."""
    with pytest.raises(UsageError, match="no-such-package is not installed"):
        require_installed(requirement)
