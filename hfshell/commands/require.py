"""`require`: what a script needs installed."""

from __future__ import annotations

from dataclasses import dataclass

from hfshell.api.options import argument
from hfshell.api.specs import CommandSpec


@dataclass(frozen=True)
class RequireOptions:
    """Words of `require`."""

    requirement: str = argument("A distribution and the versions that will do", metavar="NAME>=VERSION")


COMMAND = CommandSpec(
    name="require",
    summary="Stop at once unless a package is installed",
    options=RequireOptions,
    target="hfshell.session.verbs.words:require",
    section="Script words",
    description="Stands before everything else. Versions are compared as pip compares them (PEP 440).",
    examples=(("require hfshell>=0.1", "at the top of a script"), ("require hfshell-x>=0.3", "a plugin")),
    binds="nothing",
)
