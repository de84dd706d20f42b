"""A plugin that behaves: declarations and work in one, for it is that light."""

from __future__ import annotations

import os

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
        if model == "state":
            return [{"sorted": sorted("ba"), "stdout": _is_open(1)}]
        return [row["text"].upper() for row in rows]


def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
