"""A head that says the wrong thing of itself is met with plain words and what would be right."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import HeadTask, Role, TaskSpec
from hfshell.errors import ModelError, PluginError
from hfshell.models.heads import Head, auto_class
from hfshell.session.contained_head import contained
from hfshell.session.head_faults import mismatch


def head(**said: Any) -> HeadTask:
    """A stranger's head with these class attributes."""
    nothing = {"encode": lambda *_: [], "decode": lambda *_: []}
    made: HeadTask = type("Mood", (HeadTask,), {**nothing, **said})()
    made.name, made.plugin = "mood", ("hfshell-mood", "1.2")
    return made


def made(task: HeadTask) -> HeadTask:
    """The head as the engine is given it."""
    return contained(task, lambda _what, function, *arguments: function(*arguments), lambda: None)


CLASS = "AutoModelForSequenceClassification"
LABELS: Any = SimpleNamespace(labels=("a", "b"))


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ({}, "has no auto_class", f'"{CLASS}"'),
        ({"auto_clas": CLASS}, "has no auto_class", "it has auto_clas; did you mean auto_class?"),
        (
            {"auto_class": CLASS, "problem_type": "single_label"},
            "the problem_type 'single_label'; there is single_label_classification, multi_label_",
            "did you mean single_label_classification?",
        ),
        ({"auto_class": CLASS, "rows_at_once": 0}, "the rows_at_once 0", "a whole number from 1 on, or None"),
    ],
)
def test_what_a_head_must_say(said: dict[str, Any], message: str, hint: str) -> None:
    """It is said when the task is made, with the package and the class that its author wrote."""
    with pytest.raises(PluginError) as caught:
        made(head(**said))
    assert caught.value.message.startswith("task mood (hfshell-mood 1.2): Mood ")
    assert message in caught.value.message
    assert hint in str(caught.value.hint)


def test_a_misspelt_class_of_transformers_is_met_with_the_right_one() -> None:
    """A slip in a long name is found."""
    with pytest.raises(ModelError) as caught:
        auto_class(Head("AutoModelForSequenceClasification"))
    assert CLASS in str(caught.value.hint)


@pytest.mark.parametrize(
    ("kind", "value", "message", "hint"),
    [
        ("single_label_classification", ("a",), "its role has several", "Role.label()"),
        ("multi_label_classification", "a", "its role has one", "Role.labels()"),
        (None, "a", "does not say what it learns: its problem_type is None", "`target`"),
    ],
)
def test_a_target_of_another_kind_says_what_does_not_fit(
    kind: str | None, value: Any, message: str, hint: str
) -> None:
    """Roles and problem type are two places that have to agree."""
    with pytest.raises(PluginError) as caught:
        head(auto_class=CLASS, problem_type=kind).target(value, LABELS)
    assert message in caught.value.message
    assert hint in str(caught.value.hint)


@pytest.mark.parametrize(
    ("role", "problem_type", "wrong"),
    [
        (Role.labels(), "single_label_classification", True),
        (Role.label(), "multi_label_classification", True),
        (Role.number(), "single_label_classification", True),
        (Role.labels(), "multi_label_classification", False),
        (Role.number(), "regression", False),
        (Role.label(), None, False),
        (Role.tags(), "single_label_classification", False),
    ],
)
def test_a_head_that_learns_something_else_than_its_role_is_remarked_on(
    role: Role, problem_type: str | None, wrong: bool
) -> None:
    """Before data is read and a model loaded, not at the first target of a training."""
    spec = TaskSpec(name="mood", summary="Mood", target="x:y", roles=(Role.text(), role))
    said = mismatch(spec, head(auto_class=CLASS, problem_type=problem_type))
    assert (said is not None) == wrong
    own = head(auto_class=CLASS, problem_type=problem_type, target=lambda *_: 0)
    assert mismatch(spec, own) is None
