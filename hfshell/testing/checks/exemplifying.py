"""Examples: lines that the shell takes, with the task's own options, roles and verbs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from hfshell.api.roles import TYPED
from hfshell.api.specs import CommandSpec, TaskSpec
from hfshell.checking.reading import LineReader
from hfshell.errors import UsageError
from hfshell.language import parse_script
from hfshell.testing.verdict import Fault, NotApplicable

if TYPE_CHECKING:
    from hfshell.language import CommandLine
    from hfshell.testing.subject import Subject


def examples_parse(subject: Subject) -> None:
    """Read each example as the shell would, without running it."""
    specs: list[TaskSpec | CommandSpec] = [*subject.declarations.of(TaskSpec)]
    specs += subject.declarations.of(CommandSpec)
    examples = [
        (spec, example if isinstance(example, str) else example[0])
        for spec in specs
        for example in spec.examples
    ]
    if not examples:
        raise NotApplicable("there are no examples")
    for spec, text in examples:
        for problem in _problems(text, spec, subject):
            raise Fault(f"the example `{text}`: {problem}")


def _problems(text: str, spec: TaskSpec | CommandSpec, subject: Subject) -> Iterator[str]:
    session = subject.session
    task = spec if isinstance(spec, TaskSpec) else None
    reader = LineReader(session.commands, session.plugins, task=task.name if task else None)
    try:
        script = parse_script(text, "<example>")
    except UsageError as error:
        yield error.message
        return
    for line in script.lines:
        if line.command.text not in reader.names():
            yield f"there is no command {line.command.text}"
            continue
        yield from (problem.message for problem in reader.read(line).faults)
        if task is not None:
            yield from _unlike(line, task, session.commands.get(line.command.text).verb)


def _unlike(line: CommandLine, task: TaskSpec, verb: str | None) -> Iterator[str]:
    """Hold a line against what its task declares: verbs, and roles."""
    if verb is not None and verb not in task.capabilities:
        yield f"{task.name} does not offer {verb}"
    if line.command.text == "predict" and _says_a_text(line):
        open_roles = [role for role in task.roles if not role.target and role.name not in _said(line)]
        wanted = [role.name for role in open_roles if role.required]
        if len(wanted) > 1 or not any(role.kind in TYPED for role in open_roles):
            names = " and ".join(wanted) or "rows"
            yield f"{task.name} wants {names} for each row, not a text alone: give it data"
    roles = [role.name for role in task.roles]
    for option, value in pairwise(word.plain or "" for word in line.words):
        if line.command.text == "data" and option == "--map" and value.partition("=")[0] not in roles:
            yield f"{task.name} has no role {value.partition('=')[0]}: its roles are {', '.join(roles)}"


def _says_a_text(line: CommandLine) -> bool:
    """Whether rows are written into the line: in quotes, or behind it."""
    return line.heredoc is not None or (len(line.words) > 1 and line.words[1].bare is None)


def _said(line: CommandLine) -> set[str]:
    """Return the names of the options on a line; one that has a role's name says what the role holds."""
    words = (word.plain or "" for word in line.words)
    return {word[2:].partition("=")[0].replace("-", "_") for word in words if word.startswith("--")}
