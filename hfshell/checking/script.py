"""A script checked from its first line to its last, without running any of it.

Only what is as good as certain is an error: a word that could be a model of the Hub, a file that an earlier
line writes, a field that a stranger's task may have, are left to the run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hfshell.checking.binding import leave_behind
from hfshell.checking.data_lines import check_data
from hfshell.checking.diagnostics import Diagnostic
from hfshell.checking.models import check_models
from hfshell.checking.names import check_expectation, check_names, check_references
from hfshell.checking.outputs import check_files, check_redirect, note_outputs
from hfshell.checking.parameters import Values, check_parameters
from hfshell.checking.setting_lines import check_settings
from hfshell.checking.symbols import Symbol
from hfshell.checking.tasks import check_tasks
from hfshell.checking.texts import check_texts
from hfshell.errors import HfshellError, Place, SyntaxFault
from hfshell.language import Source, did_you_mean, parse_source

if TYPE_CHECKING:
    from hfshell.checking.reading import LineReader, ReadLine
    from hfshell.checking.scene import Scene
    from hfshell.language import CommandLine, Parameter, Script, Word

DEEPEST_SOURCE = 16
"""More scripts than this, each read by the one before, are a circle whatever their paths."""

SourceReader = Callable[[str, str], Source]
"""Called with the path in `source PATH` and the file that says it; returns the text, with one spelling of
`file` for each file. Raises `HfshellError` when it cannot be read."""

Watch = Callable[["ReadLine", "Scene"], None]
"""Called with each line whose command is known, before it takes effect."""

PASSES: tuple[Callable[[ReadLine, Scene], Iterable[Diagnostic]], ...] = (
    check_names,
    check_models,
    check_data,
    check_files,
    check_tasks,
    check_texts,
    check_settings,
    check_expectation,
    check_redirect,
)
"""What looks at each line, one concern a pass. Lines that may fail are spared."""


def check_script(
    script: Script,
    reader: LineReader,
    scene: Scene,
    *,
    read_source: SourceReader,
    given: Values | None = None,
    all_given: bool = True,
    faulty: Collection[int] = (),
    watch: Watch | None = None,
) -> list[Diagnostic]:
    """Find what would go wrong.

    Args:
        script: the script.
        reader: the commands there are.
        scene: what is known before it runs; changed.
        read_source: reads what `source` names.
        given: values of its parameters.
        all_given: whether parameters that are not in `given` are not given; else they may be.
        faulty: numbers of lines that are not in the script, for nobody can read them: they may do anything.
        watch: told of each line.

    Returns:
        The findings, in the order in which a run would meet them; remarks on the whole script last.
    """
    checker = _Checker(reader, scene, read_source, watch, sorted(faulty))
    found = checker.problems
    found += check_parameters(script, given or {}, scene, places={}, blamed=None, all_given=all_given)
    checker.lines(script, [script.source.file])
    found += () if faulty or checker.left else _unused(script, scene)
    return found


@dataclass
class _Checker:
    reader: LineReader
    scene: Scene
    read_source: SourceReader
    watch: Watch | None
    faulty: list[int]
    problems: list[Diagnostic] = field(default_factory=list)
    left: CommandLine | None = None

    def lines(self, script: Script, files: list[str]) -> None:
        """Check the lines in order; `files` are the scripts that are being read, this one last."""
        outer, self.scene.symbols.later = self.scene.symbols.later, _bound_later(script)
        for line in script.lines:
            if self.left:
                message = f"no run comes here: {self.left.place(self.left.command)} is an exit"
                self.problems.append(
                    Diagnostic("unreachable", message, line.place(line.command), None, "remark")
                )
                break
            if len(files) == 1 and self.faulty and self.faulty[0] < line.line:
                self.distrust()
                self.faulty = [number for number in self.faulty if number > line.line]
            self.line(line, files)
        self.scene.symbols.later = outer

    def line(self, line: CommandLine, files: list[str]) -> None:
        """Check one line, then let it take effect."""
        scene, command = self.scene, line.command.text
        if line.ignore_error:
            _note_mentions(line, scene)
        references = [] if line.ignore_error else list(_references(line, scene))
        if command not in self.reader.names():
            self.problems += references
            self.unknown(line)
            return
        read = self.reader.read(line, scene.symbols.text_of)
        self.problems += sorted([*references, *self.found(read)], key=_where)
        if self.watch:
            self.watch(read, scene)
        note_outputs(read, scene)
        if command == "source":
            self.sourced(read, files)
        if line.ignore_error:
            self.left = None  # what it sources may fail before it leaves
        if command == "exit" and _is_sound(line, read):
            self.left = line
        leave_behind(read, scene, count=self.watch is not None)

    def found(self, read: ReadLine) -> Iterator[Diagnostic]:
        """Yield what is wrong with a line whose command is known."""
        if read.package_missing or not self.scene.any_command:
            yield from read.faults
        self.scene.any_command |= read.package_missing
        if not read.line.ignore_error:
            for check in PASSES:
                yield from check(read, self.scene)

    def unknown(self, line: CommandLine) -> None:
        """Report a command that nobody knows, unless a missing package may have it."""
        scene, command = self.scene, line.command.text
        if scene.any_command:
            scene.disk.anything = True  # it may write any file
        else:
            hint = did_you_mean(command, self.reader.names()) or "`help` lists the commands"
            place = line.place(line.command)
            self.problems.append(Diagnostic("unknown-command", f"there is no command {command}", place, hint))
        if line.redirect:
            scene.disk.write(scene.symbols.text_of(line.redirect.target))
        if line.binding:
            scene.symbols.bind(line.binding.text, Symbol(line=line.line))

    def sourced(self, read: ReadLine, files: list[str]) -> None:
        """Check the script that a line reads, in its place."""
        given = read.of("file")
        if not given:
            return
        if given[0].text is None:
            self.distrust()
            return
        script = self.read(given[0].text, read.line, given[0].place, files)
        if script is None:
            self.distrust()
            return
        values, places = _values(read)
        self.problems += check_parameters(
            script, values, self.scene, places=places, blamed=given[0].place, all_given=True
        )
        self.lines(script, [*files, script.source.file])

    def distrust(self) -> None:
        """Know nothing any more: a script is read that nobody knows."""
        self.scene.symbols.distrust()
        self.scene.disk.anything = True

    def read(self, path: str, line: CommandLine, place: Place, files: list[str]) -> Script | None:
        """Read and parse what `source` names; None when that cannot be, which is reported."""
        try:
            source = self.read_source(path, files[-1])
            if source.file in files:
                hint = " → ".join([*files, source.file])
                self.problems.append(Diagnostic("script", "this script would read itself", place, hint))
                return None
            if len(files) > DEEPEST_SOURCE:
                message = f"scripts read scripts more than {DEEPEST_SOURCE} deep"
                self.problems.append(Diagnostic("script", message, place, "is this a circle?"))
                return None
            return parse_source(source)
        except HfshellError as error:
            if not line.ignore_error or isinstance(error, SyntaxFault):
                self.problems.append(Diagnostic.of(error, place, "script"))
            return None


def _is_sound(line: CommandLine, read: ReadLine) -> bool:
    """Whether a line does what it says: `exit` gives nothing to name, or to write."""
    literal = all(word.plain is not None for word in line.words)
    return literal and not (read.faults or line.binding or line.redirect or line.heredoc)


def _references(line: CommandLine, scene: Scene) -> Iterator[Diagnostic]:
    for word in _all_words(line):
        yield from check_references(word, line.source, scene)


def _where(problem: Diagnostic) -> tuple[int, int]:
    return problem.place.line or 0, problem.place.column or 0


def _values(read: ReadLine) -> tuple[dict[str, str | None], Mapping[str, Place]]:
    """Return the `NAME=VALUE` words behind a script's path, with their places."""
    values: dict[str, str | None] = {}
    places = {}
    for given in read.of("parameters"):
        name = given.word.raw.partition("=")[0]
        if name.isidentifier():
            values[name] = None if given.text is None else given.text.partition("=")[2]
            places[name] = given.place
    return values, places


