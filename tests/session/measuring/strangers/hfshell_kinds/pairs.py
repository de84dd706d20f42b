from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="pairs",
            summary="Whether two texts are about the same",
            target="hfshell_kinds.heads:Pairs",
            roles=(
                Role.text("sentence1", name="first"),
                Role.text("sentence2", name="second"),
                Role.label("same", name="same"),
            ),
            architectures=("ForSequenceClassification",),
        )
    ]
