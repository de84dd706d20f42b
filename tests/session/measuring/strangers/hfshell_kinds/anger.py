from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="anger",
            summary="How angry a comment is",
            target="hfshell_kinds.heads:Anger",
            roles=(Role.text("comment"), Role.number("anger")),
            architectures=("ForSequenceClassification",),
            metrics=("rmse", "pearson", "spearman", "mae", "r2", "worst_error"),
        )
    ]
