"""Parts of the documentation that are made from the declarations of hfshell's own tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfshell.api.roles import Role
from hfshell.api.specs import VERBS, TaskSpec
from hfshell.plugin_host import PluginHost
from tests.docs.made_of_api import table

_SYNONYMS = 3


def tasks() -> str:
    """All tasks: what they want of a row, what they are measured by, and their verbs."""
    rows = [
        (
            f"`{spec.name}`",
            spec.summary,
            " · ".join(map(_role, spec.roles)),
            ", ".join(f"`{name}`" for name in spec.metrics),
            " ".join(verb for verb in VERBS if verb in spec.capabilities),
        )
        for spec in own_tasks()
    ]
    return table(("task", "what it gives", "columns", "metrics, the headline first", "verbs"), rows)


def own_tasks() -> list[TaskSpec]:
    """Return the tasks that hfshell ships."""
    return sorted(PluginHost(third_party=False).tasks(), key=lambda spec: spec.name)


def _role(role: Role) -> str:
    others = [name for name in role.synonyms if name != role.name][:_SYNONYMS]
    said = f"`{role.name}`" + (f" ({', '.join(others)}, …)" if others else "")
    marked = f"*{said}*" if role.target else said
    return marked if role.required else f"[{marked}]"


MAKERS: Mapping[str, Callable[..., str]] = MappingProxyType({"tasks": tasks})
