"""One package that is broken on the disk costs itself, and never the others or the start."""

from __future__ import annotations

import os
import stat
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from hfshell.errors import PluginError
from hfshell.home import locate_home
from hfshell.plugin_host import PluginHost, probing
from hfshell.plugin_host.choices import FILE
from hfshell.plugin_host.discovery import installed
from tests.plugin_host.conftest import GOOD


def record(host: PluginHost, name: str):
    """The record of a plugin."""
    return next(record for record in host.records() if record.plugin.name == name)


def write_entry_points(folder: Path, text: str | bytes, metadata_text: str | None) -> None:
    """A distribution that pip never wrote."""
    info = folder / "hfshell_weird-1.0.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    if metadata_text is not None:
        (info / "METADATA").write_text(metadata_text)
    metadata.MetadataPathFinder().invalidate_caches()


def test_entry_point_that_names_no_module_is_a_failed_plugin(install) -> None:
    """It is said, as of any plugin that fails, and can be switched off."""
    about = "Metadata-Version: 2.1\nName: hfshell-weird\nVersion: 1.0\n"
    write_entry_points(install.folder, "[hfshell.tasks]\nweird = rv-weird\n", about)
    host = PluginHost()
    assert record(host, "weird").state == "failed"
    assert "names no module: rv-weird" in host.failure("weird").summary
    assert "text-classification" in {spec.name for spec in host.tasks()}
    host.disable("weird")
    assert record(host, "weird").state == "disabled"


@pytest.mark.parametrize("about", [None, "", "Metadata-Version: 2.1\nName: hfshell-weird\n"])
def test_half_removed_package_stops_nobody(install, about: str | None) -> None:
    """What pip left behind without its metadata is a plugin of an unknown package."""
    write_entry_points(install.folder, "[hfshell.tasks]\nweird = nothing_here\n", about)
    found = record(PluginHost(), "weird")
    assert found.state == "failed"
    assert found.plugin.version == "unknown"
    assert all(isinstance(value, str) for value in (found.plugin.distribution, found.row().version))


def test_list_that_is_no_text_is_passed_over(install) -> None:
    """A damaged file of one package does not hide the plugins of the others."""
    write_entry_points(install.folder, b"\xff\xfe[hfshell.tasks]\n", "Name: hfshell-weird\nVersion: 1\n")
    install("mood")
    assert {"mood", "text-classification"} <= set(PluginHost().task_names())


@pytest.mark.parametrize(
    "text", ["plugins = 3", "[plugins]\ndisabled = 'x'", "[plugins", "[plugins.prefer]\na = 1"]
)
def test_unreadable_choices_use_nobody(install, text: str) -> None:
    """Where it is not known whom the user switched off, only what hfshell ships is used, and that is said."""
    install("mood")
    config = locate_home().config
    config.mkdir(parents=True)
    (config / FILE).write_text(text)
    host = PluginHost()
    assert "text-classification" in host.task_names()
    assert "mood" not in host.task_names()
    with pytest.raises(PluginError, match=r"config\.toml cannot be read"):
        host.task("mood")
    assert any(FILE in notice for notice in host.notices())


@pytest.mark.parametrize(
    "entry", ["3", "[]", "{}", '{"distribution": "x", "version": "1.2"}', '{"time": "x"}']
)
def test_entries_that_are_none_are_asked_again(install, entry: str) -> None:
    """Whoever wrote the manifests, they end nothing."""
    install("mood")
    PluginHost().tasks()
    (path,) = locate_home().state.glob("plugins-*.json")
    key = "hfshell.tasks:mood=plugin_hfshell_mood_mood@hfshell-mood"
    path.write_text(f'{{"schema": 1, "plugins": {{"{key}": {entry}, "other": {entry}}}}}')
    host = PluginHost()
    assert host.task("mood").name == "mood"
    assert host.giver_hint(type(host.task("mood")), "nothing") is None


def test_what_is_kept_is_for_its_user_alone_and_holds_no_secret(install) -> None:
    """An exception may quote an address with a password in it."""
    install("mood", "raise ValueError('https://bob:s3cr3tpass@host')")
    PluginHost().tasks()
    (path,) = locate_home().state.glob("plugins-*.json")
    assert "s3cr3tpass" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_failure_is_not_asked_for_by_each_process(install, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell, the kernel and a script have other paths before that of the packages, and agree."""
    asked = []
    before = probing.probe_plugins
    monkeypatch.setattr(probing, "probe_plugins", lambda plugins: asked.append(plugins) or before(plugins))
    install("mood", "raise ValueError")
    PluginHost().records()
    stamp = installed()
    folder = install.folder.parent / "no packages here"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    os.utime(folder, ns=(1, 1))
    assert installed() == stamp
    PluginHost().records()
    assert len(asked) == 1


def test_missing_module_and_archive_are_asked_once(install, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a module that is gone nor one in a zip file is imported at each start."""
    asked = []
    before = probing.probe_plugins
    monkeypatch.setattr(probing, "probe_plugins", lambda plugins: asked.extend(plugins) or before(plugins))
    gone, packed = install("gone"), install("packed")
    (install.folder / f"{gone}.py").unlink()
    archive = install.folder / "packed.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(f"{packed}.py", (install.folder / f"{packed}.py").read_text())
    (install.folder / f"{packed}.py").unlink()
    monkeypatch.syspath_prepend(str(archive))
    for _ in range(2):
        assert PluginHost().task("packed").name == "packed"
    assert sorted(plugin.name for plugin in asked) == ["gone", "packed"]


def test_requirement_of_an_extra_counts_only_with_it(install) -> None:
    """What a package needs for an extra that nobody asked for does not keep it from working."""
    install("mood", GOOD, requires='hfshell>=99; extra == "future"')
    assert record(PluginHost(), "mood").state == "ready"


def test_file_that_was_missing_is_noticed(install) -> None:
    """A plugin that failed for want of a file works once it is there."""
    module = install("mood")
    package = install.folder / module
    package.mkdir()
    (install.folder / f"{module}.py").rename(package / "plugin.py")
    (package / "__init__.py").write_text("from . import missing\nfrom .plugin import hfshell_tasks")
    assert record(PluginHost(), "mood").state == "failed"
    (package / "missing.py").write_text("")
    assert record(PluginHost(), "mood").state == "ready"
