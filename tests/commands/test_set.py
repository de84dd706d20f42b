"""`set`, `alias` and `unalias`: what they show, change and save, and how mistakes are answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api.results import AliasTable, SettingShown, SettingTable
from hfshell.commands.alias import AliasOptions, set_alias
from hfshell.commands.set import SetOptions, set_value
from hfshell.commands.table import BUILT_IN
from hfshell.commands.unalias import UnaliasOptions, forget_aliases
from hfshell.errors import UsageError
from hfshell.settings import DECLARATIONS
from hfshell.settings.preferences import Preferences


@dataclass(frozen=True)
class Context:
    """As much of a shell as these commands ask for."""

    preferences: Preferences
    commands: Any = field(default_factory=lambda: SimpleNamespace(names=lambda: BUILT_IN))


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A shell with nothing chosen yet."""
    return Context(Preferences(tmp_path, at_prompt=True, environ={}))


def test_all_settings_are_shown(context: Context) -> None:
    """Each with its default and who chose it."""
    context.preferences.change("seed", "7")
    table = set_value(context, SetOptions())
    assert isinstance(table, SettingTable)
    rows = {row.name: row for row in table.settings}
    assert tuple(rows) == tuple(DECLARATIONS)
    assert (rows["seed"].value, rows["seed"].default, rows["seed"].origin) == ("7", "42", "set")
    assert rows["memory"].origin == "default"


def test_one_setting_is_explained(context: Context) -> None:
    """What it does and may be stands in the result, and nothing changes."""
    shown = set_value(context, SetOptions("theme"))
    assert isinstance(shown, SettingShown)
    assert (shown.value, shown.wanted, shown.changed) == ("auto", "auto, dark or light", False)


def test_setting_is_changed_and_taken_back(context: Context) -> None:
    """`default` undoes what `set` said."""
    assert set_value(context, SetOptions("seed", "7")).fields()["value"] == "7"
    shown = set_value(context, SetOptions("seed", "default"))
    assert (shown.fields()["value"], shown.fields()["origin"]) == ("42", "default")
    assert context.preferences.now.seed == 42


def test_default_gives_the_file_its_say_again(tmp_path: Path) -> None:
    """What the user's file says is what a session begins with."""
    (tmp_path / "config.toml").write_text("[settings]\nseed = 5\n")
    context = Context(Preferences(tmp_path, environ={}))
    set_value(context, SetOptions("seed", "7"))
    shown = set_value(context, SetOptions("seed", "default"))
    assert (shown.fields()["value"], shown.fields()["origin"]) == ("5", "config.toml")


def test_setting_is_saved(context: Context, tmp_path: Path) -> None:
    """`--save` changes here and in the file, and says where."""
    set_value(context, SetOptions("theme", "light", save=True))
    assert context.preferences.configuration.origin("theme") == "config.toml"
    again = Preferences(tmp_path, environ={})
    assert (again.now.theme, again.problems) == ("light", ())


def test_saved_without_a_value_keeps_the_present_one(context: Context, tmp_path: Path) -> None:
    """What was tried is kept."""
    set_value(context, SetOptions("bell", "30"))
    set_value(context, SetOptions("bell", save=True))
    assert Preferences(tmp_path, environ={}).now.bell == 30


