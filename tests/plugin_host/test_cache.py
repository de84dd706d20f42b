"""A plugin is asked once, and again when it changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfshell.home import locate_home
from hfshell.plugin_host import PluginHost, probing
from hfshell.plugin_host.hooks import Hooks


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the plugins that are asked, as they are."""
    names: list[str] = []
    before = probing.probe_plugins

    def probe(plugins):
        names.extend(plugin.name for plugin in plugins)
        return before(plugins)

    monkeypatch.setattr(probing, "probe_plugins", probe)
    return names


def test_plugin_is_asked_once(install, asked: list[str]) -> None:
    """A second start reads what the first one found."""
    install("mood")
    first, second = PluginHost().task("mood"), PluginHost().task("mood")
    assert first == second
    assert asked == ["mood"]


def test_changed_source_is_asked_again(install, asked: list[str]) -> None:
    """What a developer edits counts at once."""
    module = install("mood")
    assert PluginHost().task("mood").summary == "A task"
    path = install.folder / f"{module}.py"
    path.write_text(path.read_text().replace("A task", "Another task"))
    assert PluginHost().task("mood").summary == "Another task"
    assert asked == ["mood", "mood"]


def test_another_version_is_asked_again(install, asked: list[str]) -> None:
    """An upgrade counts, whatever the times of its files."""
    install("mood")
    PluginHost().tasks()
    install.remove("hfshell-mood")
    install("mood", version="1.3")
    PluginHost().tasks()
    assert asked == ["mood", "mood"]


def test_failure_is_remembered_until_something_is_installed(install, asked: list[str]) -> None:
    """A plugin that hangs costs its seconds once; a missing library that arrives is noticed."""
    install("mood", "import a_library_to_come")
    assert PluginHost().failure("mood") is not None
    assert PluginHost().failure("mood") is not None
    assert asked == ["mood"]
    (install.folder / "a_library_to_come.py").write_text("")
    failure = PluginHost().failure("mood")
    assert failure is not None
    assert "has no hook" in failure.summary
    assert asked == ["mood", "mood"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 1}', '{"schema": 1, "plugins": {"x": 3}}'])
def test_damaged_file_is_as_good_as_none(install, content: str) -> None:
    """Whatever became of the file, plugins work."""
    install("mood")
    PluginHost().tasks()
    (path,) = locate_home().state.glob("plugins-*.json")
    path.write_text(content)
    assert PluginHost().task("mood").name == "mood"
    assert json.loads(path.read_text())["schema"] == 1


def test_read_only_home_costs_time_and_nothing_else(
    install, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home that cannot be written, as in many containers, keeps no plugin from working."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("HFSHELL_HOME", str(blocked / "home"))
    install("mood")
    assert PluginHost().task("mood").name == "mood"


def test_hooks_refuse_a_plugin_whole() -> None:
    """A plugin with one bad hook is not left half registered, whichever pluggy is installed."""
    from hfshell.api import hookimpl
    from hfshell.errors import PluginError

    class Plugin:
        @hookimpl
        def hfshell_metrics(self):
            return []

        @hookimpl
        def hfshell_tasks(self, no_such_argument):
            return []

    hooks = Hooks()
    with pytest.raises(PluginError, match="no_such_argument"):
        hooks.register(Plugin(), "bad")
    assert hooks.implemented("bad") == ()
