"""Runs a script line by line: expands, parses, calls, binds. The only place where an error meets its line."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hfshell.api.cancel import CancelToken
from hfshell.api.events import CommandFinished, CommandStarted, Event, Note
from hfshell.api.requests import RunRequest
from hfshell.api.results import Result
from hfshell.commands.parsing import Argument, Parsed, parse
from hfshell.commands.script_files import read_script
from hfshell.errors import (
    HfshellError,
    Interrupted,
    Place,
    PluginError,
    StorageError,
    SyntaxFault,
    UsageError,
)
from hfshell.language import expand, parse_script
from hfshell.plugin_host.option_types import as_declared
from hfshell.session.context import CommandContext
from hfshell.session.quietly import Watch, quietly
from hfshell.session.redirects import require_writable, shows_views, write_redirect

if TYPE_CHECKING:
    from hfshell.api.specs import CommandSpec
    from hfshell.api.view import View
    from hfshell.language import CommandLine, Name, Script, Word
    from hfshell.session.checkpointing import Batch, LineProgress
    from hfshell.session.session import Session

DEEPEST_SOURCE = 16


class Leave(Exception):  # noqa: N818 - not an error: the script said `exit`
    """The script said `exit`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Frame:
    """A script being run, who watches and may cancel it, and the files that sourced it.

    Attributes:
        batch: the checkpoint that is kept of it, or None.
        progress: of the line that runs, in that checkpoint.
    """

    request: RunRequest
    watch: Watch
    cancelled: CancelToken
    files: tuple[str, ...] = ()
    batch: Batch | None = None
    progress: LineProgress | None = None


