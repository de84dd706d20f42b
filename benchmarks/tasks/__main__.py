"""Run cases one after the other; print, and exit with 1 unless each agrees with its oracle."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import traceback
from pathlib import Path

import torch
from transformers.utils import logging

from benchmarks.tasks import measured
from benchmarks.tasks.case import Case
from benchmarks.tasks.cases_of_labels import CASES as OF_LABELS
from benchmarks.tasks.cases_of_texts import CASES as OF_TEXTS
from benchmarks.tasks.running import FailedError, ran
from benchmarks.tasks.table import markdown
from hfshell.plugin_host import PluginHost

CASES = {case.name: case for case in (*OF_LABELS, *OF_TEXTS)}
COMMAND = "python -m benchmarks.tasks --data FOLDER --json tasks.json --markdown"


def main() -> int:
    """Measure what is asked for."""
    arguments = _arguments()
    data = Path(arguments.data)
    models = Path(arguments.models) if arguments.models else data.parent / "models"
    names = arguments.only.split(",") if arguments.only else list(CASES)
    found = measured.read(Path(arguments.json)) if arguments.json else {}
    if arguments.script:
        print("\n".join(CASES[name].script for name in names))
        return 0
    logging.disable_progress_bar()
    torch.set_num_threads(1)  # oracles read a text at a time
    failed = []
    for name in [] if arguments.table else names:
        one = _measure(CASES[name].trained_for(arguments.epochs), data, models)
        if one is None or one.differing:
            failed.append(name)
        if one is not None:
            found[name] = one
        if arguments.json:
            measured.write(Path(arguments.json), found)
    if arguments.markdown or arguments.table:
        rows = [found[name] for name in CASES if name in found]
        tasks = [spec.name for spec in PluginHost(third_party=False).tasks()]
        print(markdown(rows, COMMAND, arguments.machine, list(CASES.values()), tasks))
    if failed:
        print(f"not as the oracle says, or failed: {', '.join(failed)}", file=sys.stderr)
    return int(bool(failed))


def _measure(case: Case, data: Path, models: Path) -> measured.Measured | None:
    print(f"{case.name} …", file=sys.stderr, flush=True)
    try:
        with ran(case, data, models) as run:
            one = measured.measured(case, run)
    except (FailedError, LookupError, ValueError):
        traceback.print_exc()
        return None
    for name, value in one.values.items():
        mark = "≠" if name in one.differing else "="
        print(f"  {name} {value:.6f} {mark} {one.oracle[name]:.6f}", file=sys.stderr)
    print(f"  {one.seconds:.0f} s, {one.processor_seconds:.0f} s of processors", file=sys.stderr, flush=True)
    return one


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks", description=__doc__)
    parser.add_argument("--only", metavar="NAME,…", help=f"of {', '.join(CASES)}")
    parser.add_argument("--data", default="../shared/data", help="folder of the sets")
    parser.add_argument("--models", help="folder of stories260k; `models` beside the sets without it")
    parser.add_argument("--epochs", type=float, help="train each so long, for a quick look")
    parser.add_argument("--json", metavar="FILE", help="keep what was measured there; other cases stay in it")
    parser.add_argument("--markdown", action="store_true", help="print the table of all that is in the file")
    parser.add_argument("--table", action="store_true", help="print the table, and run nothing")
    parser.add_argument("--script", action="store_true", help="print the scripts, and run nothing")
    parser.add_argument("--machine", default=f"{os.cpu_count()} cores ({platform.machine()})")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
