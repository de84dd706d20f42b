"""Plugins are listed without imports, imported late, and fail alone."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest

from hfshell.errors import PluginError, UsageError
from hfshell.plugin_host import PluginHost
from hfshell.plugin_host.discovery import ALLOW_VARIABLE, DENY_VARIABLE, discover

GOOD = """
from hfshell.api import Role, TaskSpec, hookimpl

@hookimpl
def hfshell_tasks():
    return [TaskSpec(name="{name}", summary="A task", target="{module}_work:Task", roles=(Role.text(),))]
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install a throwaway distribution with one entry point; returns its module's name."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made: list[str] = []

    def make(name: str, source: str, *, group: str = "hfshell.tasks", distribution: str = "") -> str:
        distribution = distribution or f"hfshell-{name}"
        module = f"plugin_{distribution}_{name}".replace("-", "_")
        (tmp_path / f"{module}.py").write_text(source.format(name=name, module=module))
        info = tmp_path / f"{distribution.replace('-', '_')}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n")
        metadata.MetadataPathFinder().invalidate_caches()
        made.append(module)
        return module

    yield make
    for module in made:
        sys.modules.pop(module, None)


def test_listing_imports_nothing(install) -> None:
    """Names, distributions and versions are known before any plugin's code runs."""
    module = install("toxicity", GOOD)
    host = PluginHost()
    assert "toxicity" in host.task_names()
    row = next(row for row in host.rows() if row.name == "toxicity")
    assert (row.distribution, row.version, row.state) == ("hfshell-toxicity", "1.2", "listed")
    assert module not in sys.modules


def test_first_mention_imports_only_that_task(install) -> None:
    """A task's declaration is imported when the task is named, and no other's."""
    install("toxicity", GOOD)
    other = install("spam", GOOD)
    host = PluginHost()
    assert host.task("toxicity").name == "toxicity"
    assert other not in sys.modules
    assert {row.name: row.state for row in host.rows()}["toxicity"] == "loaded"


@pytest.mark.parametrize(
    ("source", "summary"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("def broken(:\n    pass", "SyntaxError"),
        (
            "from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_tasks():\n    raise ValueError('no')",
            "ValueError",
        ),
        ("from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_tasks():\n    return ['x']", "TypeError"),
        (
            "from hfshell.api import hookimpl\n@hookimpl\ndef hfshell_taskz():\n    return []",
            "PluginValidationError",
        ),
    ],
)
def test_failing_plugin_is_named_once_and_others_work(install, source: str, summary: str) -> None:
    """Whatever a plugin raises while it is imported or asked stays its own."""
    install("broken", source.replace("{", "{{").replace("}", "}}"))
    host = PluginHost()
    assert "text-classification" in {spec.name for spec in host.tasks()}
    (notice,) = host.notices()
    assert "hfshell-broken 1.2" in notice
    assert summary in notice
    assert host.notices() == ()
    failure = host.failure("broken")
    assert failure is not None
    assert "Traceback" in failure.traceback
    with pytest.raises(PluginError, match=r"hfshell-broken 1\.2"):
        host.task("broken")


def test_newer_api_is_refused_by_name(install) -> None:
    """A plugin written for a newer contract says so instead of failing strangely."""
    install("newer", GOOD.replace('summary="A task"', 'summary="A task", api=99'))
    host = PluginHost()
    with pytest.raises(PluginError, match="API 99"):
        host.task("newer")


def test_unknown_task_offers_the_nearest() -> None:
    """A misspelt task is answered with the right one."""
    with pytest.raises(UsageError) as caught:
        PluginHost().task("text-clasification")
    assert "text-classification" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("variable", "value", "usable"),
    [(ALLOW_VARIABLE, "spam", False), (ALLOW_VARIABLE, "toxicity", True), (DENY_VARIABLE, "toxicity", False)],
)
def test_environment_filters_before_import(
    install, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, usable: bool
) -> None:
    """Allowing and denying by name happens before a plugin's code can run."""
    module = install("toxicity", "raise RuntimeError('imported')")
    monkeypatch.setenv(variable, value)
    host = PluginHost()
    assert ("toxicity" in host.task_names()) is usable
    assert "text-classification" in host.task_names()
    assert module not in sys.modules


def test_no_plugins_leaves_what_hfshell_ships(install) -> None:
    """`--no-plugins` is the way out when a stranger's plugin misbehaves."""
    install("toxicity", GOOD)
    host = PluginHost(third_party=False)
    assert host.task_names() == ("text-classification",)
    with pytest.raises(PluginError, match="--no-plugins"):
        host.task("toxicity")


def test_two_plugins_of_one_name_are_both_named(install) -> None:
    """A clash is said, with both distributions; the built-in one stays."""
    install("text-classification", GOOD, distribution="hfshell-other")
    host = PluginHost()
    notice = next(notice for notice in host.notices() if "text-classification" in notice)
    assert "hfshell-other 1.2" in notice
    assert host.task("text-classification").target.startswith("hfshell_tasks.")


def test_target_that_is_not_there_names_the_plugin(install) -> None:
    """A declaration that points nowhere is the plugin's fault, and says so."""
    install("toxicity", GOOD)
    host = PluginHost()
    with pytest.raises(PluginError, match=r"toxicity \(hfshell-toxicity 1\.2\)"):
        host.resolve(host.task("toxicity").target, owner="toxicity")


def test_built_in_plugins_come_first() -> None:
    """What hfshell ships is found, and found first."""
    names = [plugin.name for plugin in discover()]
    assert {"text-classification", "starter"} <= set(names)
