"""Declarations are held against the contract, and survive being kept in a file."""

from __future__ import annotations

import json
from dataclasses import dataclass, make_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api import (
    CommandSpec,
    DataFormatSpec,
    MetricSpec,
    ModelSourceSpec,
    RendererSpec,
    Role,
    TaskSpec,
    argument,
    option,
)
from hfshell.api.options import option_fields
from hfshell.errors import PluginError
from hfshell.plugin_host.declarations import Declarations, checked
from hfshell.plugin_host.option_types import as_declared, describe, rebuild


@dataclass(frozen=True)
class PredictOptions:
    """What predict takes."""

    threshold: float = option(0.5, "From where on", minimum=0, maximum=1)
    kinds: tuple[str, ...] = option((), "Which ones", choices=("insult", "threat"))
    name: str | None = option(None, "A name", complete="text", metavar="NAME")
    loud: bool = option(False, "Whether to shout")


@dataclass(frozen=True)
class PublishOptions:
    """What publish takes."""

    model: str = argument("A model", complete="model", metavar="MODEL")
    top_k: int = option(3, "How many", minimum=1)


@dataclass
class Mutable:
    """Not frozen."""

    top_k: int = option(3, "How many")


@dataclass(frozen=True)
class Undeclared:
    """A plain field."""

    top_k: int = 3


TASK = TaskSpec(
    name="toxicity",
    summary="How toxic a comment is",
    target="hfshell_toxicity.task:Toxicity",
    roles=(Role.text("comment"), Role.labels()),
    metrics=("macro_f1",),
    options={"predict": PredictOptions},
    schemes=("tox",),
    examples=("predict m x",),
)
COMMAND = CommandSpec(
    name="publish", summary="Publish", options=PublishOptions, target="a.b:c", examples=(("publish m", "it"),)
)
OTHERS = {
    "hfshell_model_sources": ModelSourceSpec("shelf", "A shelf", "a:b", names=("x",)),
    "hfshell_data_formats": DataFormatSpec("conllu", "Treebanks", (".conllu", ".conllu.gz"), "a:b"),
    "hfshell_metrics": MetricSpec("kappa", "Agreement", "a:b", minimum=-1, maximum=1),
    "hfshell_renderers": RendererSpec("predictions", "a:b", task="toxicity"),
}


def round_trip(declarations: Declarations) -> Declarations:
    """Through a file and back."""
    return Declarations.from_dict(json.loads(json.dumps(declarations.to_dict())))


@pytest.mark.parametrize(("hook", "spec"), OTHERS.items())
def test_plain_declarations_survive_a_file(hook: str, spec: object) -> None:
    """What was declared is what is read back."""
    assert round_trip(Declarations(checked(hook, [spec]))).specs == (spec,)


def test_task_survives_a_file() -> None:
    """So does a task; its options have stand-ins with the same fields."""
    (before,) = checked("hfshell_tasks", [TASK])
    (after,) = round_trip(Declarations((before,))).of(TaskSpec)
    assert replace(after, options={}) == replace(TASK, options={})
    stand_in = after.options["predict"]
    assert option_fields(stand_in) == option_fields(PredictOptions)
    assert stand_in() != PredictOptions()


def test_command_survives_a_file() -> None:
    """And a command, with what must be given."""
    (before,) = checked("hfshell_commands", [COMMAND])
    (after,) = round_trip(Declarations((before,))).of(CommandSpec)
    assert replace(after, options=object) == replace(COMMAND, options=object)
    assert [(field.flag, field.required) for field in option_fields(after.options)] == [
        ("MODEL", True),
        ("--top-k", False),
    ]


def test_a_task_that_learns_from_its_texts_needs_no_target() -> None:
    """It says so, and then an author who forgot the target is told all the same."""
    (spec,) = checked("hfshell_tasks", [replace(TASK, roles=(Role.text(),), self_supervised=True)])
    assert isinstance(spec, TaskSpec)
    assert spec.target_role is None


def test_lists_are_taken_for_tuples() -> None:
    """A list where a tuple is declared is what many will write, and does no harm."""
    (spec,) = checked("hfshell_tasks", [replace(TASK, roles=[Role.text(), Role.label()], examples=["x"])])  # type: ignore[arg-type]
    assert isinstance(spec, TaskSpec)
    assert (spec.roles[0].name, spec.examples) == ("text", ("x",))


