"""Which of several tasks is meant, by rules that a table can show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import Role, TaskSpec
from hfshell.api.models import LoadedModel, ModelFolder
from hfshell.session.choosing import for_folder, for_training


def spec(
    name: str, *roles: Role, assumed: bool = True, heads: tuple[str, ...] = ("ForSequenceClassification",)
) -> TaskSpec:
    return TaskSpec(
        name=name, summary=name, target=f"{name}:Task", roles=roles, architectures=heads, assumed=assumed
    )


TEXT = spec("text", Role.text(), Role.label())
SEVERAL = spec("several", Role.text(), Role.labels())
NUMBER = spec("number", Role.text(), Role.number())
PAIR = spec(
    "pair",
    Role.text("premise", name="first"),
    Role.text("hypothesis", name="second"),
    Role.label(),
    assumed=False,
)
MARKED = spec("marked", Role.text(containing=("<e1>",)), Role.label(), assumed=False)
MASK = spec("mask", Role.text(), heads=("ForMaskedLM",))
WRITER = spec("writer", Role.text(target=True), heads=("ForCausalLM",))
STRANGER = spec("stranger", Role.text(), Role.label())
ALL = (TEXT, SEVERAL, NUMBER, PAIR, MARKED, MASK, WRITER)


def folder(*architectures: str, problem_type: str | None = None) -> ModelFolder:
    return ModelFolder("any", Path(), architectures, "bert", problem_type=problem_type)


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        (folder("BertForSequenceClassification", problem_type="regression"), ["number"]),
        (folder("BertForSequenceClassification", problem_type="multi_label_classification"), ["several"]),
        (folder("BertForSequenceClassification", problem_type="single_label_classification"), ["text"]),
        (folder("BertForMaskedLM"), ["mask"]),
        (folder("BertModel"), []),
    ],
)
def test_a_folder_is_taken_for_what_its_config_says(files: ModelFolder, chosen: list[str]) -> None:
    """By the class of its head, and by the kind of question that it answers."""
    assert [spec.name for spec in for_folder(ALL, files)] == chosen


def model(kind: str = "BertModel", task: str | None = None) -> LoadedModel:
    """A model of transformers' own class, of which nobody asks anything but that."""
    import transformers

    made: Any = object.__new__(getattr(transformers, kind))
    return LoadedModel(folder(), made, None, task=task)


@pytest.mark.parametrize(
    ("fits", "chosen"),
    [
        ((TEXT, MASK, WRITER), ["text"]),
        ((TEXT, MARKED, MASK), ["marked"]),
        ((TEXT, PAIR), ["pair"]),
        ((MASK, WRITER), ["mask"]),
        ((STRANGER, MASK), ["stranger"]),
        ((STRANGER, TEXT), ["text"]),
        ((TEXT, NUMBER), ["text", "number"]),
        ((), []),
    ],
    ids=lambda value: " ".join(getattr(item, "name", item) for item in value),
)
def test_data_is_for_what_makes_most_of_it(fits: tuple[TaskSpec, ...], chosen: list[str]) -> None:
    found = for_training((TEXT, NUMBER), model("BertModel", "number"), lambda _spec: True)
    found = for_training(fits, model(), lambda spec: spec is not STRANGER)
    assert [spec.name for spec in found] == chosen


def test_a_head_that_a_model_cannot_have_is_no_choice() -> None:
    """A Llama writes, and has no masks to fill."""
    found = for_training((MASK, WRITER), model("LlamaModel"), lambda _spec: True)
    assert [spec.name for spec in found] == ["writer"]


@pytest.mark.parametrize(("kind", "wanted"), [("bert", "finds"), ("gpt2", "writes")])
def test_texts_alone_are_for_what_a_kind_is_pretrained_for(kind: str, wanted: str) -> None:
    """BERT could write as well, and nobody would have it do so."""
    finds = spec("finds", Role.text(), heads=("ForPreTraining", "ForMaskedLM"))
    writes = spec("writes", Role.text(target=True), heads=("ForCausalLM", "LMHeadModel"))
    base = model()  # its module has both heads
    base.files = replace(base.files, model_type=kind)
    found = for_training((writes, finds), base, lambda _spec: True)
    assert [spec.name for spec in found] == [wanted]


def test_a_models_own_task_goes_before_its_equals() -> None:
    """A model that was trained for numbers goes on with numbers, where the data would do for labels too."""
    found = for_training((TEXT, NUMBER), model("BertForSequenceClassification", "number"), lambda _spec: True)
    assert [spec.name for spec in found] == ["number"]


def test_a_models_own_task_may_be_a_strangers() -> None:
    """A model that somebody's plugin trained goes on with that, though ours would do for the data."""
    silent = replace(STRANGER, architectures=())  # its heads are known by their folders alone
    for theirs in (STRANGER, silent):
        found = for_training((TEXT, theirs), model("BertModel", "stranger"), lambda spec: spec is TEXT)
        assert [spec.name for spec in found] == ["stranger"]


def test_a_models_own_task_is_left_for_data_that_says_more() -> None:
    """Most models of the Hub hold a head for masks, and are trained for labels."""
    found = for_training((TEXT, MASK), model("BertForMaskedLM", "mask"), lambda _spec: True)
    assert [spec.name for spec in found] == ["text"]
