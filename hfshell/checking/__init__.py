"""`check` and `--dry-run`: what a script would do, and what is wrong with it, without running any of it.

A script is walked once, line by line. At each line the passes, one a concern, look at its words and at what
is known by then: a `Scene` of names, with the kind of thing each holds, and of files. Then the line takes
effect on the scene. Nothing here imports what a model needs. `check` reads the first megabytes of a file;
`--dry-run` counts the rows of files up to 64 MiB, and estimates those of larger ones.
"""

from hfshell.checking.diagnostics import CODES, Diagnostic
from hfshell.checking.files import check_file, check_source, raise_for

__all__ = ["CODES", "Diagnostic", "check_file", "check_source", "raise_for"]
