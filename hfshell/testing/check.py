"""`plugins check` in a process of its own: runs the checks, and says what came of each as a line of JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.errors import HfshellError
from hfshell.testing.bench import Bench
from hfshell.testing.checkup import Checkup
from hfshell.testing.subjects import subjects_of_plugin
from hfshell.testing.table import CHECKS

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Check the plugin that the second word names, with the data in the third, if there is one.

    What comes is written to the descriptor that the first word is.

    Each line is `{"begin": NAME, "task": TASK}` before a check, its verdict behind it, or
    `{"error": …}` when there is no such plugin.
    """
    descriptor, name, *data = sys.argv[1:]
    with os.fdopen(int(descriptor), "w", encoding="utf-8", buffering=1) as lines:

        def say(line: dict[str, Any]) -> None:
            print(json.dumps(line), file=lines)

        try:
            check(name, say, Path(data[0]) if data else None)
        except HfshellError as error:
            say({"error": error.to_dict()})
    sys.stdout.flush()
    os._exit(0)  # a thread that a plugin left running must not keep anybody waiting


def check(name: str, say: Callable[[dict[str, Any]], None], data: Path | None = None) -> None:
    """Check an installed plugin, or all of a package.

    Args:
        name: its name, or the package's.
        say: told what comes of it.
        data: a file of rows to try it with, in the place of the kit's.

    Raises:
        UsageError: there is no such plugin.
    """
    with (
        tempfile.TemporaryDirectory(prefix="hfshell-check-") as folder,
        Bench(Path(folder) / "bench") as bench,
    ):
        for subject in subjects_of_plugin(bench, name, data):
            checkup = Checkup(subject)
            for item in CHECKS:
                say({"begin": item.name, "task": subject.task})
                say({**asdict(checkup.verdict(item.name)), "task": subject.task})
            subject.close()


if __name__ == "__main__":
    main()
