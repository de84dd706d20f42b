"""A plugin that behaves: declarations and work in one, for it is that light."""

from __future__ import annotations

from hfshell.api import Role, TaskSpec, hookimpl


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="good",
            summary="Behaves",
            target="hfshell_good:Good",
            roles=(Role.text(), Role("wanted", "text", target=True)),
            metrics=("accuracy",),
            schemes=("good",),
        )
    ]


class Good:
    def load(self, source, options, context):
        return source

    def predict(self, model, rows, options, context):
        return [row["text"].upper() for row in rows]
