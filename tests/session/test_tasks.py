"""Which object does a task's work: that of the package, and of the version, which gives the task now."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import TaskSpec
from hfshell.errors import UsageError
from hfshell.plugin_host.discovery import TASKS, Discovered
from hfshell.session.tasks import Tasks


class Mood:
    """A task."""

    def load(self, source: Any, options: Any, context: Any) -> Any:
        """Load nothing."""

    def predict(self, model: Any, rows: Any, options: Any, context: Any) -> Any:
        """Predict nothing."""


class Plugins:
    """Stands for the host: one task, given by whom a test says."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.containment = SimpleNamespace(sign_of_life=lambda: None)
        self.given("hfshell-one", "1.0")

    def given(self, distribution: str, version: str, target: str = "one:Mood") -> None:
        """Have the task given by another package, or another version."""
        self.spec = TaskSpec(name="mood", summary="Mood", target=target)
        self.plugin = Discovered("mood", TASKS, target.partition(":")[0], distribution, version)
        self.module = type("Mood", (Mood,), {})

    def task(self, _name: str) -> TaskSpec:
        return self.spec

    def provider(self, _spec: TaskSpec) -> Discovered:
        return self.plugin

    def resolve(self, _target: str, *, owner: str) -> Any:
        assert owner == "mood"
        return self.module

    def run(self, _spec: TaskSpec, _what: str, function: Any, *arguments: Any) -> Any:
        return function(*arguments)

    def notice(self, text: str) -> None:
        self.said.append(text)


@pytest.fixture
def plugins() -> Any:
    """The task comes from hfshell-one 1.0."""
    return Plugins()


def test_the_object_is_made_once(plugins: Any) -> None:
    """A task may keep things."""
    tasks = Tasks(plugins)
    assert tasks.get("mood").task is tasks.get("mood").task
    assert plugins.said == []


def test_what_the_user_prefers_counts_at_once(plugins: Any) -> None:
    """`plugins prefer` counts in the session that runs; choosing back brings the first one back."""
    tasks = Tasks(plugins)
    first = tasks.get("mood")
    plugins.given("hfshell-two", "3.0", "two:Mood")
    second = tasks.get("mood")
    assert type(second.task) is plugins.module
    assert second.plugin == ("hfshell-two", "3.0")
    plugins.given("hfshell-one", "1.0")
    assert tasks.get("mood").task is first.task
    assert plugins.said == []


def test_another_version_gets_an_object_of_its_own_and_its_old_code_is_said(plugins: Any) -> None:
    """Python keeps the module that it imported: new declarations with old code must not go unsaid."""
    tasks = Tasks(plugins)
    before = tasks.get("mood").task
    plugins.given("hfshell-one", "2.0")
    assert tasks.get("mood").task is not before
    (said,) = plugins.said
    assert "mood (hfshell-one 2.0)" in said
    assert "`kernel restart`" in said


def test_a_base_model_is_led_to_what_needs_no_head(plugins: Any) -> None:
    """A task that only predicts uses models as they are; one that also trains would want a head."""
    whole = TaskSpec(name="mood", summary="Mood", target="one:Mood")
    bare = replace(whole, name="vectors", capabilities=frozenset({"load", "predict"}))
    plugins.tasks = lambda: [whole, bare]
    base: Any = SimpleNamespace(task=None, source="starter:minilm")
    with pytest.raises(UsageError) as caught:
        Tasks(plugins).of_model(None, base)
    assert "--task vectors" in str(caught.value.hint)
    assert "mood" not in str(caught.value.hint)
