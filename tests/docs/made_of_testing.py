"""Parts of the documentation that are made from `hfshell.testing`: its fixtures and its checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfshell.testing import CHECKS, fixtures
from tests.docs.attributes import summary
from tests.docs.made_of_api import signature_of, table

HIDDEN = "hfshell_"
"""What the names of fixtures begin with that are the kit's own."""


def fixture_names() -> tuple[str, ...]:
    """Names of the fixtures for authors, in the order of the source."""
    return tuple(
        name
        for name, value in vars(fixtures).items()
        if type(value).__name__ == "FixtureFunctionDefinition" and not name.startswith(HIDDEN)
    )


def fixture_table() -> str:
    """A table of the fixtures: name, type, and what it is."""
    rows = []
    for name in fixture_names():
        function = getattr(fixtures, name)._get_wrapped_function()
        gives = signature_of(fixtures, name, function).rpartition(" -> ")[2]
        rows.append((f"`{name}`", f"`{gives}`", summary(function).replace("\n\n", " ")))
    return table(("fixture", "what it gives", "what for"), rows)


def checks() -> str:
    """A table of the conformance checks, in the order in which they run."""
    rows = [
        (f"`{check.name}`", check.summary, ", ".join(f"`{name}`" for name in check.needs)) for check in CHECKS
    ]
    return table(("check", "what holds", "needs"), rows)


MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType({"fixtures": fixture_table, "checks": checks})
