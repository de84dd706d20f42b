"""Who gives what nobody in use gives is named, with what to do."""

from __future__ import annotations

import pytest

from hfshell.api import CommandSpec, DataFormatSpec, MetricSpec, ModelSourceSpec, TaskSpec
from hfshell.api.specs import Spec
from hfshell.commands.table import CommandTable
from hfshell.errors import UsageError
from hfshell.plugin_host import PluginHost

SOURCE = """
from dataclasses import dataclass
from hfshell.api import *

@dataclass(frozen=True)
class Options:
    loud: bool = option(False, "h")

@hookimpl
def hfshell_tasks():
    return [TaskSpec(name="moods", summary="A", target="a:B", schemes=("mood",))]

@hookimpl
def hfshell_commands():
    return [CommandSpec(name="greet", summary="A", options=Options, target="a:b")]

@hookimpl
def hfshell_model_sources():
    return [ModelSourceSpec("shelf", "A", "a:b")]

@hookimpl
def hfshell_data_formats():
    return [DataFormatSpec("fmt", "A", (".fmt",), "a:b")]

"""
GIVEN: tuple[tuple[type[Spec], str], ...] = (
    (TaskSpec, "moods"),
    (CommandSpec, "greet"),
    (ModelSourceSpec, "shelf"),
    (ModelSourceSpec, "mood"),
    (DataFormatSpec, ".fmt"),
)


@pytest.fixture
def off(install) -> PluginHost:
    """A plugin that gives much, was asked, and was switched off."""
    install("much", SOURCE, group="hfshell.plugins")
    host = PluginHost()
    assert host.command("greet")
    host.disable("much")
    return PluginHost()


@pytest.mark.parametrize(("kind", "name"), GIVEN)
def test_what_is_off_is_named(off: PluginHost, kind: type[Spec], name: str) -> None:
    """A plugin that is switched off is what is missing, not one to install."""
    hint = off.giver_hint(kind, name)
    assert hint is not None
    assert hint.startswith("plugin much (hfshell-much 1.2) gives it and is off")
    assert "`plugins enable much`" in hint
    assert off.giver_hint(MetricSpec, name) is None


@pytest.mark.parametrize(("kind", "name"), GIVEN)
def test_what_is_gone_names_its_package(off: PluginHost, install, kind: type[Spec], name: str) -> None:
    """Once it is uninstalled, the same words name what to install."""
    install.remove("hfshell-much")
    assert PluginHost().giver_hint(kind, name) == "hfshell-much gives it: pip install 'hfshell-much>=1.2'"


def test_no_plugins_is_named_too(off: PluginHost) -> None:
    """What `--no-plugins` leaves out is not to be installed either."""
    off.enable("much")
    assert off.command("greet")
    hint = PluginHost(third_party=False).giver_hint(CommandSpec, "greet")
    assert hint == "plugin much (hfshell-much 1.2) gives it and is off: --no-plugins"


def test_who_types_the_command_is_told(off: PluginHost) -> None:
    """The error of an unknown command and of an unknown task has it as its hint."""
    for use in (lambda: CommandTable(off).get("greet"), lambda: off.task("moods")):
        with pytest.raises(UsageError) as caught:
            use()
        assert "`plugins enable much`" in str(caught.value.hint)
