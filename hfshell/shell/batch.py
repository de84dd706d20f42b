"""Scripts, `-c` lines and standard input: read and checked here, run by the kernel, never asking anybody."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hfshell.api.events import CommandFinished, CommandStarted, Note
from hfshell.api.requests import RunRequest
from hfshell.errors import HfshellError, Interrupted, KernelDied, Place, UsageError
from hfshell.home import find_home, locate_home
from hfshell.kernel.supervisor import KernelSupervisor
from hfshell.language import Source, did_you_mean, parse_source
from hfshell.render.console import make_consoles
from hfshell.settings.preferences import Preferences, told
from hfshell.shell.interrupts import Ending, ended_as_interrupted
from hfshell.shell.json_screen import JsonScreen
from hfshell.shell.kept_session import named_session
from hfshell.shell.kernelless import needs_no_kernel, run_here
from hfshell.shell.running import run
from hfshell.shell.screen import Screen
from hfshell.shell.state_folder import clean_up, new_state_folder

if TYPE_CHECKING:
    from hfshell.api.events import SessionEvent
    from hfshell.language import Script
    from hfshell.shell.arguments import Invocation
    from hfshell.shell.log import Log

_GO_ON = "the same command with --resume goes on where it was"


def run_batch(invocation: Invocation) -> int:
    """Run a script from start to end and return its exit code.

    Raises:
        StorageError: its log cannot be written.
        UsageError: its log is the script, or the checkpoint.
    """
    with ended_as_interrupted() as ending:
        if invocation.log is None:
            return _run_to_end(invocation, None, ending)
        from hfshell.shell.log import logging_to

        _require_own_file(invocation.log, invocation)
        with logging_to(invocation.log, invocation) as log:
            code = _run_to_end(invocation, log, ending)
            log.end(code)
        return code


def _run_to_end(invocation: Invocation, log: Log | None, ending: Ending) -> int:
    try:
        return ending.code(_run_batch(invocation, log))
    except KeyboardInterrupt:  # before the kernel had anything to stop, or behind all it did
        return ending.code(Interrupted.exit_code)


def _require_own_file(log: str, invocation: Invocation) -> None:
    """Refuse a log that would be written into the script, or the checkpoint."""
    scripts = invocation.words[:1] if invocation.lines is None else []
    for what, file in (("script", scripts), ("checkpoint", filter(None, [invocation.checkpoint]))):
        if any(_resolved(other) == _resolved(log) for other in file):
            raise UsageError(
                f"the log would be written into the {what} {log}", hint="--log wants its own file"
            )


def _resolved(file: str) -> str:
    return os.path.realpath(os.path.expanduser(file))  # noqa: PTH111 - the same as where files are opened


def _run_batch(invocation: Invocation, log: Log | None) -> int:
    preferences = Preferences(locate_home().config, read=not invocation.no_config)
    consoles = make_consoles(sys.stdout, sys.stderr, plain=invocation.plain, theme=preferences.now.theme)
    kind = JsonScreen if invocation.json else Screen
    screen = kind(consoles, debug=invocation.debug, echo=True, watch=log.event if log else _nobody)
    source = Source("")
    try:
        source, words = _read(invocation)
        if invocation.dry_run:
            from hfshell.shell.dry_run import run_dry

            return run_dry(source, words, invocation, consoles.results)
        script = parse_source(source)
        if log is not None:
            log.hide(script)
        if invocation.help:
            from hfshell.shell.script_help import show_help

            return show_help(script, invocation)
        for problem in preferences.take_problems():
            screen.event(Note(told(problem), "warn", once=True))
        parameters = given_parameters(words, script)
        if not script.lines:
            return 0
        if needs_no_kernel(script):
            return run_here(script.lines[0], screen, third_party=not invocation.no_plugins)
        request = RunRequest(
            source.text,
            source.file,
            1,
            parameters,
            invocation.keep_going,
            settings=preferences.as_texts(),
            checkpoint=invocation.checkpoint,
            resume=invocation.resume,
        )
        return _run(request, invocation, screen)
    except HfshellError as error:
        screen.event(CommandFinished(screen.running or _line_of(error, source), 0.0, error=error))
        return error.exit_code


def _nobody(_: SessionEvent) -> None:
    """Hear what happens where there is no log."""


def _line_of(error: HfshellError, source: Source) -> CommandStarted:
    """Name the line that an error is about when no command was running."""
    place = error.place or Place(source.file)
    return CommandStarted("", None, place.text or "", place.file, place.line or 1)


def _run(request: RunRequest, invocation: Invocation, screen: Screen) -> int:
    home = find_home()
    folder = new_state_folder(home.kernels)
    arguments = ("--no-plugins",) if invocation.no_plugins else ()
    try:
        with (
            named_session(home, folder, invocation.session, screen.say),
            KernelSupervisor(folder, arguments) as kernel,
        ):
            return run(request, kernel, screen)
    except KernelDied as error:
        if request.checkpoint is not None:
            error.hint = f"{error.hint}\n{_GO_ON}" if error.hint else _GO_ON
        raise
    finally:
        clean_up(home, folder)


def _read(invocation: Invocation) -> tuple[Source, Sequence[str]]:
    """Return the text to run, and the words that give its parameters."""
    if invocation.lines is not None:
        return Source("\n".join(invocation.lines), "<-c>"), invocation.words
    file, *words = invocation.words or ["-"]
    if file == "-":
        return Source(standard_input(), "<stdin>"), words
    from hfshell.commands.script_files import read_source

    return read_source(file, ""), words


def standard_input() -> str:
    """Read the text on standard input.

    Raises:
        UsageError: it is not UTF-8.
    """
    if sys.stdin.isatty():
        print("reading lines until Ctrl-D", file=sys.stderr)  # noqa: T201 - else it looks as if it hung
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 text (byte {error.start})") from None


def given_parameters(words: Sequence[str], script: Script) -> dict[str, str]:
    """Hold NAME=VALUE words against a script's header.

    Raises:
        UsageError: a word is something else, the script has no such parameter, or lacks one.
    """
    declared = {parameter.name.text: parameter for parameter in script.parameters}
    given: dict[str, str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"{word} is not NAME=VALUE", hint=f"`hfshell {script.source.file} --help` lists them"
            )
        if name not in declared:
            known = f"it has {', '.join(declared)}" if declared else "the script has no param line"
            raise UsageError(
                f"there is no param {name}",
                place=Place(script.source.file),
                hint=did_you_mean(name, declared) or known,
            )
        given[name] = value
    for name, parameter in declared.items():
        if name not in given and parameter.default is None:
            raise UsageError(
                f"param {name} is not given and has no default",
                place=script.source.place(parameter),
                hint=f"give it: {name}=…",
            )
    return given
