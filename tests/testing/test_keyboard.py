"""Keys at a prompt that is nowhere: what Tab offers of a plugin, and what Enter would run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hfshell.plugin_host import PluginHost
from hfshell.testing import Outcome, Typed
from tests.testing.mood import plugin

Press = Callable[[str], Typed]


@pytest.fixture(autouse=True)
def mood(plugin_host: PluginHost) -> None:
    """The small task is there."""
    plugin_host.use(plugin, "mood")


@pytest.mark.parametrize(
    ("keys", "line", "offered"),
    [
        ("load x --task mo\t", "load x --task mood ", ("mood",)),
        ("predict x hello --thr\t", "predict x hello --threshold ", None),
        ("fin\t", "finetune ", ("finetune",)),
        ("fin\tbase d --epo\t4", "finetune base d --epochs 4", ("--epochs",)),
        ("nothing to complete", "nothing to complete", ()),
        ("xyzzy\t", "xyzzy", ()),
        ("", "", ()),
    ],
)  # fmt: skip
def test_tab_completes(type_keys: Press, keys: str, line: str, offered: tuple[str, ...] | None) -> None:
    """A Tab gives the line that a person would see, and what was offered for it."""
    typed = type_keys(keys)
    if offered is None:
        assert "--threshold" in typed.completions
        return
    assert typed.line == line
    assert typed.completions == offered
    assert typed.entered == ()


def test_what_is_offered_is_explained(type_keys: Press) -> None:
    """An option's help stands beside it."""
    typed = type_keys("predict x hello --to\t")
    meanings = dict(zip(typed.completions, typed.meanings, strict=True))
    assert meanings["--top"] == "How many labels to give (3)"


def test_enter_gives_what_would_run(type_keys: Press) -> None:
    """Complete texts are entered, an incomplete one goes on, and nothing is run."""
    typed = type_keys("load x\rpredict x 'a\rb'\rmodels")
    assert typed.entered == ("load x", "predict x 'a\nb'")
    assert typed.line == "models"


def test_bound_names_complete(type_keys: Press, run_hfsh: Callable[..., Outcome]) -> None:
    """The prompt knows what the test's session has bound."""
    run_hfsh("let learning = 1").assert_ok()
    assert type_keys("echo $lear\t").line == "echo $learning"


def test_leaving_ends_it(type_keys: Press) -> None:
    """Ctrl-D at an empty prompt leaves, with whatever keys are still to come."""
    assert type_keys("models\r\x04models\r").entered == ("models",)
