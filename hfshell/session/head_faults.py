"""What keeps a stranger's head from being made at all, said before transformers meets it."""

from __future__ import annotations

from hfshell.api.specs import TaskSpec
from hfshell.api.task import PROBLEM_TYPES, HeadTask
from hfshell.errors import PluginError
from hfshell.language.suggest import did_you_mean, nearest


def require_usable(head: HeadTask) -> None:
    """Require what every head says of itself.

    Raises:
        PluginError: its class has no `auto_class`, a `problem_type` that there is not, or no number of rows.
    """
    package = f" ({' '.join(head.plugin)})" if head.plugin else ""
    who = f"task {head.name}{package}: {type(head).__name__}"
    if not isinstance(getattr(head, "auto_class", None), str):
        meant = nearest("auto_class", [name for name in dir(head) if name.startswith("auto")])
        hint = f"it has {meant[0]}; did you mean auto_class?" if meant else None
        raise PluginError(
            f"{who} has no auto_class",
            hint=hint or 'its author says which head: auto_class = "AutoModelForSequenceClassification"',
        )
    if head.problem_type is not None and head.problem_type not in PROBLEM_TYPES:
        raise PluginError(
            f"{who} has the problem_type {head.problem_type!r}; there is {', '.join(PROBLEM_TYPES)}",
            hint=did_you_mean(str(head.problem_type), PROBLEM_TYPES),
        )
    rows = head.rows_at_once
    if rows is not None and (not isinstance(rows, int) or isinstance(rows, bool) or rows < 1):
        hint = "its author sets a whole number from 1 on, or None"
        raise PluginError(f"{who} has the rows_at_once {rows!r}", hint=hint)


_LEARNT = {
    ("label", False): ("single_label_classification", "one label a row"),
    ("label", True): ("multi_label_classification", "several labels a row"),
    ("number", False): ("regression", "a number"),
}
"""What a head learns of a role of each kind, and whether it may have several."""


def mismatch(spec: TaskSpec, head: HeadTask) -> str | None:
    """Say that a head learns something else than its role holds, unless it says how it learns that.

    Else it would be found out when the first target is read, far into a training.
    """
    role = spec.target_role
    learnt = _LEARNT.get((role.kind, role.multiple)) if role else None
    says_how = any(getattr(type(head), name) is not getattr(HeadTask, name) for name in ("target", "targets"))
    if role is None or learnt is None or says_how or head.problem_type in (None, learnt[0]):
        return None
    return (
        f"{spec.name}: its role {role.name} holds {learnt[1]}, and its problem_type is {head.problem_type}, "
        f"where {learnt[0]} is wanted"
    )
