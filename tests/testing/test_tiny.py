"""Tiny models and data: for any roles that the kit knows, the same each time, and learnt at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import Role, TaskSpec, hookimpl
from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome
from hfshell.testing.subject import plain
from hfshell.testing.tiny_data import ROWS, CannotMakeError, tiny_data
from hfshell.testing.tiny_heads import write_tiny_head
from hfshell.testing.tiny_models import name_of_a_model
from tests.testing import heads
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


def test_tags_go_with_tokens() -> None:
    """There is one tag a token, the same for the same word, and not the same for all."""
    data = tiny_data(spec(Role.tokens(), Role.tags()))
    tags_of: dict[str, set[str]] = {}
    for row in data.train:
        for token, tag in zip(row["tokens"], row["tags"], strict=True):
            tags_of.setdefault(token, set()).add(tag)
    assert {len(tags) for tags in tags_of.values()} == {1}
    assert set.union(*tags_of.values()) == {"O", "B-account", "B-billing", "B-delivery"}


@pytest.mark.parametrize(
    "roles",
    [
        (Role("spans", "spans", target=True), Role.text(name="question"), Role.text(name="context")),
        (Role.text(name="context"), Role.label(), Role("spans", "spans", target=True)),
    ],
)
def test_spans_lie_in_the_last_text(roles: tuple[Role, ...]) -> None:
    """Wherever the roles stand, a span's offsets cut its words out of the text."""
    data = tiny_data(spec(*roles))
    found = [(row["context"], span) for row in data.train for span in row["spans"]]
    assert len(found) > ROWS
    assert all(context[span["start"] : span["end"]] == span["text"] for context, span in found)


def test_answers_stand_in_their_context() -> None:
    """Where it is is what is learnt; a row without an answer says so."""
    data = tiny_data(spec(Role.answers(), Role.text(name="context"), Role.text(name="question")))
    found = [row["answers"] for row in data.train]
    for row, answers in zip(data.train, found, strict=True):
        for text, start in zip(answers["text"], answers["answer_start"], strict=True):
            assert row["context"][start:].startswith(text)
    assert {len(answers["text"]) for answers in found} == {0, 1}


def test_texts_have_the_marks_that_they_must_have() -> None:
    """Around words, as people who mark them do."""
    data = tiny_data(spec(Role.text(containing=("<e1>", "<e2>"))))
    assert all(re.match(r"<e1>\w+</e1> <e2>\w+</e2> ", row["text"]) for row in data.train)


def test_what_is_to_be_chosen_is_among_the_choices() -> None:
    """So it is with what an assistant answers, and a text that is to be written: they follow from words."""
    learnt = Role("summary", "text", target=True)
    index = Role.index(name="right")
    roles = (Role.text(), Role.choices(), Role.label(), index, Role.messages(name="chat"), learnt)
    for row in tiny_data(spec(*roles)).train:
        assert row["choices"][row["right"]] == row["label"]
        assert row["label"] in row["summary"].split(" and ")
        assert [said["role"] for said in row["chat"]] == ["user", "assistant"]
        assert row["chat"][1]["content"] == row["summary"]


def test_rows_of_all_kinds_are_read_as_they_were_made(
    plugin_host: PluginHost, run_hfsh: Run, hf_session: Any, tiny_dataset: Callable[[str], Path]
) -> None:
    """What the kit writes into a file is what a task sees of it."""
    roles = (
        Role.text(name="context"), Role.tokens(), Role.tags(), Role.choices(), Role.index(), Role.answers(),
        Role.messages(), Role.texts(), Role.number(), Role("spans", "spans"),
    )  # fmt: skip
    plugin_host.use(heads.declaring("number", roles), "number")
    run_hfsh("param file\nd = data $file --validation 0 --test 0", file=tiny_dataset("number")).assert_ok()
    seen = hf_session.names.get("d").value.for_task(roles).train
    assert plain([dict(row) for row in seen]) == tiny_data(plugin_host.task("number")).train


