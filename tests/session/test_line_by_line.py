"""`predict NAME` alone: where it opens a prompt, and what each of its lines lacks."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import Role, TaskSpec
from hfshell.commands.predict import PredictCommandOptions
from hfshell.plugin_host import PluginHost
from hfshell.session.line_by_line import sub_prompt_for


def context(options: Any, *given: str, **changes: Any) -> Any:
    """A context of a line typed at the prompt."""
    line = SimpleNamespace(binding=None, redirect=None)
    fields = {"interactive": True, "text": None, "line": line, "task_options": None, "command": options}
    return SimpleNamespace(**{**fields, "given": frozenset(given), **changes})


def wanted(task: str, given: dict[str, Any]) -> tuple[str, ...] | None:
    """What lines lack for a task of which something is given; None where nothing opens."""
    options = PredictCommandOptions("m")
    spec = PluginHost(third_party=False).task(task)
    opened = sub_prompt_for(context(options), options, spec, given)
    return opened.wanted if opened else None


@pytest.mark.parametrize(
    ("task", "given", "expected"),
    [
        ("text-classification", {}, ()),
        ("text-generation", {}, ()),
        ("chat", {}, ()),
        ("sentence-pair-classification", {}, ("--second",)),
        ("question-answering", {}, ("--context",)),
        ("question-answering", {"context": "Ada wrote."}, ()),
        ("question-answering", {"question": "Who?"}, ()),
        ("question-answering", {"question": "Who?", "context": "Ada wrote."}, None),
    ],
)
def test_a_line_is_the_first_text_that_is_not_given(
    task: str, given: dict[str, Any], expected: tuple[str, ...] | None
) -> None:
    """What else is needed is asked for where an option can say it; where all is given, the line runs."""
    assert wanted(task, given) == expected


def test_what_no_option_completes_opens_nothing() -> None:
    """Rows of a file have it; the usage error says so."""
    roles = (Role.text(), Role.texts("tests", name="tests"))
    spec = TaskSpec("odd", "", "m:Odd", roles=roles, options={"predict": Nothing})
    options = PredictCommandOptions("m")
    assert sub_prompt_for(context(options), options, spec, {}) is None


@dataclass(frozen=True)
class Nothing:
    """No options."""


def test_only_a_prompt_can_be_asked() -> None:
    """A script, a binding and a redirect cannot; and a line with texts has what it needs."""
    options = PredictCommandOptions("m")
    spec = PluginHost(third_party=False).task("text-classification")
    bound = SimpleNamespace(binding="r", redirect=None)
    filed = SimpleNamespace(binding=None, redirect="> f")
    for changes in ({"interactive": False}, {"line": bound}, {"line": filed}, {"text": "a heredoc"}):
        assert sub_prompt_for(context(options, **changes), options, spec, {}) is None
    with_text = PredictCommandOptions("m", ("hello",))
    assert sub_prompt_for(context(with_text), with_text, spec, {}) is None
