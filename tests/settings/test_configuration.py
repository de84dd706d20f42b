"""Who chose a setting is known, and what is said later counts more."""

from __future__ import annotations

import pytest

from hfshell.errors import UsageError
from hfshell.settings import Configuration
from hfshell.settings.configuration import environment_settings


def test_what_is_said_later_counts_more() -> None:
    """Default < file < environment < `set`, each with its origin."""
    chosen = Configuration(
        file={"seed": "1", "offline": "off", "theme": "dark"},
        environment={"offline": "on"},
        said={"seed": "3"},
    )
    assert (chosen.settings.seed, chosen.settings.offline, chosen.settings.theme) == (3, True, "dark")
    origins = [chosen.origin(name) for name in ("seed", "offline", "theme", "memory")]
    assert origins == ["set", "environment", "config.toml", "default"]


def test_reset_takes_back_what_set_said() -> None:
    """`set NAME default` lets the file speak again."""
    chosen = Configuration(file={"seed": "1"}).changed("seed", "7")
    assert chosen.settings.seed == 7
    assert chosen.reset("seed") == Configuration(file={"seed": "1"})


def test_reset_of_no_setting_is_an_error() -> None:
    """A misspelt name is not taken silently."""
    with pytest.raises(UsageError, match="sede"):
        Configuration().reset("sede")


def test_change_leaves_the_rest_alone() -> None:
    """One setting changes at a time, and the value before is untouched."""
    before = Configuration().changed("memory", "50%")
    after = before.changed("seed", "9")
    assert (after.settings.memory, after.settings.seed) == (0.5, 9)
    assert before.settings.seed == 42


@pytest.mark.parametrize(("text", "said"), [("1", "on"), ("yes", "on"), ("0", "off")])
def test_variable_of_the_environment(text: str, said: str) -> None:
    """A variable that other tools heed speaks for the setting."""
    assert environment_settings({"HF_HUB_OFFLINE": text}) == {"offline": said}


def test_variable_that_is_empty_says_nothing() -> None:
    """An empty variable is as none."""
    assert environment_settings({"HF_HUB_OFFLINE": ""}) == {}
