"""Throw-away distributions on the path, as if pip had installed them."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

import pytest

GOOD = """
from hfshell.api import Role, TaskSpec, hookimpl

@hookimpl
def hfshell_tasks():
    return [TaskSpec(name={name!r}, summary="A task", target={target!r}, roles=(Role.text(), Role.label()))]
"""


class Installer:
    """Puts distributions on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: list[str] = []

    def __call__(
        self,
        name: str,
        source: str = GOOD,
        *,
        group: str = "hfshell.tasks",
        distribution: str = "",
        version: str = "1.2",
        requires: str = "",
        target: str = "",
    ) -> str:
        """Install a distribution with one entry point; return its module's name.

        In `source`, `{name!r}` and `{target!r}` are filled in when it is the usual one.
        """
        distribution = distribution or f"hfshell-{name}"
        module = f"plugin_{distribution}_{name}".replace("-", "_")
        if source is GOOD:
            source = source.format(name=name, target=target or f"{module}_work:Task")
        (self.folder / f"{module}.py").write_text(source)
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        lines = ["Metadata-Version: 2.1", f"Name: {distribution}", f"Version: {version}"]
        if requires:
            lines.append(f"Requires-Dist: {requires}")
        (info / "METADATA").write_text("\n".join(lines) + "\n")
        (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n")
        metadata.MetadataPathFinder().invalidate_caches()
        self.modules.append(module)
        return module

    def remove(self, distribution: str) -> None:
        """Take a distribution away again."""
        for info in self.folder.glob(f"{distribution.replace('-', '_')}-*.dist-info"):
            for file in info.iterdir():
                file.unlink()
            info.rmdir()
        metadata.MetadataPathFinder().invalidate_caches()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Install throw-away distributions for one test."""
    folder = tmp_path / "site"
    (folder / "__pycache__").mkdir(
        parents=True
    )  # as pip leaves it: a first import changes no folder of packages
    monkeypatch.syspath_prepend(str(folder))
    installer = Installer(folder)
    yield installer
    for module in installer.modules:
        sys.modules.pop(module, None)