def test_saved_default_takes_it_out_of_the_file(context: Context, tmp_path: Path) -> None:
    """`set --save NAME default` is as if nobody had said anything."""
    set_value(context, SetOptions("seed", "7", save=True))
    set_value(context, SetOptions("seed", "default", save=True))
    assert Preferences(tmp_path, environ={}).now.seed == 42
    assert context.preferences.configuration.origin("seed") == "default"


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (SetOptions("them"), "no setting them", "theme"),
        (SetOptions("theme", "drak"), "drak is no value for theme", "dark"),
        (SetOptions(save=True), "--save wants a setting", "set --save"),
        (SetOptions("seed", "x", save=True), "x is no value for seed", "whole number"),
    ],
)
def test_mistake_is_answered(
    context: Context, tmp_path: Path, options: SetOptions, message: str, hint: str
) -> None:
    """What was wrong, and what would do; nothing is written."""
    with pytest.raises(UsageError, match=message) as caught:
        set_value(context, options)
    assert hint in str(caught.value.hint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("ev", "=", "eval", "router"), "eval router"),
        (("ev=eval", "router"), "eval router"),
        (("ev=", "eval"), "eval"),
        (("ev", "=eval"), "eval"),
        (("ev", "=", "predict r 'a b' | less"), "predict r 'a b' | less"),
        (("ev", "=", "eval", "a b", "--name=a b"), "eval 'a b' --name='a b'"),
        (("ev", "=", "set", "--save", "seed", "1"), "set --save seed 1"),
    ],
)
def test_alias_keeps_its_words(context: Context, words: tuple[str, ...], line: str) -> None:
    """One quoted word is a line; several are quoted again where they need it."""
    table = set_alias(context, AliasOptions(words))
    assert [(row.name, row.line) for row in table.aliases] == [("ev", line)]
    assert context.preferences.aliases == {"ev": line}


def test_aliases_are_shown_and_forgotten(context: Context) -> None:
    """All, one, and none any more."""
    set_alias(context, AliasOptions(("ev", "=", "eval")))
    set_alias(context, AliasOptions(("a", "=", "models")))
    assert [row.name for row in set_alias(context, AliasOptions(())).aliases] == ["a", "ev"]
    assert [row.line for row in set_alias(context, AliasOptions(("a",))).aliases] == ["models"]
    gone = forget_aliases(context, UnaliasOptions(("a", "ev")))
    assert isinstance(gone, AliasTable)
    assert gone.removed
    assert context.preferences.aliases == {}


def test_alias_is_saved_and_taken_out(context: Context, tmp_path: Path) -> None:
    """The next prompt knows it, until it is forgotten for good."""
    assert set_alias(context, AliasOptions(("--save", "ev", "=", "eval"))).saved
    assert Preferences(tmp_path, environ={}).aliases == {"ev": "eval"}
    forget_aliases(context, UnaliasOptions(("ev",)))
    assert Preferences(tmp_path, environ={}).aliases == {"ev": "eval"}
    set_alias(context, AliasOptions(("ev", "=", "eval")))
    forget_aliases(context, UnaliasOptions(("ev",), save=True))
    assert Preferences(tmp_path, environ={}).aliases == {}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ev",), "no alias ev"),
        (("ev", "="), "stands for nothing"),
        (("ev", "eval", "router"), "this is not alias"),
        (("models", "=", "load"), "models is a command"),
        (("a b", "=", "load"), "cannot be an alias"),
        (("x", "=", "echo 'a"), "inside a quote"),
    ],
)
def test_alias_that_cannot_be(context: Context, words: tuple[str, ...], message: str) -> None:
    """It is said why, and nothing changes."""
    with pytest.raises(UsageError, match=message):
        set_alias(context, AliasOptions(words))
    assert context.preferences.aliases == {}


def test_alias_that_is_not_there_cannot_go(context: Context) -> None:
    """The nearest is offered, and the others stay."""
    set_alias(context, AliasOptions(("evl", "=", "eval")))
    with pytest.raises(UsageError) as caught:
        forget_aliases(context, UnaliasOptions(("evl", "evk")))
    assert "evl" in str(caught.value.hint)
    assert "evl" in context.preferences.aliases


def test_script_has_no_aliases(tmp_path: Path) -> None:
    """What would do nothing there is refused, with what was probably meant at the prompt."""
    context = Context(Preferences(tmp_path, environ={}))
    with pytest.raises(UsageError, match="a script sees none") as caught:
        set_alias(context, AliasOptions(("t", "=", "predict", "m", "x")))
    assert "quotes" in str(caught.value.hint)
    with pytest.raises(UsageError, match="a script sees none"):
        forget_aliases(context, UnaliasOptions(("t",)))
