from __future__ import annotations

from dataclasses import dataclass

from hfshell.api import Role, TaskSpec, hookimpl, option


@dataclass(frozen=True)
class EvalOptions:
    strict: bool = option(False, "Be strict")


@hookimpl
def hfshell_tasks():
    return [
        TaskSpec(
            name="judge",
            summary="Measures by itself",
            target="hfshell_kinds.others:Judge",
            roles=(Role.text("comment"), Role.label("verdict", name="verdict")),
            options={"eval": EvalOptions},
            schemes=("judge",),
            capabilities=frozenset({"load", "predict", "eval"}),
        )
    ]
