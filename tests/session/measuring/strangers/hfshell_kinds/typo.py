from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="typo",
            summary="Names a metric that is none",
            target="hfshell_kinds.heads:Anger",
            roles=(Role.text("comment"), Role.number("nowhere")),
            metrics=("pearsn",),
        )
    ]
