"""Declarations that plugins return: data, read without running any of their code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from hfshell.api.roles import Role

API_VERSION = 1
"""The version of this contract that the running hfshell speaks."""

Verb = Literal["load", "finetune", "eval", "predict"]
VERBS: tuple[Verb, ...] = ("load", "finetune", "eval", "predict")


@dataclass(frozen=True)
class TaskSpec:
    """A task: what people do with a kind of model.

    Attributes:
        name: as `--task` takes it, in the Hub's spelling: `text-classification`.
        summary: one line for `help` and completion.
        target: `package.module:Class`, imported on first use; the only import that may need torch.
        roles: the columns it wants.
        architectures: endings of transformers class names whose head it uses, `ForSequenceClassification`.
        metrics: names of metrics, the headline first.
        options: per verb, a frozen dataclass of options that this task adds to the command's own.
        capabilities: the verbs it offers.
        examples: lines for `help`.
        api: the version of the contract it was written for.
    """

    name: str
    summary: str
    target: str
    roles: tuple[Role, ...] = ()
    architectures: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    options: Mapping[Verb, type] = field(default_factory=lambda: MappingProxyType({}))
    capabilities: frozenset[Verb] = frozenset(VERBS)
    examples: tuple[str, ...] = ()
    api: int = API_VERSION


@dataclass(frozen=True)
class CommandSpec:
    """A command: a typed declaration, and the name of the function that runs it.

    Attributes:
        name: as typed.
        summary: one line for `help` and completion.
        options: frozen dataclass made with `option()` and `argument()`.
        target: `package.module:function`, imported when the command first runs. A kernel command's function
            is called with (session, options), a local one's with (shell or session, options); it returns a
            `Result`, or None for nothing to show.
        where: `kernel` runs on the session's worker; `local` needs no model and never waits for the kernel.
        section: heading in `help`.
        description: a paragraph for `help NAME`.
        examples: pairs of a line and what it does.
        verb: the task verb whose options are added, if any.
        binds: what `NAME = …` binds: a model, data, a result, a plain value, or nothing at all.
        raw: the words are given to the function as they are: nothing is read as an option (`echo`, `expect`).
        heredoc: whether it reads the text of a `<<END`; a heredoc for any other command is an error.
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
    binds: Literal["model", "data", "result", "value", "nothing"] = "result"
    raw: bool = False
    heredoc: bool = False


@dataclass(frozen=True)
class ModelSourceSpec:
    """A way to find models by name.

    Attributes:
        scheme: what stands before the colon, `starter`.
        summary: one line for `help`.
        names: names it is known to offer, for completion; short names work without the scheme when no local
            folder has that name.
        target: `package.module:function`, called with the name behind the colon; returns the folder's path.
            It raises `ModelError` with a hint when the model is not there.
    """

    scheme: str
    summary: str
    target: str
    names: tuple[str, ...] = ()
