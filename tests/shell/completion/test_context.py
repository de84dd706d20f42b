"""Where the cursor stands, as a table: text before it → what could stand there."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.api.options import option_fields
from hfshell.commands.table import BUILT_IN, CommandTable
from hfshell.language import Word
from hfshell.plugin_host import PluginHost
from hfshell.shell.completion.context import completing
from hfshell.shell.completion.suggestions import (
    Command,
    Completing,
    Declared,
    OptionName,
    OptionValue,
    ScriptParameter,
)

COMMANDS = CommandTable(PluginHost(third_party=False))


def find(name: str, _: Sequence[Word] = ()) -> Declared | None:
    """Find a built-in command, without what tasks add."""
    if name not in BUILT_IN:
        return None
    spec = COMMANDS.get(name)
    return Declared(spec, option_fields(spec.options))


def at(before: str) -> Completing | None:
    """Say what could stand at the `|`, or at the end of a text."""
    text, _, after = before.partition("|")
    return completing(text + after, len(text), find)


def kinds(before: str) -> list[str]:
    """Name what could stand there: the suggestion, with the field or file that it is about."""
    found = at(before)
    return [] if found is None else [_named(suggestion) for suggestion in found.wanted]


def _named(suggestion: object) -> str:
    name = type(suggestion).__name__
    if isinstance(suggestion, OptionValue):
        return f"{name} {suggestion.field.name}"
    if isinstance(suggestion, ScriptParameter):
        return f"{name} {suggestion.file}"
    return name


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("", ["Command"]),
        ("fine", ["Command"]),
        ("- fine", ["Command"]),
        ("-fine", ["Command"]),
        ("x = ", ["Command"]),
        ("x = fine", ["Command"]),
        ("models\nfine", ["Command"]),
        ("finetune ", ["OptionValue model"]),
        ("finetune ba", ["OptionValue model"]),
        ("r = finetune base ", ["OptionValue data", "OptionName"]),
        ("finetune base tick", ["OptionValue data"]),
        ("finetune base tickets ", ["OptionName"]),
        ("finetune base tickets --ep", ["OptionName"]),
        ("finetune base tickets --epochs ", ["OptionValue epochs"]),
        ("finetune base tickets --epochs=", ["OptionValue epochs"]),
        ("finetune base tickets --epochs 3 ", ["OptionName"]),
        ("finetune --epochs 3 ", ["OptionValue model"]),
        ("finetune base tickets --resume ", ["OptionValue resume", "OptionName"]),
        ("finetune base tickets --resume 7f", ["OptionValue resume"]),
        ("load minilm --dtype bf", ["OptionValue dtype"]),
        ("data --no-dedup ", ["OptionValue sources"]),
        ("data a.csv ", ["OptionValue sources", "OptionName"]),
        ("data train=ex", ["OptionValue sources"]),
        ("data 'a b.csv' test=", ["OptionValue sources"]),
        ("predict router ", ["OptionValue inputs", "OptionName"]),
        ("models > ", ["File"]),
        ("models > out", ["File"]),
        ("predict router tickets.test >> out", ["File"]),
        ("echo $", ["Reference"]),
        ("echo $ev.ac", ["Reference"]),
        ('echo "was ${ev', ["Reference"]),
        ("echo ${env:HO", ["Reference"]),
        ("echo 'was $ev", []),
        ("echo wo", []),
        ("let lr = ", []),
        ("expect ", ["Comparable"]),
        ("expect ev.acc", ["Comparable"]),
        ("expect ev.accuracy ", ["Operator"]),
        ("expect ev.accuracy >", ["Operator"]),
        ("expect ev.accuracy >= ", ["Comparable"]),
        ("expect ev.accuracy >= ba", ["Comparable"]),
        ("expect ev.accuracy >= base.accuracy ", []),
        ("source train.hfsh ", ["ScriptParameter train.hfsh"]),
        ("check train.hfsh a=1 ep", ["ScriptParameter train.hfsh"]),
        ("# a comm", []),
        ("models # why", []),
        ("predict router <<END\nsome te", []),
        ("nonsense ", []),
        ("help ", ["OptionValue words"]),
        ("help fine", ["OptionValue words"]),
        ("help finetune ", ["OptionName"]),
        ("help finetune --ep", ["OptionName"]),
        ("help nonsense ", []),
        ("ev| router tickets", ["Command"]),
        ("eval | tickets", ["OptionValue model"]),
        ("eval router tic|kets --limit 3", ["OptionValue data"]),
        ("eval router --limit | tickets", ["OptionValue limit"]),
        ("predict router 'some te|xt'", ["OptionValue inputs"]),
        ("models\neval ro|\nmodels", ["OptionValue model"]),
        ("models\n| router", ["Command"]),
    ],
)
def test_what_could_stand_there(before: str, expected: list[str]) -> None:
    """Each place in a line offers what belongs there, and nothing else."""
    assert kinds(before) == expected


@pytest.mark.parametrize(
    ("before", "start", "typed"),
    [
        ("x = fine", 4, "fine"),
        ("data train=ex", 11, "ex"),
        ("load minilm --dtype=bf", 20, "bf"),
        ("load 'my mo", 5, "my mo"),
        (r"load my\ mo", 5, "my mo"),
        ("echo $ev.ac", 6, "ev.ac"),
        ("echo ${ev.ac", 7, "ev.ac"),
        ("finetune ", 9, ""),
    ],
)
def test_what_is_replaced(before: str, start: int, typed: str) -> None:
    """An insertion replaces the word that was begun, from its first character on."""
    found = at(before)
    assert found is not None
    assert (found.start, found.typed) == (start, typed)


@pytest.mark.parametrize(
    ("before", "closing"), [("echo $ev", ""), ("echo ${ev", "}"), ("finetune ba", " "), ("fine", " ")]
)
def test_what_closes_a_word(before: str, closing: str) -> None:
    """A reference in braces is closed by a brace, a word by a space."""
    found = at(before)
    assert found is not None
    assert found.closing == closing


def test_options_given_are_not_offered_again() -> None:
    """What was given once is left out, unless it may be given often."""
    found = at("finetune base tickets --epochs 3 --allow labels --")
    assert found is not None
    (names,) = found.wanted
    assert isinstance(names, OptionName)
    flags = {item.flag for item in names.fields}
    assert "--epochs" not in flags
    assert {"--allow", "--learning-rate"} <= flags


def test_options_behind_the_cursor_are_given_too() -> None:
    """In the middle of a line, what stands behind the cursor is not offered again either."""
    found = at("finetune base tickets --| --epochs 3")
    assert found is not None
    (names,) = found.wanted
    assert isinstance(names, OptionName)
    assert "--epochs" not in {item.flag for item in names.fields}


def test_values_know_the_other_words_of_their_line() -> None:
    """Labels are those of the model and the data on the line, on whichever side of the cursor."""
    found = at("eval router --label-map a=| tickets.test --task=fill-mask --allow x --allow y")
    assert found is not None
    (value,) = found.wanted
    assert isinstance(value, OptionValue)
    assert value.spec.name == "eval"
    assert value.beside == {
        "model": ("router",), "data": ("tickets.test",), "task": ("fill-mask",), "allow": ("x", "y"),
    }  # fmt: skip


@pytest.mark.parametrize(("before", "binding"), [("fine", False), ("r = fine", True), ("r = ", True)])
def test_what_a_name_waits_for(before: str, binding: bool) -> None:
    """Behind `NAME =` only commands are of use that give something."""
    found = at(before)
    assert found is not None
    assert found.wanted == (Command(binding),)


@given(st.text(alphabet="finetune bas=-$'\"{}<>|.\\\n #_:", max_size=30))
def test_no_text_is_too_odd(text: str) -> None:
    """Whatever is typed, the answer points into the text."""
    found = at(text)
    assert found is None or 0 <= found.start <= len(text)
