"""Plugins are listed without imports, asked in a process of their own, and fail alone."""

from __future__ import annotations

import sys

import pytest

from hfshell.api import CommandSpec, TaskSpec
from hfshell.errors import PluginError, UsageError
from hfshell.plugin_host import PluginHost
from hfshell.plugin_host.discovery import ALLOW_VARIABLE, DENY_VARIABLE, discover

COMMAND = """
from dataclasses import dataclass
from hfshell.api import CommandSpec, hookimpl, option

@dataclass(frozen=True)
class Options:
    loud: int = option(3, "How loud", minimum=1)

@hookimpl
def hfshell_commands():
    return [CommandSpec(name="shout", summary="Shout", options=Options, target="somewhere:shout")]
"""


def record(host: PluginHost, name: str):
    """The record of a plugin."""
    return next(record for record in host.records() if record.plugin.name == name)


def test_listing_asks_nobody(install) -> None:
    """Names, distributions and versions are known before any plugin's code runs anywhere."""
    install("toxicity", "raise RuntimeError('imported')")
    host = PluginHost()
    assert "toxicity" in host.task_names()
    listed = next(plugin for plugin in host.listed() if plugin.name == "toxicity")
    assert (listed.distribution, listed.version) == ("hfshell-toxicity", "1.2")
    assert host.notices() == ()


def test_what_others_give_is_known_without_importing_them(install) -> None:
    """The shell knows a stranger's tasks, and holds none of the stranger's code."""
    module = install("toxicity")
    host = PluginHost()
    spec = host.task("toxicity")
    assert (spec.name, [role.name for role in spec.roles]) == ("toxicity", ["text", "label"])
    assert record(host, "toxicity").state == "ready"
    assert module not in sys.modules


def test_options_of_others_have_stand_ins(install) -> None:
    """A command's options parse and complete although their class was never imported here."""
    from hfshell.api.options import option_fields

    install("shout", COMMAND, group="hfshell.plugins")
    spec = next(spec for spec in PluginHost().commands() if spec.name == "shout")
    (field,) = option_fields(spec.options)
    assert (field.flag, field.type, field.default, field.info.minimum) == ("--loud", int, 3, 1)


@pytest.mark.parametrize(
    ("source", "summary"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("import sys; sys.exit(3)", "SystemExit: 3"),
        ("def broken(:\n    pass", "SyntaxError"),
        (
            "from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_tasks():\n    raise ValueError('no')",
            "ValueError: no",
        ),
        (
            "from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_tasks():\n    return ['x']",
            "hfshell_tasks returned a str among its items, not a TaskSpec",
        ),
        (
            "from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_taskz():\n    return []",
            "there is no hook hfshell_taskz",
        ),
        ("x = 1", "has no hook"),
    ],
)
def test_failing_plugin_is_named_once_and_others_work(install, source: str, summary: str) -> None:
    """Whatever a plugin raises while it is imported or asked stays its own."""
    install("broken", source)
    install("sound")
    host = PluginHost()
    assert {"text-classification", "sound"} <= {spec.name for spec in host.tasks()}
    (notice,) = host.notices()
    assert "broken (hfshell-broken 1.2)" in notice
    assert summary in notice
    assert host.notices() == ()
    failure = host.failure("broken")
    assert failure is not None
    assert summary in failure.summary
    assert "plugin_hfshell_broken_broken.py" in failure.traceback
    with pytest.raises(PluginError, match=r"hfshell-broken 1\.2"):
        host.task("broken")


def test_newer_api_is_refused_by_name(install) -> None:
    """A plugin written for a newer contract says so instead of failing strangely."""
    install("newer", "from hfshell.api import *\n@hookimpl\ndef hfshell_tasks():\n"
            "    return [TaskSpec(name='newer', summary='A', target='a:B', api=99)]")  # fmt: skip
    host = PluginHost()
    with pytest.raises(PluginError, match="API 99"):
        host.task("newer")
    assert record(host, "newer").state == "incompatible"


