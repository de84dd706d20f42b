"""`--log FILE`: all that happens in a run, one JSON object a line, added as it happens."""

from __future__ import annotations

import errno
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hfshell import __version__
from hfshell.api.events import CommandFinished, CommandStarted, Note, Progress, SessionEvent
from hfshell.errors import HfshellError, StorageError, SyntaxFault
from hfshell.language import parse_script
from hfshell.redact import MASK, redact, redact_all
from hfshell.render.export import finished_as_dict, json_text

if TYPE_CHECKING:
    from hfshell.language import Script, Word
    from hfshell.shell.arguments import Invocation

SCHEMA = 1
_BETWEEN_PROGRESS = 10.0
"""Seconds between two lines on how far a command is."""
_SHORTEST_OF_ENVIRONMENT = 8
"""Characters of a variable of the environment that is a secret; a shorter one may be a word like `true`."""


class Log:
    """A file that is added to. Each line is written by itself, so that a kill loses none that was begun.

    A disk that fills up costs the log, and not the run: that is said once, on stderr.

    Args:
        file: its path as the user wrote it; made with rights for its owner alone.

    Raises:
        StorageError: it cannot be written.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._run = secrets.token_hex(3)
        self._progress = -_BETWEEN_PROGRESS
        self._secrets: tuple[str, ...] = ()
        self._descriptor: int | None = _opened(file)

    def begin(self, invocation: Invocation) -> None:
        """Write that a run began, of what, and where."""
        file, *words = invocation.words or ["-"]
        if invocation.lines is not None:
            file, words = "<-c>", invocation.words
            with suppress(SyntaxFault):  # the run says so
                self.hide(parse_script("\n".join(invocation.lines)))
        parameters = {name: value for name, _, value in (word.partition("=") for word in words)}
        shown = redact_all(parameters)
        self._hide(parameters)
        self._hide(
            {name: value for name, value in os.environ.items() if len(value) >= _SHORTEST_OF_ENVIRONMENT}
        )
        self._write(
            "run",
            version=__version__,
            process=os.getpid(),
            folder=os.getcwd(),  # noqa: PTH109 - as the user sees it
            file=file,
            lines=invocation.lines,
            parameters=shown,
        )

    def hide(self, script: Script) -> None:
        """Mask, from here on, what `param` and `let` lines put under the name of a secret."""
        words = [(parameter.name.text, parameter.default) for parameter in script.parameters]
        words += [
            (line.binding.text, line.words[0])
            for line in script.lines
            if line.command.text == "let" and line.binding and line.words
        ]
        for name, word in words:
            for text in _literal_texts(word) if word else ():
                self._hide({name: text})

    def _hide(self, named: Mapping[str, str]) -> None:
        shown = redact_all(named)
        found = {text for name, text in named.items() if len(text) > 3 and shown[name] == MASK}
        self._secrets = tuple(sorted({*self._secrets, *found}, key=len, reverse=True))

    def event(self, event: SessionEvent) -> None:
        """Write what happened; how far a command is only every ten seconds."""
        match event:
            case CommandStarted():
                self._progress = time.monotonic()
                self._write("started", **asdict(event))
            case Note():
                self._write("note", text=event.text, severity=event.severity)
            case Progress() if time.monotonic() - self._progress >= _BETWEEN_PROGRESS:
                self._progress = time.monotonic()
                self._write("progress", **{name: value for name, value in asdict(event).items() if value})
            case CommandFinished():
                self._write("finished", **_without_traceback(finished_as_dict(event)))

    def end(self, code: int | None, error: BaseException | None = None) -> None:
        """Write how the run ended; the code is None when something else than the script ended it."""
        said = None if error is None else f"{type(error).__name__}: {error}"
        self._write("ended", exit_code=code, error=said)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write(self, event: str, **details: Any) -> None:
        if self._descriptor is None:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        head = {"schema": SCHEMA, "time": now, "run": self._run, "event": event}
        line = json_text({**head, **self._redacted(details)})
        try:
            _write_all(self._descriptor, f"{line}\n".encode("utf-8", "backslashreplace"))
        except OSError as error:
            os.close(self._descriptor)
            self._descriptor = None
            said = f"{self._file} is no longer written: {error.strerror}"
            print(said, file=sys.stderr)  # noqa: T201 - the run goes on without a log

    def _redacted(self, value: Any) -> Any:
        """Mask what looks like a secret in every text, and the parameters that are some.

        Names of fields mask nothing: the token of a prediction is none.
        """
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, MASK)
            return redact(value)
        if isinstance(value, Mapping):
            return {name: self._redacted(inner) for name, inner in value.items()}
        return [self._redacted(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _literal_texts(word: Word) -> Iterator[str]:
    """Yield what a word holds before anything runs: its own text, and what the environment says."""
    if word.plain is not None:
        yield word.plain
    for reference in word.references:
        if reference.environment:
            yield os.environ.get(reference.name, "")


@contextmanager
def logging_to(file: str, invocation: Invocation) -> Iterator[Log]:
    """Open a log, and write the beginning of a run, and an end that nobody foresaw.

    Raises:
        StorageError: it cannot be written.
    """
    log = Log(file)
    log.begin(invocation)
    try:
        yield log
    except BaseException as error:
        log.end(error.exit_code if isinstance(error, HfshellError) else None, error)
        raise


def _opened(file: str) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(os.path.expanduser(file), flags, 0o600)  # noqa: PTH111 - no Path needed here
    except OSError as error:
        nobody = "nobody reads this pipe" if error.errno == errno.ENXIO else error.strerror
        raise StorageError(
            f"the log {file} cannot be written: {nobody}", hint="--log wants a file that can be added to"
        ) from None
    os.set_blocking(descriptor, True)
    return descriptor


def _write_all(descriptor: int, line: bytes) -> None:
    """Write a line; one call as a rule, so that lines of several runs do not mix."""
    while line:
        line = line[os.write(descriptor, line) :]


def _without_traceback(finished: dict[str, Any]) -> dict[str, Any]:
    """Keep a traceback where something broke, and not where a script was told that it is wrong."""
    error = finished.get("error")
    if error is None or error["exit_code"] == 1:
        return finished
    return {**finished, "error": {**error, "detail": None}}
