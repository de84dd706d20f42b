"""The command line of `hfshell` itself. Light: `--version` and `--help` import nothing else."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from typing import NoReturn

from hfshell.errors import UsageError

_USAGE = """\
hfshell [OPTIONS]                      a prompt
       hfshell [OPTIONS] FILE [NAME=VALUE …]  run a script; FILE --help lists its parameters
       hfshell [OPTIONS] -c LINE [-c LINE …]  run lines
       hfshell [OPTIONS] - [NAME=VALUE …]     run what comes on standard input
       hfshell check FILE … [NAME=VALUE …]    find mistakes without running anything; - is stdin
       hfshell plugins [WHAT NAME …]          the command `plugins`: list, why, disable, check, …"""

_NO = ("", "0", "no", "off", "false")
"""What a variable of the environment says that is set and means no."""

_ABOUT = "One shell for the whole life of a model: load, look at data, fine-tune, evaluate, predict."

_MORE = """\
exit codes:
  0 done · 1 a command failed · 2 wrong usage or syntax, or a finding of `check`
  3 an expectation failed · 4 a guard refused · 130 interrupted

examples:
  hfshell train.hfsh epochs=5                  a script, and its parameter
  hfshell -c 'm = load minilm' -c models       two lines, then out
  hfshell --json nightly.hfsh > results.jsonl  one JSON object a command

`help` at the prompt lists the commands, `hfshell -c "help finetune"` explains one."""


class Invocation(argparse.Namespace):
    """What `hfshell` was asked to do.

    Attributes:
        words: FILE and what follows it.
        lines: what `-c` gave, in order; None without it.
        checkpoint: the file that says how far a batch came; None keeps none.
        resume: whether the batch goes on where that file says that it was.
        session: the session whose names it begins with, and that it is saved as; None without one.
        log: the file that all is written to; None without one.
    """

    words: list[str]
    lines: list[str] | None
    checkpoint: str | None
    resume: bool
    json: bool
    keep_going: bool
    plain: bool
    debug: bool
    no_plugins: bool
    dry_run: bool
    any_params: bool
    log: str | None
    no_config: bool
    session: str | None
    version: bool
    help: bool


def parse_arguments(arguments: Sequence[str]) -> Invocation:
    """Read the arguments of `hfshell`.

    Raises:
        UsageError: an unknown option, or one without its value.
    """
    parser = _parser()
    invocation, unknown = parser.parse_known_intermixed_args(arguments, Invocation())
    invocation.plain |= os.environ.get("ACCESSIBLE", "").lower() not in _NO
    if invocation.words[:1] == ["plugins"] and invocation.lines is None:
        invocation.lines, invocation.words = [_line(parser, arguments)], []
        return invocation
    if unknown:
        raise _unknown_option(parser, unknown[0])
    if invocation.lines is not None and any("=" not in word for word in invocation.words):
        raise UsageError("-c takes no FILE beside it", hint="only NAME=VALUE, for `param` lines")
    if invocation.resume and invocation.checkpoint is None:
        raise UsageError("--resume wants --checkpoint FILE", hint="FILE says how far the batch came")
    return invocation


def help_text() -> str:
    """What `hfshell --help` prints."""
    return _parser().format_help()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise rather than exit, so that errors look like all others."""
        raise UsageError(message.removeprefix("argument "), hint="`hfshell --help` lists the options")


def _parser() -> _Parser:
    parser = _Parser(
        prog="hfshell",
        usage=_USAGE,
        description=_ABOUT,
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    options = parser.add_argument_group("options")
    options.add_argument(
        "-c", dest="lines", action="append", metavar="LINE", help="run a line; may be repeated"
    )
    options.add_argument(
        "--session", metavar="NAME", help="begin with the names of a session, and save it when it is left"
    )
    options.add_argument(
        "--log", metavar="FILE", help="add all that happens to a file, one JSON object a line, with times"
    )
    options.add_argument(
        "--checkpoint", metavar="FILE", help="write down how far a script comes, so that it can go on"
    )
    for flag, text in (
        ("--json", "print one JSON object a command on stdout, progress on stderr; one a finding of check"),
        ("--keep-going", "run on after an error, and still exit with 1"),
        ("--dry-run", "check a script and say what each line would do, without running it"),
        ("--any-params", "with check: parameters that are not given may have any value"),
        ("--resume", "with --checkpoint: go on where the batch was"),
        ("--plain", "words and ASCII alone, without colour or redrawing"),
        ("--no-plugins", "use only what hfshell itself ships"),
        ("--no-config", "leave the settings and aliases of config.toml unread"),
        ("--debug", "show tracebacks"),
        ("--version", "print the version"),
        ("--help", "print this; after FILE, its parameters"),
    ):
        options.add_argument(flag, action="store_true", help=text)
    return parser


def _line(parser: _Parser, arguments: Sequence[str]) -> str:
    """Write as a line what is not for hfshell itself; options among it are the command's."""
    taking = {flag for action in parser._actions if action.nargs is None for flag in action.option_strings}  # noqa: SLF001 - no public list
    own = {flag for action in parser._actions for flag in action.option_strings}  # noqa: SLF001 - no public list
    values = {index + 1 for index, word in enumerate(arguments) if word in taking}
    kept = [
        word
        for index, word in enumerate(arguments)
        if index not in values and word.partition("=")[0] not in own
    ]
    from hfshell.language import quote_argument

    return " ".join(map(quote_argument, kept))


def _unknown_option(parser: _Parser, word: str) -> UsageError:
    from hfshell.language.suggest import did_you_mean

    flag = word.partition("=")[0]
    known = [flag for action in parser._actions for flag in action.option_strings]  # noqa: SLF001 - no public list
    hint = did_you_mean(flag, known) or "`hfshell --help` lists the options"
    return UsageError(f"there is no option {flag}", hint=hint)
