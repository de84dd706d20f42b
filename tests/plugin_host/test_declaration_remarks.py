"""What does no harm and is no use either is told to the author."""

from __future__ import annotations

import pytest

from hfshell.plugin_host import PluginHost
from hfshell.plugin_host.declaration_remarks import OWN_METRICS
from hfshell.session.custom_metrics import BUILT_IN

PLUGIN = """
import warnings
from dataclasses import dataclass
from hfshell.api import *

@dataclass(frozen=True)
class Options:
    loud: bool = option(False, {help!r})
    name: str = option({default!r}, "A name")

@hookimpl
def hfshell_tasks():
    {warning}
    return [TaskSpec(name="mood", summary="A", target="a:b", roles=(Role.text(), Role.label()),
                     metrics=({metric!r},), options={{"predict": Options}})]

@hookimpl
def hfshell_metrics():
    return [MetricSpec(name={own!r}, summary="A", target="a:b")]

@hookimpl
def hfshell_renderers():
    return [RendererSpec(kind={kind!r}, target="a:b", task={task!r})]
"""
SOUND = {
    "help": "Whether to shout",
    "default": "x",
    "warning": "pass",
    "metric": "kappa",
    "own": "kappa",
    "kind": "predictions",
    "task": "mood",
}


def remarks(install, **changed: str) -> tuple[str, ...]:
    """What is said of a plugin that is sound but for something."""
    install("mood", PLUGIN.format(**{**SOUND, **changed}))
    (record,) = PluginHost().named("mood")
    (record,) = [found for found in PluginHost().records() if found.plugin == record.plugin]
    assert record.state == "ready"
    return record.remarks


def test_a_sound_plugin_has_none(install) -> None:
    """Nothing is said where nothing is to be mended."""
    assert remarks(install) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"help": ""}, "--loud of mood has no help: say what it is for"),
        ({"default": ""}, "--name of mood has an empty default"),
        ({"metric": "macro_f2"}, "metrics of mood: nobody gives macro_f2; did you mean macro_f1"),
        ({"own": "mae", "metric": "mae"}, "metric mae is never used: hfshell has one of that name"),
        ({"kind": "prediction"}, "no result of kind prediction; did you mean predictions?"),
        ({"task": "moods"}, "hfshell-mood gives no task moods; did you mean mood?"),
        ({"warning": "warnings.warn('old', DeprecationWarning)"}, ".py:13: DeprecationWarning: old"),
    ],
)
def test_what_should_be_mended_is_said(install, changed: dict[str, str], said: str) -> None:
    """Each slip that nobody would see is named, with what was meant where that is near."""
    (remark,) = remarks(install, **changed)
    assert said in remark


def test_kinds_of_its_own_are_the_plugins_affair(install) -> None:
    """A renderer may show results of a type that only its package knows."""
    assert remarks(install, kind="confusion-map") == ()


def test_own_metrics_are_those_that_are_measured() -> None:
    """The names that are known without importing what measures them are the same."""
    assert set(OWN_METRICS) == BUILT_IN
