"""What keeps a stranger's head from being made at all, said before transformers meets it."""

from __future__ import annotations

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
