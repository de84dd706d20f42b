"""`hfshell`, `python -m hfshell`: from arguments to an exit code. No traceback reaches a user unasked."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hfshell.shell.arguments import Invocation


def main(arguments: Sequence[str] | None = None) -> int:
    """Run hfshell and return its exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    _prepare_streams()
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001 - whatever it is, people get one line
        return _explain(error, debug="--debug" in given)
    return code


def _run(given: Sequence[str]) -> int:
    from hfshell.shell.arguments import help_text, parse_arguments

    invocation = parse_arguments(given)
    if invocation.version:
        import hfshell

        print(f"hfshell {hfshell.__version__}")  # noqa: T201 - the one thing asked for
        return 0
    if invocation.help and not invocation.words:
        print(help_text(), end="")  # noqa: T201 - the one thing asked for
        return 0
    return _dispatch(invocation)


def _dispatch(invocation: Invocation) -> int:
    if invocation.words[:1] == ["check"]:
        from hfshell.shell.checking import run_check

        return run_check(invocation)
    if invocation.lines is None and not invocation.words and _is_at_terminal():
        from hfshell.shell.prompt import run_prompt

        return run_prompt(invocation)
    from hfshell.shell.batch import run_batch

    return run_batch(invocation)


def _prepare_streams() -> None:
    """Make sure that there are streams (cron may close them), and that they take any text."""
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number, which is the missing one
            setattr(sys, name, os.fdopen(descriptor, mode, encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _is_at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _reader_left() -> int:
    """End quietly when whoever read our output has gone (`| head`)."""
    import signal

    # What is still buffered would fail again when the interpreter closes stdout.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 128 + signal.SIGPIPE


def _explain(error: Exception, *, debug: bool) -> int:
    from hfshell.shell.screen import report

    return report(error, debug=debug)


if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder that the user stands in: nothing is imported from there
    sys.exit(main())
