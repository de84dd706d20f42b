"""`CommandSpec`: a command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hfshell.api.roles import RoleKind
from hfshell.api.specs.task import Verb
from hfshell.api.specs.version import API_VERSION


@dataclass(frozen=True)
class CommandSpec:
    """A command: a typed declaration, and the name of the function that runs it.

    Example::

        @dataclass(frozen=True)
        class PublishOptions:
            model: str = argument("A bound model", complete="model", metavar="MODEL")
            folder: str = argument("Where to", complete="folder", metavar="FOLDER")

        CommandSpec(
            name="publish",
            summary="Copy a model to the shelf",
            options=PublishOptions,
            target="hfshell_publish.work:publish",   # def publish(context, options) -> Result | None
            examples=(("publish router ./shelf", "with a card beside it"),),
            api=1,
        )

    Attributes:
        name: as typed.
        summary: one line for `help` and completion.
        options: frozen dataclass made with `option()` and `argument()`.
        target: `package.module:function`, imported when the command first runs. It is called with (context,
            options) and returns a `Result`, or None for nothing to show.
        where: `kernel` runs on the session's worker; `local` needs no model and never waits for the kernel.
            Commands of plugins run in the kernel, for nothing that is not hfshell's runs in the shell.
        section: heading in `help`.
        description: a paragraph for `help NAME`.
        examples: pairs of a line and what it does.
        verb: the task verb whose options are added, if any.
        role: kind of the role that a task must have for that; None for any task.
        binds: what `NAME = …` binds: a model, data, a result, a plain value, or nothing at all. A plugin's
            command binds a result, or nothing.
        raw: the words are given to the function as they are: nothing is read as an option (`echo`, `expect`).
        heredoc: whether it reads the text of a `<<END`; a heredoc for any other command is an error.
        api: the version of the contract it was written for.
    """

    name: str
    summary: str
    options: type
    target: str
    where: Literal["kernel", "local"] = "kernel"
    section: str = "Commands"
    description: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    verb: Verb | None = None
    role: RoleKind | None = None
    binds: Literal["model", "data", "result", "value", "nothing"] = "result"
    raw: bool = False
    heredoc: bool = False
    api: int = API_VERSION