class Interpreter:
    """Runs requests for a session. Everything here happens on the session's worker thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._frames: list[Frame] = []

    def run(self, request: RunRequest, watch: Watch, cancelled: CancelToken) -> int:
        """Run a text and return its exit code. Errors become events; none is raised.

        Args:
            request: the text, and where it comes from.
            watch: told what happens.
            cancelled: set by Ctrl-C: the command that runs stops after its step, and no other begins.
        """
        try:
            return self._run_script(Frame(request, watch, cancelled, (str(_beside(request.file, "<")),)))
        except Leave as leave:
            return leave.code
        except KeyboardInterrupt:  # an abort that came between two commands
            return Interrupted.exit_code

    def source(self, file: str, parameters: dict[str, str]) -> int:
        """Run another script inside the one that runs now, and return its exit code.

        Raises:
            UsageError: the file is missing, or is being run already.
        """
        outer = self._frames[-1]
        path = _beside(file, outer.request.file)
        if str(path) in outer.files:
            raise UsageError(f"{file} sources itself", hint=" → ".join((*outer.files, str(path))))
        if len(outer.files) >= DEEPEST_SOURCE:
            raise UsageError(f"scripts are sourced more than {DEEPEST_SOURCE} deep")
        text = read_script(path)
        if outer.batch is not None:
            outer.batch.sources(path, text)
        request = replace(
            outer.request, text=text, file=str(path), line=1, parameters=parameters, interactive=False
        )
        return self._run_script(replace(outer, request=request, files=(*outer.files, str(path))))

    def _run_script(self, frame: Frame) -> int:
        request = frame.request
        try:
            script = parse_script(request.text, request.file, request.line)
            self._bind_parameters(script, request)
            if request.checkpoint is not None and frame.batch is None:
                return self._run_with_checkpoint(script, frame)
        except HfshellError as fault:
            return _report_fault(fault, request, frame.watch)
        return self._run_framed(script, frame)

    def _run_with_checkpoint(self, script: Script, frame: Frame) -> int:
        from hfshell.session.checkpointing import Batch

        with Batch.opened(frame.request, script, self._session, frame.watch) as batch:
            return self._run_framed(script, replace(frame, batch=batch))

    def _run_framed(self, script: Script, frame: Frame) -> int:
        self._frames.append(frame)
        try:
            return self._run_lines(script, frame)
        finally:
            self._frames.pop()

    def _run_lines(self, script: Script, frame: Frame) -> int:
        worst = 0
        for line in script.lines:
            try:
                code = self._run_line(line, frame)
            except Leave as leave:
                raise Leave(leave.code or worst) from None  # leaving makes no failure undone
            if frame.cancelled.is_set:
                return Interrupted.exit_code
            if code == Interrupted.exit_code or (code and not frame.request.keep_going):
                return code
            worst = 1 if code else worst
        return worst

    def _bind_parameters(self, script: Script, request: RunRequest) -> None:
        given = request.parameters or {}
        known = {parameter.name.text for parameter in script.parameters}
        for name in given:
            if name not in known:
                hint = f"it has {', '.join(sorted(known))}" if known else "it has none"
                raise UsageError(f"{request.file} has no parameter {name}", hint=hint)
        if script.parameters:
            self._session.names.begin(f"parameters of {request.file}")
        for parameter in script.parameters:
            name = parameter.name.text
            if name in given:
                value = given[name]
            elif parameter.default is not None:
                value = expand(parameter.default, self._session.lookup, script.source)
            else:
                raise UsageError(
                    f"parameter {name} must be given",
                    place=script.source.place(parameter),
                    hint=f"hfshell {request.file} {name}=VALUE",
                )
            self._session.names.bind_value(name, value)

    def _run_line(self, line: CommandLine, frame: Frame) -> int:
        batch = frame.batch
        if batch is None:
            return self._run_command(line, frame)
        try:
            if batch.was_done(line):
                return 0
            progress = batch.begin(line)
        except HfshellError as error:
            started = _started(line, frame)
            frame.watch(started)
            frame.watch(CommandFinished(started, 0.0, error=_own(error).at(line.place(line.command))))
            raise Leave(error.exit_code) from None
        watch = quietly(frame.watch) if progress.quiet else frame.watch
        with batch.within(line):
            code = self._run_command(line, replace(frame, watch=watch, progress=progress))
        if not frame.cancelled.is_set:
            batch.end(line, progress, code)
        return code

    def _run_command(self, line: CommandLine, frame: Frame) -> int:
        started = _started(line, frame)
        frame.watch(started)
        self._session.names.begin(line.text)
        began = time.perf_counter()
        result, view, code, error = None, None, 0, None
        try:
            frame.cancelled.raise_if_set()
            result, view, code = self._command(line, frame)
        except Leave:
            frame.watch(CommandFinished(started, time.perf_counter() - began))
            raise
        except HfshellError as raised:
            error = _own(raised)
        except KeyboardInterrupt:
            error = Interrupted("aborted", hint="what it was doing is undone; names keep what they held")
        except OSError as raised:
            error = _from_system(raised)
        except (Exception, SystemExit) as raised:  # noqa: BLE001 - a bug must not take the session with it
            error = _unexpected(raised)
        self._pass_on_notices(frame.watch)
        if error is not None:
            error.at(line.place(_blamed(line, error)))
        ignored = line.ignore_error and error is not None and not isinstance(error, Interrupted)
        frame.watch(CommandFinished(started, time.perf_counter() - began, result, error, ignored, view))
        if error is not None:
            return 0 if ignored else error.exit_code
        return 0 if line.ignore_error else code

    def _command(self, line: CommandLine, frame: Frame) -> tuple[Result | None, View | None, int]:
        """Run a command; return what is left to show, how it wants to look, and the exit code."""
        session = self._session
        spec = session.commands.get(line.command.text)
        if line.binding and spec.binds == "nothing":
            raise UsageError(f"{spec.name} gives nothing to name", hint=f"write `{spec.name} …` alone")
        if line.redirect and spec.binds == "nothing":
            raise UsageError(f"{spec.name} gives nothing to write to a file")
        if line.heredoc and not spec.heredoc:
            raise UsageError(f"{spec.name} reads no heredoc", place=line.source.place(line.heredoc))
        parsed = self._parse(spec, line)
        target = self._redirect_target(line)
        context = self._context(line, frame, parsed)
        function = session.plugins.resolve(spec.target, owner=spec.name)
        receiver = session if spec.where == "local" else context
        with context.held:
            options = self._as_declared(spec, parsed.options)
            result = session.plugins.run(spec, spec.name, function, receiver, options)
        if result is not None and not isinstance(result, Result):
            raise self._no_result(spec, result)
        kept = self._keep(result, spec, line, context, target)
        return kept, self._view(kept, frame.watch), result.exit_code if result is not None else 0

    def _as_declared(self, spec: CommandSpec, options: Any) -> Any:
        """Return a plugin's options as an instance of its own class, not of the stand-in that was parsed.

        Raises:
            UsageError: the class refuses the values.
        """
        plugins = self._session.plugins
        if plugins.provider(spec) is None:
            return options
        return plugins.run(spec, f"the options of {spec.name}", _accepted, spec, options)

    def _no_result(self, spec: CommandSpec, returned: Any) -> PluginError:
        plugin = self._session.plugins.provider(spec)
        whose = f" of plugin {plugin.label}" if plugin else ""
        return PluginError(
            f"the command {spec.name}{whose} returned a {type(returned).__name__}",
            hint="a command returns a Result, or None; tell its author",
        )

    def _parse(self, spec: CommandSpec, line: CommandLine) -> Parsed:
        arguments = [self._argument(word, line) for word in line.words]
        added = self._session.task_options(spec, arguments) if spec.verb else None
        return parse(spec, arguments, line.place(line.command), added)

    def _argument(self, word: Word, line: CommandLine) -> Argument:
        text = expand(word, self._session.lookup, line.source)
        return Argument(text, word.raw.startswith("-"), line.place(word))

    def _context(self, line: CommandLine, frame: Frame, parsed: Parsed) -> CommandContext:
        options = parsed.options
        seed = getattr(options, "seed", None)
        heredoc = line.heredoc
        return CommandContext(
            session=self._session,
            line=line,
            emit_event=frame.watch,
            cancelled=frame.cancelled,
            binding=_text(line.binding),
            text=expand(heredoc.body, self._session.lookup, line.source) if heredoc else None,
            given=parsed.given,
            command=options,
            task_options=parsed.task_options,
            progress=frame.progress,
            interactive=frame.request.interactive,
            allowed=frozenset(getattr(options, "allow", ())),
            seed=self._session.settings.seed if seed is None else seed,
        )

    def _keep(
        self,
        result: Result | None,
        spec: CommandSpec,
        line: CommandLine,
        context: CommandContext,
        target: str | None,
    ) -> Result | None:
        if result is None:
            return None
        if context.spoken:
            result = replace(result, guards=tuple(dict.fromkeys((*result.guards, *context.spoken))))
        if line.binding and spec.binds == "result":
            self._session.names.bind_result(line.binding.text, result)
        if spec.where == "kernel" and spec.binds != "nothing":
            self._session.names.remember(result)
        if line.redirect is None or target is None:
            return result
        view = self._view(result, context.emit_event) if shows_views(target) else None
        return write_redirect(result, target, append=line.redirect.append, view=view)

    def _view(self, result: Result | None, emit: Callable[[Event], None]) -> View | None:
        """Ask how a result is to look. A renderer that fails costs a note, and not the result."""
        try:
            return self._session.view_of(result) if result is not None else None
        except PluginError as error:
            emit(Note(" · ".join(filter(None, (error.message, error.hint))), "warn"))
            return None

    def _redirect_target(self, line: CommandLine) -> str | None:
        """Find a mistake in a redirect before the work, not after it."""
        if line.redirect is None:
            return None
        target = expand(line.redirect.target, self._session.lookup, line.source)
        try:
            require_writable(target, append=line.redirect.append)
        except HfshellError as error:
            raise error.at(line.source.place(line.redirect.target)) from None
        return target

    def _pass_on_notices(self, watch: Watch) -> None:
        for notice in self._session.plugins.notices():
            watch(Note(notice, "warn", once=True))


def _accepted(spec: CommandSpec, options: Any) -> Any:
    try:
        return as_declared(spec.options, options)
    except ValueError as error:
        raise UsageError(str(error), hint=f"`help {spec.name}` lists its options") from None


def _beside(file: str, sourcing: str) -> Path:
    folder = Path() if sourcing.startswith("<") else Path(sourcing).parent
    return (folder / Path(file).expanduser()).resolve()


def _text(name: Name | None) -> str | None:
    return name.text if name else None


def _blamed(line: CommandLine, error: HfshellError) -> Word | Name:
    """Return the word of a line that an error begins or ends with; its command where there is none."""
    said = error.message.split()
    ends = {word.rstrip(":,") for word in (*said[:1], *said[-1:])}
    return next((word for word in line.words if word.plain in ends), line.command)


def _started(line: CommandLine, frame: Frame) -> CommandStarted:
    return CommandStarted(line.command.text, _text(line.binding), line.text, frame.request.file, line.line)


def _report_fault(fault: HfshellError, request: RunRequest, watch: Watch) -> int:
    number = fault.place.line if fault.place and fault.place.line else request.line
    text = (fault.place.text if fault.place else None) or ""
    fault.at(Place(request.file))
    watch(CommandFinished(CommandStarted("", None, text, request.file, number), 0.0, error=fault))
    return fault.exit_code


def _own(error: HfshellError) -> HfshellError:
    """Cut the traceback off: its frames would pin the model's memory for as long as the error is kept."""
    if error.detail is None and not isinstance(error, (SyntaxFault, Interrupted)):
        error.detail = "".join(traceback.format_exception(error))
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error


def _from_system(error: OSError) -> HfshellError:
    where = f": {error.filename}" if error.filename else ""
    kept = StorageError(f"{error.strerror or error}{where}")
    kept.detail = "".join(traceback.format_exception(error))
    return kept


def _unexpected(error: BaseException) -> HfshellError:
    first = (str(error).splitlines() or [""])[0]
    kept = HfshellError(
        f"{type(error).__name__}: {first}",
        hint="this is a fault in hfshell or a plugin; `hfshell --debug` shows the traceback",
    )
    kept.detail = "".join(traceback.format_exception(error))
    return kept