def test_role_that_the_kit_does_not_know_is_said() -> None:
    """The author is told what to override; a role that is not required is left out."""
    picture: Any = "picture"
    with pytest.raises(CannotMakeError, match="no picture for the role photo") as caught:
        tiny_data(spec(Role.text(), Role("photo", picture)))
    assert "`dataset`" in str(caught.value.hint)
    optional = spec(Role.text(), Role("photo", picture, required=False))
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

    plugin_host.use(heads.declaring(kind, roles), kind)
    config = transformers.AutoConfig.from_pretrained(tiny_model(kind))
    assert config.architectures == [f"BertFor{auto}"]
    assert (config.problem_type, config.num_labels) == (problem, outputs)


HEADS = ("SequenceClassification", "TokenClassification", "QuestionAnswering", "MultipleChoice", "MaskedLM")


def head(auto: str) -> Any:
    """A head of some class, without labels, as the kit makes models of it."""
    return SimpleNamespace(
        auto_class=auto,
        problem_type=None,
        name="any",
        plugin=None,
        target_role=None,
        head_labels=lambda _: (),
    )


@pytest.mark.parametrize("auto", ["AutoModel", *(f"AutoModelFor{name}" for name in HEADS)])
def test_head_of_any_class_is_made(tmp_path: Path, auto: str) -> None:
    """Transformers reads all of its weights, and its tokenizer; two texts get two answers."""
    import transformers

    folder = write_tiny_head(head(auto), tiny_data(spec(Role.text())), tmp_path / "model")
    kind = getattr(transformers, auto)
    module, report = kind.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"]
    words = transformers.AutoTokenizer.from_pretrained(folder)
    given = words(["my card was charged", "where is the parcel"], return_tensors="pt", padding=True)
    if auto == "AutoModelForMultipleChoice":
        given = {name: value[:, None] for name, value in given.items()}
    one, other = module.eval()(**given)[0]
    assert not one.allclose(other, atol=0.01)


@pytest.mark.parametrize("auto", ["AutoModelForCausalLM", "AutoModelForSeq2SeqLM"])
def test_model_that_writes_writes_and_ends(tmp_path: Path, auto: str) -> None:
    """It writes what the text asks for, each its own, is padded on the right side, and knows its end."""
    import transformers

    folder = write_tiny_head(head(auto), tiny_data(spec(Role.text())), tmp_path / "model")
    module = getattr(transformers, auto).from_pretrained(folder)
    words = transformers.AutoTokenizer.from_pretrained(folder)
    texts = ["my card was charged twice", "where is the parcel"]
    given = words(texts, return_tensors="pt", padding=True)
    written = words.batch_decode(module.generate(**given, max_new_tokens=8, do_sample=False))
    assert len({text.removeprefix(words.pad_token) for text in written}) == 2
    ends = module.generation_config.eos_token_id, module.generation_config.pad_token_id
    assert ends == (words.eos_token_id, words.pad_token_id)
    assert words.padding_side == ("left" if "Causal" in auto else "right")
    assert words.decode(words(texts[0])["input_ids"], skip_special_tokens=True) == texts[0]


def test_number_lies_around_those_of_the_data(tmp_path: Path) -> None:
    """A task that keeps numbers within bounds would give the bound for all rows."""
    import transformers

    data = tiny_data(spec(Role.text(), Role.number()))
    number: Any = head("AutoModelForSequenceClassification")
    number.problem_type, number.target_role, number.head_labels = "regression", "score", lambda _: ("score",)
    number.targets = lambda values, _view: values
    module = transformers.AutoModelForSequenceClassification.from_pretrained(
        write_tiny_head(number, data, tmp_path / "model")
    )
    wanted = sum(row["score"] for row in data.train) / len(data.train)
    assert module.classifier.bias.tolist() == pytest.approx([wanted])
    number.targets = lambda values, _view: [value / 10 for value in values]
    module = transformers.AutoModelForSequenceClassification.from_pretrained(
        write_tiny_head(number, data, tmp_path / "scaled")
    )
    assert module.classifier.bias.tolist() == pytest.approx([wanted / 10]), "what is learnt, not what is read"


def test_head_that_the_kit_lacks_is_said(plugin_host: PluginHost, tiny_model: Callable[[str], Path]) -> None:
    """The author is told what to override."""
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
