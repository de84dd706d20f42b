"""Tiny models and data: for any roles that the kit knows, the same each time, and learnt at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import Role, TaskSpec, hookimpl
from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome
from hfshell.testing.tiny_data import ROWS, CannotMakeError, tiny_data
from hfshell.testing.tiny_models import name_of_a_model
from tests.testing.mood.plugin import SPEC

Run = Callable[..., Outcome]


def spec(*roles: Role, **changes: Any) -> TaskSpec:
    """A task with these roles."""
    return TaskSpec(name="any", summary="Any", target="tests.testing.test_tiny:Any", roles=roles, **changes)


def test_rows_have_what_each_role_wants() -> None:
    """A text, a label, several labels, a number: each by the role's name, of the type that a file has."""
    data = tiny_data(spec(Role.text(), Role.label(), Role.labels("tags", name="tags"), Role.number()))
    assert len(data.train) == ROWS
    for row in data.train:
        assert isinstance(row["text"], str)
        assert isinstance(row["label"], str)
        assert row["label"] in row["tags"]
        assert isinstance(row["score"], float)
    assert {len(row["tags"]) for row in data.train} == {1, 2}
    assert data.labels == ("account", "billing", "delivery")


def test_rows_are_the_same_each_time() -> None:
    """A test that passes today passes tomorrow."""
    assert tiny_data(spec(Role.text(), Role.label())) == tiny_data(spec(Role.text(), Role.label()))


def test_two_texts_of_a_row_are_of_one_topic() -> None:
    """What two texts have to do with each other can be learnt."""
    data = tiny_data(spec(Role.text(name="premise"), Role.text(name="hypothesis"), Role.label()))
    for row in data.train:
        assert set(row["premise"].split()) == set(row["hypothesis"].split())


def test_role_that_the_kit_does_not_know_is_said() -> None:
    """The author is told what to override; a role that is not required is left out."""
    with pytest.raises(CannotMakeError, match="no spans for the role entities") as caught:
        tiny_data(spec(Role.text(), Role("entities", "spans", target=True)))
    assert "`dataset`" in str(caught.value.hint)
    optional = spec(Role.text(), Role("entities", "spans", required=False))
    assert set(tiny_data(optional).train[0]) == {"text"}


def test_tiny_data_is_learnt(
    plugin_host: PluginHost, run_hfsh: Run, tiny_dataset: Callable[[str], Path]
) -> None:
    """Labels follow from words, so that a test can ask for a score."""
    outcome = run_hfsh(
        """
        param file
        d = data $file
        t = finetune tiny:text-classification d --epochs 4 --learning-rate 5e-3 --batch-size 8
        """,
        file=tiny_dataset("text-classification"),
    )
    outcome.assert_ok()
    assert outcome["t"].fields()["accuracy"] > 0.8


@pytest.mark.parametrize(
    ("kind", "roles", "auto", "problem", "outputs"),
    [
        ("several", (Role.text(), Role.labels("tags", name="tags")), "SequenceClassification",
         "multi_label_classification", 3),
        ("number", (Role.text(), Role.number()), "SequenceClassification", "regression", 1),
    ],
)  # fmt: skip
def test_head_of_any_problem_type_predicts(
    plugin_host: PluginHost,
    tiny_model: Callable[[str], Path],
    kind: str,
    roles: tuple[Role, ...],
    auto: str,
    problem: str,
    outputs: int,
) -> None:
    """A tiny model has as many outputs as the task learns, and its configuration says what for."""
    import transformers

    from tests.testing import heads

    plugin_host.use(heads.declaring(kind, roles), kind)
    config = transformers.AutoConfig.from_pretrained(tiny_model(kind))
    assert config.architectures == [f"BertFor{auto}"]
    assert (config.problem_type, config.num_labels) == (problem, outputs)


def test_head_that_bert_lacks_is_said(plugin_host: PluginHost, tiny_model: Callable[[str], Path]) -> None:
    """The author is told what to override."""
    from tests.testing import heads

    plugin_host.use(heads.declaring("pictures", (Role.text(), Role.label())), "pictures")
    with pytest.raises(CannotMakeError, match="AutoModelForImageClassification") as caught:
        tiny_model("pictures")
    assert "`model`" in str(caught.value.hint)


def test_tiny_model_of_a_task_that_makes_its_own_is_trained(plugin_host: PluginHost, run_hfsh: Run) -> None:
    """It is the one that its examples name, trained on the tiny data, so that it predicts."""

    class Plugin:
        @hookimpl
        def hfshell_tasks(self) -> list[TaskSpec]:
            return [SPEC]

    plugin_host.use(Plugin(), "mood")
    outcome = run_hfsh("m = load tiny:mood\np = predict m 'a parcel in a broken box' --top 1")
    outcome.assert_ok()
    assert outcome["m"].labels == ("account", "billing", "delivery")
    assert outcome["p"].rows[0][0].label == "delivery"


def test_name_of_a_model_stands_in_an_example() -> None:
    """The kit need not guess what a task's scheme can make."""
    assert name_of_a_model(SPEC) == "mood:words"
    with pytest.raises(CannotMakeError) as caught:
        name_of_a_model(replace(SPEC, examples=("load other:mood:words",)))
    assert "mood:NAME" in str(caught.value.hint)
