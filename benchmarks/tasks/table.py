"""The table, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import fill

from benchmarks.tasks.case import Case
from benchmarks.tasks.measured import Measured

_HEAD = ("set", "task", "model", "rows trained", "measured", "seconds", "metric [95 % interval]", "oracle")

_ABOUT = """\
# Each task on a real set

What `eval` says, beside the same from somebody else's code. `hfshell` runs a script for each row. The oracle
reads the right answers from the files with plain csv and json code, takes the predictions that the script
wrote, and computes the metrics with the libraries of the field, or from their definitions. Both are equal to
four digits, or the command ends with exit code 1. The sets are slices, the models small, and the training
short: the numbers show that what is measured is right, not what a model of the usual size can do.

```text
{command}
```

{dates}, on {machine}.
Seconds go from the start of `hfshell` to its end, the import of torch, training, evaluation and predictions
included; in brackets those that its processors worked. Rows trained are without those that stand in the test
file too, and without a tenth to choose the best epoch with; behind them, how often each was seen.
"""

_ROUNDED = 0.05
"""Trainings end with a whole step, so that they are longer than their script says, by so much."""


def markdown(
    found: Iterable[Measured], command: str, machine: str, cases: Sequence[Case], tasks: Iterable[str]
) -> str:
    """Return the page.

    Args:
        found: what was measured, in the order of the table.
        command: that makes it.
        machine: what it was measured on.
        cases: that there are, measured or not.
        tasks: names of all that hfshell ships.
    """
    rows = list(found)
    dates = sorted({row.date for row in rows})
    about = _ABOUT.format(
        command=command, dates=" to ".join(dict.fromkeys(dates[:1] + dates[-1:])), machine=machine
    )
    lines = [_line(_HEAD), _line(["---"] * len(_HEAD)), *(_line(_cells(row)) for row in rows)]
    missing = _missing(rows, cases, tasks)
    lines += ["", *missing] if missing else []
    return "\n".join((about, *lines, ""))


def _missing(rows: Sequence[Measured], cases: Sequence[Case], tasks: Iterable[str]) -> list[str]:
    """Say which tasks and sets are not in the table, and which scripts train for another time by now."""
    by_name = {row.case: row for row in rows}
    unseen = sorted(set(tasks) - {row.task for row in rows})
    unmeasured = [case.name for case in cases if case.name not in by_name]
    changed = [
        f"{case.name} {row.epochs:g} for {case.epochs:g}"
        for case in cases
        if (row := by_name.get(case.name)) and case.epochs and abs(row.epochs - case.epochs) > _ROUNDED
    ]
    said = {
        "Tasks that are not in the table": unseen,
        "Sets that have a script and were not measured": unmeasured,
        "Measured with other epochs than the scripts have now": changed,
    }
    lines = [f"- {what}: {', '.join(names)}." for what, names in said.items() if names]
    return [fill(line, 110, subsequent_indent="  ", break_on_hyphens=False) for line in lines]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Measured) -> list[str]:
    name, value = next(iter(row.values.items()))
    interval = "" if row.low is None or row.high is None else f" [{_short(row.low)}, {_short(row.high)}]"
    return [
        row.data,
        f"`{row.task}`",
        row.model,
        f"{row.trained:,} × {row.epochs:g}" if row.trained else "–",
        f"{row.rows:,}",
        f"{row.seconds:.0f} ({row.processor_seconds:.0f})",
        f"{name} {_long(value)}{interval}",
        f"{_long(next(iter(row.oracle.values())))} {row.by}{_others(row)}",
    ]


def _others(row: Measured) -> str:
    """Say which other metrics are equal too, and which are not."""
    if row.differing:
        return f"; **not equal: {', '.join(row.differing)}**"
    names = list(row.values)[1:]
    return f"; also {', '.join(names)}" if names else ""


def _long(value: float) -> str:
    return f"{value:.4f}"


def _short(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