@pytest.mark.parametrize(
    ("hook", "spec", "said"),
    [
        ("hfshell_tasks", replace(TASK, name="Toxic Task"), "name is lower-case words"),
        (
            "hfshell_tasks",
            replace(TASK, target="hfshell_toxicity.task"),
            "target is package.module:attribute",
        ),
        ("hfshell_tasks", replace(TASK, summary=""), "summary is one line"),
        ("hfshell_tasks", replace(TASK, summary=7), "summary: expected str, got int"),
        ("hfshell_tasks", replace(TASK, options={"predicts": PredictOptions}), "no verb 'predicts'"),
        ("hfshell_tasks", replace(TASK, options={"predict": Mutable}), "not frozen"),
        ("hfshell_tasks", replace(TASK, options={"predict": Undeclared}), "not declared with option()"),
        ("hfshell_tasks", replace(TASK, options={"predict": PublishOptions}), "is an argument"),
        ("hfshell_tasks", replace(TASK, capabilities=frozenset({"explain"})), "capabilities"),
        ("hfshell_tasks", replace(TASK, capabilities=frozenset({"load"})), "predicts, or evaluates"),
        ("hfshell_tasks", replace(TASK, roles=(Role.text(),)), "none has target=True"),
        ("hfshell_tasks", replace(TASK, roles=(Role.text(),)), "add Role.label()"),
        ("hfshell_tasks", replace(TASK, metrics="macro_f1"), 'a tuple is wanted: write ("macro_f1",)'),
        ("hfshell_tasks", replace(TASK, roles=(Role("text", "txt"),)), "no kind 'txt'; there is text, label"),
        (
            "hfshell_tasks",
            replace(TASK, options={"predict": PredictOptions()}),
            "PredictOptions() is an instance: write PredictOptions",
        ),
        ("hfshell_tasks", replace(TASK, roles=(Role.text(), Role.text())), "text stands twice"),
        ("hfshell_tasks", replace(TASK, schemes=("hub",)), "schemes: 'hub'"),
        ("hfshell_tasks", replace(TASK, schemes=("starter",)), "schemes: 'starter'"),
        ("hfshell_model_sources", replace(OTHERS["hfshell_model_sources"], scheme="run"), "hfshell's own"),
        ("hfshell_model_sources", replace(OTHERS["hfshell_model_sources"], scheme="hub"), "hfshell's own"),
        ("hfshell_model_sources", replace(OTHERS["hfshell_model_sources"], scheme="new"), "hfshell's own"),
        ("hfshell_tasks", replace(TASK, api=2), "written for API 2"),
        ("hfshell_commands", replace(COMMAND, where="local"), "runs in the kernel"),
        ("hfshell_commands", replace(COMMAND, binds="model"), "binds a result or nothing"),
        ("hfshell_data_formats", replace(OTHERS["hfshell_data_formats"], endings=("conllu",)), "no ending"),
        ("hfshell_data_formats", replace(OTHERS["hfshell_data_formats"], endings=()), "at least one"),
        ("hfshell_metrics", TASK, "not a MetricSpec"),
    ],
)
def test_faults_name_the_field_and_the_fix(hook: str, spec: object, said: str) -> None:
    """Everything that an author can get wrong has an error that says where and what."""
    with pytest.raises(PluginError) as caught:
        checked(hook, [spec])
    assert said in caught.value.message


