"""Puts a stranger's package on the path, as if pip had installed it, and takes it away again."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).parent


class Site:
    """A folder on the path with the distributions of strangers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, package: str, *, task: str, version: str = "0.1") -> None:
        """Install a package that lies beside this file; its one entry point is a task."""
        shutil.copytree(HERE / package, self.folder / package)
        info = self._info(package, version)
        info.mkdir()
        name = package.replace("_", "-")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        (info / "entry_points.txt").write_text(f"[hfshell.tasks]\n{task} = {package}\n")
        metadata.MetadataPathFinder().invalidate_caches()

    @contextmanager
    def without(self, package: str, version: str = "0.1") -> Iterator[None]:
        """Do without a distribution for a while."""
        info = self._info(package, version)
        aside = info.with_name("aside")
        info.rename(aside)
        metadata.MetadataPathFinder().invalidate_caches()
        try:
            yield
        finally:
            aside.rename(info)
            metadata.MetadataPathFinder().invalidate_caches()

    @staticmethod
    def forget(package: str) -> None:
        """Let the next import read the package anew."""
        for name in [name for name in sys.modules if name.partition(".")[0] == package]:
            del sys.modules[name]

    def _info(self, package: str, version: str) -> Path:
        return self.folder / f"{package}-{version}.dist-info"
