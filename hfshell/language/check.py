"""What is wrong with a script that parses, found without running any of it.

Only what is as good as certain is a finding: a word that could be a model of the Hub, or a file that the
script writes, is left to the run.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hfshell.errors import HfshellError, Place, SyntaxFault
from hfshell.language.expansion import unbound, without_field
from hfshell.language.parser import parse_source
from hfshell.language.source import Source
from hfshell.language.suggest import did_you_mean
from hfshell.language.tokens import NAME
from hfshell.language.vocabulary import Problem, Reading, Vocabulary, WordUse

if TYPE_CHECKING:
    from hfshell.language.tokens import Word
    from hfshell.language.tree import CommandLine, Parameter, Script

_NAME_AND_FIELD = re.compile(rf"({NAME})(?:\.{NAME})?\Z")
_FIELD = re.compile(rf"({NAME})\.{NAME}\Z")
_LAST_MODEL = "_"
DEEPEST_SOURCE = 16
"""More scripts than this, each read by the one before, are a circle whatever their paths."""


SourceReader = Callable[[str, str], Source]
"""Called with the path in `source PATH` and the file that says it; returns the text, with one spelling of
`file` for each file. Raises `HfshellError` when it cannot be read."""


def check_script(
    script: Script,
    vocabulary: Vocabulary,
    *,
    exists: Callable[[str], bool],
    given_parameters: Collection[str] | None = None,
    bound: Iterable[str] = (),
    read_source: SourceReader | None = None,
) -> list[Problem]:
    """Find what would go wrong: commands, options, names, parameters and files.

    Args:
        script: the script.
        vocabulary: the commands there are.
        exists: whether a file or folder is there.
        given_parameters: names of the parameters that the script is given; None when that is not known yet.
        bound: names that are bound before the script runs.
        read_source: reads what `source` names; without it, names and files behind such a line are taken on
            trust, for nobody knows what it binds and writes.

    Returns:
        The findings, in the order in which a run would meet them.
    """
    checker = _Checker(vocabulary, exists, read_source, dict.fromkeys(bound, False))
    checker.parameters(script, given_parameters)
    checker.lines(script, [script.source.file])
    return checker.problems


@dataclass
class _Checker:
    """What is known at a line: the names bound so far (and whether each is a plain value), files written."""

    vocabulary: Vocabulary
    exists: Callable[[str], bool]
    read_source: SourceReader | None
    names: dict[str, bool]
    problems: list[Problem] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    any_name: bool = False
    any_file: bool = False
    any_command: bool = False
    later: dict[str, int] = field(default_factory=dict)

    def report(self, message: str, place: Place, hint: str | None = None) -> None:
        self.problems.append(Problem(message, place, hint))

    def parameters(self, script: Script, given: Collection[str] | None) -> None:
        """Hold the header against what is given."""
        declared = [parameter.name.text for parameter in script.parameters]
        for name in given or ():
            if name not in declared:
                self.no_parameter(name, Place(script.source.file), declared)
        for parameter in script.parameters:
            missing = given is not None and parameter.name.text not in given
            self.parameter(parameter, missing=missing, place=script.source.place(parameter))

    def no_parameter(self, name: str, place: Place, declared: list[str]) -> None:
        listed = f"it has {', '.join(declared)}" if declared else "the script has no param line"
        self.report(f"there is no param {name}", place, did_you_mean(name, declared) or listed)

    def parameter(self, parameter: Parameter, *, missing: bool, place: Place) -> None:
        """Check one header line, and bind its name; `place` is to blame when it is missing."""
        name = parameter.name.text
        if parameter.default:
            self.references(parameter.default, parameter.source)
        elif missing:
            self.report(f"param {name} is not given and has no default", place, f"give it: {name}=…")
        self.names[name] = True

    def lines(self, script: Script, files: list[str]) -> None:
        """Check the lines in order; `files` are the scripts that are being read, this one last."""
        outer = self.later
        self.later = {}
        for line in reversed(script.lines):
            if line.binding:
                self.later[line.binding.text] = line.line
        for line in script.lines:
            if line.binding and line.binding.text in (word.plain for word in line.words):
                self.later.pop(line.binding.text, None)  # `imdb = data imdb`: there is such a thing outside
        for line in script.lines:
            self.line(line, files)
        self.later = outer

    def line(self, line: CommandLine, files: list[str]) -> None:
        """Check one line, then bind its name."""
        command = line.command.text
        for word in _all_words(line):
            self.references(word, line.source, allowed=line.ignore_error)
        if command in self.vocabulary.names():
            self.words(line, self.vocabulary.read(line))
        elif self.any_command:
            self.any_file = True  # what nobody here knows may write any
        else:
            hint = did_you_mean(command, self.vocabulary.names()) or "`help` lists the commands"
            self.report(f"there is no command {command}", line.place(line.command), hint)
        if command == "expect":
            self.sides(line)
        if command == "source":
            self.sourced(line, files)
        if line.redirect:
            self.write(line.redirect.target.plain)
        if line.binding:
            self.names[line.binding.text] = command == "let"

    def references(self, word: Word, source: Source, *, allowed: bool = False) -> None:
        """Check that what a word refers to is bound by now."""
        for reference in word.references:
            name = reference.name
            if reference.environment or allowed:
                continue
            if not self.is_bound(name):
                self.unbound(name, source.place(reference))
            elif reference.field and self.names.get(name):
                message, hint = without_field(reference, ())
                self.report(message, source.place(reference), hint)

    def words(self, line: CommandLine, reading: Reading) -> None:
        """Report what the command's declaration found, and check what its words stand for."""
        unsure = self.any_command and not reading.package_missing
        for problem in () if unsure else reading.problems:
            span = line.command if problem.index is None else line.words[problem.index]
            self.report(problem.message, line.place(span), problem.hint)
        for use in reading.uses:
            if use.kind == "output":
                self.write(use.text)
            elif not line.ignore_error and not (use.kind == "file" and line.command.text == "source"):
                self.use(use, line.place(line.words[use.index]))
        self.any_command |= reading.package_missing

    def use(self, use: WordUse, place: Place) -> None:
        """Check that a name is bound, or that a file is there."""
        if use.kind == "file":
            if not self.is_there(use.text):
                self.report(
                    f"there is no file {use.text}",
                    place,
                    "check the path; it starts from the folder you run in",
                )
            return
        match = _NAME_AND_FIELD.match(use.text)
        if not match or self.is_bound(match[1]):
            return
        if use.kind == "name" or (match[1] in self.later and not self.exists(use.text)):
            self.unbound(match[1], place)

    def sides(self, line: CommandLine) -> None:
        """Check the sides of an expectation that are written NAME.field."""
        for word in line.words[::2]:
            match = _FIELD.match(word.bare or "")
            if match and not line.ignore_error and not self.is_bound(match[1]):
                hint = f"bind it first: {match[1]} = …; or quote it to mean the text itself"
                self.unbound(match[1], line.place(word), hint)

    def sourced(self, line: CommandLine, files: list[str]) -> None:
        """Check the script that a line reads, in its place."""
        path = line.words[0].plain if line.words else ""
        if path is None or self.read_source is None:
            self.any_name = self.any_file = True
            return
        if not path:
            return
        script = self.read(self.read_source, path, line, files)
        if script:
            self.sourced_parameters(script, line)
            self.lines(script, [*files, script.source.file])

    def read(self, reader: SourceReader, path: str, line: CommandLine, files: list[str]) -> Script | None:
        """Read and parse what `source` names; None when that cannot be, which is reported."""
        place = line.place(line.words[0])
        try:
            source = reader(path, files[-1])
            if source.file in files:
                self.report("this script would read itself", place, " → ".join([*files, source.file]))
                return None
            if len(files) > DEEPEST_SOURCE:
                self.report(
                    f"scripts read scripts more than {DEEPEST_SOURCE} deep", place, "is this a circle?"
                )
                return None
            return parse_source(source)
        except HfshellError as error:
            if not line.ignore_error or isinstance(error, SyntaxFault):
                self.problems.append(Problem.of(error, place))
            return None

    def sourced_parameters(self, script: Script, line: CommandLine) -> None:
        """Hold a script's header against the `NAME=VALUE` words behind its path."""
        declared = [parameter.name.text for parameter in script.parameters]
        given = {word.raw.partition("=")[0]: word for word in line.words[1:]}
        for name, word in given.items():
            if name not in declared and not word.raw.startswith(("-", "$", '"', "'")):
                self.no_parameter(name, line.place(word), declared)
        for parameter in script.parameters:
            missing = parameter.name.text not in given
            self.parameter(parameter, missing=missing, place=line.place(line.words[0]))

    def unbound(self, name: str, place: Place, otherwise: str | None = None) -> None:
        """Report a name that nothing is bound to; `otherwise` is the hint when no name is near."""
        message, hint = unbound(name, self.names)
        if name in self.later:
            hint = f"line {self.later[name]} binds it: move that line up"
        elif otherwise and not did_you_mean(name, self.names):
            hint = otherwise
        self.report(message, place, hint)

    def is_bound(self, name: str) -> bool:
        return self.any_name or name == _LAST_MODEL or name in self.names

    def is_there(self, path: str) -> bool:
        """Whether a file is there, or will be because an earlier line wrote it or a folder around it."""
        if self.any_file or self.exists(path):
            return True
        path = posixpath.normpath(path)
        return any(path == written or path.startswith(f"{written}/") for written in self.written)

    def write(self, path: str | None) -> None:
        """Note that a line writes a file; a path that only the run knows could be any."""
        if path is None:
            self.any_file = True
        else:
            self.written.add(posixpath.normpath(path))


def _all_words(line: CommandLine) -> list[Word]:
    words = list(line.words)
    if line.redirect:
        words.append(line.redirect.target)
    if line.heredoc:
        words.append(line.heredoc.body)
    return words