def test_requirement_of_another_hfshell_is_seen_before_any_import(install) -> None:
    """A distribution that wants a newer hfshell is not imported to find out how it fails."""
    install("newer", "raise RuntimeError('imported')", requires="hfshell>=99")
    found = record(PluginHost(), "newer")
    assert found.state == "incompatible"
    assert ">=99" in found.failure.summary


def test_unknown_task_offers_the_nearest() -> None:
    """A misspelt task is answered with the right one."""
    with pytest.raises(UsageError) as caught:
        PluginHost().task("text-clasification")
    assert "text-classification" in str(caught.value.hint)


def test_task_that_was_here_names_its_package(install) -> None:
    """What a package once gave is remembered when it is gone."""
    install("toxicity")
    assert PluginHost().task("toxicity")
    install.remove("hfshell-toxicity")
    with pytest.raises(UsageError) as caught:
        PluginHost().task("toxicity")
    assert "pip install 'hfshell-toxicity>=1.2'" in str(caught.value.hint)


def test_command_that_was_here_names_its_package(install) -> None:
    """So it is for commands."""
    install("shout", COMMAND, group="hfshell.plugins")
    assert PluginHost().command("shout")
    install.remove("hfshell-shout")
    host = PluginHost()
    assert host.command("shout") is None
    hint = "hfshell-shout gives it: pip install 'hfshell-shout>=1.2'"
    assert host.giver_hint(CommandSpec, "shout") == hint


def test_task_of_our_example_names_its_package() -> None:
    """A task that we know of is named without having been here."""
    hint = "hfshell-plugin-stars gives it: pip install hfshell-plugin-stars"
    assert PluginHost().giver_hint(TaskSpec, "stars") == hint


@pytest.mark.parametrize(
    ("variable", "value", "usable"),
    [
        (ALLOW_VARIABLE, "spam", False),
        (ALLOW_VARIABLE, "toxicity", True),
        (ALLOW_VARIABLE, "hfshell-toxicity", True),
        (DENY_VARIABLE, "toxicity", False),
        (DENY_VARIABLE, "hfshell-toxicity", False),
    ],
)
def test_environment_filters_before_anything_runs(
    install, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, usable: bool
) -> None:
    """Allowing and denying, by plugin or by package, happens before a plugin's code can run."""
    ran = install.folder / "ran"
    install("toxicity", f"open({str(ran)!r}, 'w')")
    monkeypatch.setenv(variable, value)
    host = PluginHost()
    host.tasks()
    assert ("toxicity" in host.task_names()) is usable
    assert ran.exists() is usable
    assert "text-classification" in host.task_names()


def test_no_plugins_leaves_what_hfshell_ships(install) -> None:
    """`--no-plugins` is the way out when a stranger's plugin misbehaves."""
    install("toxicity")
    host = PluginHost(third_party=False)
    assert "text-classification" in host.task_names()
    assert "toxicity" not in host.task_names()
    with pytest.raises(PluginError, match="--no-plugins"):
        host.task("toxicity")


def test_disabled_plugin_stays_off_until_it_is_enabled(install) -> None:
    """Switching off lasts, and nothing of the plugin runs meanwhile."""
    install("toxicity")
    PluginHost().disable("toxicity")
    ran = install.folder / "ran"
    install("toxicity", f"open({str(ran)!r}, 'w')")
    host = PluginHost()
    with pytest.raises(PluginError, match="plugins enable toxicity"):
        host.task("toxicity")
    assert not ran.exists()
    install("toxicity")
    host.enable("toxicity")
    assert host.task("toxicity").name == "toxicity"
    assert PluginHost().task("toxicity").name == "toxicity"


def test_package_can_be_disabled_as_a_whole(install) -> None:
    """A package's name switches off all that it ships."""
    install("toxicity")
    host = PluginHost()
    host.disable("hfshell-toxicity")
    assert "toxicity" not in host.task_names()


def test_unknown_plugin_cannot_be_disabled() -> None:
    """A misspelt name must not look as if it had worked."""
    with pytest.raises(UsageError) as caught:
        PluginHost().disable("startr")
    assert "starter" in str(caught.value.hint)


