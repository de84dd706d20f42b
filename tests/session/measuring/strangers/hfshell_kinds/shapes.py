from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="shapes",
            summary="The shape of each word",
            target="hfshell_kinds.others:Shapes",
            roles=(Role("words", "tokens", ("words",)), Role("shapes", "tags", ("shapes",), target=True)),
            metrics=("accuracy", "shape_accuracy", "token_accuracy"),
            schemes=("shapes",),
            capabilities=frozenset({"load", "predict", "eval"}),
        )
    ]