def _bound_later(script: Script) -> dict[str, int]:
    """Return the first line that binds each name."""
    later = {line.binding.text: line.line for line in reversed(script.lines) if line.binding}
    for line in script.lines:
        if line.binding and line.binding.text in (word.plain for word in line.words):
            later.pop(line.binding.text, None)  # `imdb = data imdb`: there is such a thing outside
    return later


def _note_mentions(line: CommandLine, scene: Scene) -> None:
    """Count the names on a line that may fail as used; nothing else is asked of them."""
    for word in _all_words(line):
        scene.symbols.used.update(reference.name for reference in word.references)


def _unused(script: Script, scene: Scene) -> Iterator[Diagnostic]:
    """Remark on plain values of the script's own that no line uses."""
    if scene.symbols.anything or scene.disk.anything:
        return
    bound: list[tuple[str, Parameter | CommandLine]] = [
        (parameter.name.text, parameter) for parameter in script.parameters
    ]
    bound += [
        (line.binding.text, line) for line in script.lines if line.command.text == "let" and line.binding
    ]
    for name, where in bound:
        if name not in scene.symbols.used:
            word = "param" if where in script.parameters else "let"
            place = where.source.place(where)
            yield Diagnostic("unused", f"no line uses {word} {name}", place, None, "remark")


def _all_words(line: CommandLine) -> list[Word]:
    words = list(line.words)
    if line.redirect:
        words.append(line.redirect.target)
    if line.heredoc:
        words.append(line.heredoc.body)
    return words