def test_two_that_give_one_name_are_a_choice(install) -> None:
    """Neither of two strangers wins by luck: both are named, with how to choose; the choice lasts."""
    install("toxicity", distribution="hfshell-one", target="one:Task")
    install("toxicity", distribution="hfshell-two", target="two:Task")
    host = PluginHost()
    with pytest.raises(PluginError) as caught:
        host.task("toxicity")
    assert "hfshell-one 1.2" in caught.value.message
    assert "hfshell-two 1.2" in caught.value.message
    assert "plugins prefer toxicity" in str(caught.value.hint)
    host.prefer("toxicity", "hfshell-two")
    assert host.task("toxicity").target == "two:Task"
    assert PluginHost().task("toxicity").target == "two:Task"
    assert not [notice for notice in PluginHost().notices() if "toxicity" in notice]


def test_own_task_stands_until_another_is_chosen(install) -> None:
    """A stranger's plugin of a built-in name is said, and used only when the user says so."""
    install("text-classification", distribution="hfshell-other", target="other:Task")
    host = PluginHost()
    assert host.task("text-classification").target.startswith("hfshell_tasks.")
    (notice,) = host.notices()
    assert "hfshell-other 1.2" in notice
    host.prefer("text-classification", "hfshell-other")
    assert host.task("text-classification").target == "other:Task"


def test_preferring_what_does_not_give_the_name_is_refused(install) -> None:
    """A choice that would choose nothing is a mistake."""
    install("toxicity")
    with pytest.raises(UsageError, match="hfshell-x does not give toxicity"):
        PluginHost().prefer("toxicity", "hfshell-x")


def test_package_installed_meanwhile_is_found(install) -> None:
    """Nobody has to start anew after `pip install`."""
    host = PluginHost()
    assert "toxicity" not in host.task_names()
    install("toxicity")
    host.refresh_if_changed()
    assert host.task("toxicity").name == "toxicity"


def test_target_that_is_not_there_names_the_plugin(install) -> None:
    """A declaration that points nowhere is the plugin's fault, and says so."""
    install("toxicity")
    host = PluginHost()
    with pytest.raises(PluginError, match=r"toxicity \(hfshell-toxicity 1\.2\)"):
        host.resolve(host.task("toxicity").target, owner="toxicity")
    assert "ModuleNotFoundError" in host.failure("toxicity").summary


def test_failure_at_work_is_explained_by_another_process(install) -> None:
    """What a plugin did in the kernel, `plugins why` tells in the shell."""
    install("toxicity")
    host = PluginHost()
    with pytest.raises(PluginError, match="failed in predict: ZeroDivisionError"):
        host.run(host.task("toxicity"), "predict", lambda: 1 / 0)
    failure = PluginHost().failure("toxicity")
    assert "ZeroDivisionError" in failure.traceback
    assert "in predict" in failure.summary
    host.enable("toxicity")
    assert PluginHost().failure("toxicity") is None


def test_heavy_import_is_told_to_its_author(install) -> None:
    """A light module that is not light works, and is named for what it costs."""
    install("heavy", "import numpy\nfrom hfshell.api import *\n@hookimpl\ndef hfshell_tasks(): return []")
    found = record(PluginHost(), "heavy")
    assert found.state == "ready"
    assert any("numpy" in remark for remark in found.remarks)


def test_object_can_be_used_as_if_installed() -> None:
    """Tests and notebooks need no distribution."""
    from hfshell.api import hookimpl

    class Plugin:
        @hookimpl
        def hfshell_tasks(self):
            return [TaskSpec(name="mood", summary="A task", target="somewhere:Task")]

    host = PluginHost()
    host.use(Plugin(), "mood")
    assert host.task("mood").summary == "A task"
    assert "mood" in host.task_names()


def test_built_in_plugins_come_first() -> None:
    """What hfshell ships is found, and found first."""
    names = [plugin.name for plugin in discover()]
    assert {"text-classification", "starter"} <= set(names)