class Derived(str):
    """Text, but not plain text."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("kind", "declared", "said"),
    [
        (int, option(5, "h", maximum=3), "outside its range"),
        (float, option(-1, "h", minimum=0), "outside its range"),
        (str, option("c", "h", choices=("a", "b")), "none of its choices"),
        (tuple[str, ...], option(("a", "c"), "h", choices=("a", "b")), "none of its choices"),
        (int, option("three", "h"), "'three' is no int"),
        (int, option(None, "h"), "None is no int"),
        (int, option(True, "h"), "True is no int"),
        (str, option(Derived("a"), "h"), "is no str"),
        (str, option(b"a", "h"), "is no str"),
        (tuple[str, ...], option("abc", "h"), "is no tuple"),
        (tuple[int, int], option((1, 2), "h"), "of any length"),
        (int, option(1, "h", minimum=3, maximum=2), "above its maximum"),
        (int, option(1, "h", minimum="0"), "are numbers"),  # type: ignore[arg-type]
        (int, option(1, "h", choices=("1", "2")), "choices are for text"),
        (int, option(1, 7), "help is one line of text"),  # type: ignore[arg-type]
        (int, option(1, "a\nb"), "help is one line of text"),
        (str, option("", "h", complete="colour"), "there is no 'colour'"),  # type: ignore[arg-type]
        (str, option("", "h", metavar=7), "metavar is text"),  # type: ignore[arg-type]
        (str, option("", "a\x1b[2Jb"), "control character, U+001B"),
    ],
)
def test_an_option_that_would_fail_for_everybody_is_refused(kind: Any, declared: Any, said: str) -> None:
    """An option that cannot take its own default costs its plugin, not each line with the command."""
    options = make_dataclass("Options", [("a", kind, declared)], frozen=True)
    for hook, spec in (
        ("hfshell_tasks", replace(TASK, options={"predict": options})),
        ("hfshell_commands", replace(COMMAND, options=options)),
    ):
        with pytest.raises(PluginError) as caught:
            checked(hook, [spec])
        assert said in caught.value.message


def test_an_option_of_no_public_name_is_refused() -> None:
    """`_hidden` would be typed `---hidden`."""
    options = make_dataclass("Options", [("_hidden", int, option(1, "h"))], frozen=True)
    with pytest.raises(PluginError, match="begins with _"):
        checked("hfshell_tasks", [replace(TASK, options={"predict": options})])


@pytest.mark.parametrize("hidden", ["\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\u2028", "\ue000"])
@pytest.mark.parametrize(
    ("hook", "spec", "where"),
    [
        ("hfshell_tasks", replace(TASK, summary="How {}"), "summary"),
        ("hfshell_tasks", replace(TASK, examples=("predict {}",)), "examples"),
        ("hfshell_tasks", replace(TASK, roles=(Role.text("co{}"), Role.label())), "roles.synonyms"),
        ("hfshell_tasks", replace(TASK, schemes=("a{}",)), "schemes"),
        ("hfshell_commands", replace(COMMAND, name="pub{}"), "name"),
        ("hfshell_commands", replace(COMMAND, description="A\nparagraph {}"), "description"),
        ("hfshell_model_sources", ModelSourceSpec("shelf", "A", "a:b", names=("x{}",)), "names"),
        ("hfshell_model_sources", ModelSourceSpec("sh{}", "A", "a:b"), "scheme"),
        ("hfshell_renderers", RendererSpec("pre{}", "a:b"), "kind"),
    ],
)
def test_what_cannot_be_seen_is_refused(hook: str, spec: Any, where: str, hidden: str) -> None:
    """No text of a plugin steers the terminal or hides what it says, wherever it will be shown."""
    with pytest.raises(PluginError) as caught:
        checked(hook, [filled_in(spec, where.partition(".")[0], hidden)])
    assert f"{where} holds a control character, U+{ord(hidden):04X}" in caught.value.message
    assert hidden not in caught.value.message


def filled_in(spec: Any, field: str, hidden: str) -> Any:
    """Put the character where the braces are."""
    value = getattr(spec, field)
    if isinstance(value, str):
        filled: Any = value.format(hidden)
    elif field == "roles":
        filled = (Role.text(value[0].synonyms[0].format(hidden)), *value[1:])
    else:
        filled = tuple(text.format(hidden) for text in value)
    return replace(spec, **{field: filled})


def test_what_people_write_is_printable() -> None:
    """Emoji, accents and Persian joiners are text like any other; a paragraph has lines."""
    spec = replace(COMMAND, summary="Veröffentlicht 👩\u200d💻 می\u200cخواهم", description="One.\nTwo.")
    assert checked("hfshell_commands", [spec]) == (spec,)


@pytest.mark.parametrize("returned", [None, 42, "text", TASK, {"a": TASK}])
def test_what_is_no_list_is_refused(returned: object) -> None:
    """A hook that forgot its return, or its brackets, says so."""
    with pytest.raises(PluginError, match="hfshell_tasks returned") as caught:
        checked("hfshell_tasks", returned)
    assert caught.value.hint == "return a list: [TaskSpec(…)]"


def test_endless_declarations_end() -> None:
    """A generator that never ends does not take us with it."""
    with pytest.raises(PluginError, match="more than 1,000"):
        checked("hfshell_metrics", iter(lambda: OTHERS["hfshell_metrics"], None))


@given(threshold=st.floats(0, 1), loud=st.booleans(), name=st.none() | st.text())
def test_values_reach_the_plugins_own_class(threshold: float, loud: bool, name: str | None) -> None:
    """What was parsed into a stand-in arrives as an instance of the author's class."""
    stand_in = rebuild(json.loads(json.dumps(describe(PredictOptions))))
    given_values = stand_in(threshold=threshold, loud=loud, name=name)
    assert as_declared(stand_in, given_values) == PredictOptions(threshold=threshold, loud=loud, name=name)


def test_what_another_task_adds_is_left_out() -> None:
    """Options of several tasks may be parsed together; each gets its own."""
    assert as_declared(PredictOptions, PublishOptions("m", top_k=7)) == PredictOptions()
    assert as_declared(PredictOptions, None) == PredictOptions()


@pytest.mark.parametrize("field", ["roles", "metrics", "architectures", "examples", "capabilities"])
def test_what_can_be_read_once_only_is_refused_by_its_field(field: str) -> None:
    """A generator would be used up by the first who reads it; the author is told where it stands."""
    values: Any = {field: iter(getattr(TASK, field))}
    with pytest.raises(PluginError, match=rf"{field}: an? \w+ can be read once only: write a tuple"):
        checked("hfshell_tasks", [replace(TASK, **values)])
    given: Any = list(getattr(TASK, field))
    if field != "capabilities":
        assert checked("hfshell_tasks", [replace(TASK, **{field: given})]) == (TASK,)
    assert checked("hfshell_tasks", iter([TASK])) == (TASK,)
