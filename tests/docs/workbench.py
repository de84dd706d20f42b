"""A place where the code of the documentation runs: its files are written, its packages installed."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from tests.docs.pages import Block


def write_files(blocks: Iterable[Block], folder: Path) -> list[Path]:
    """Write the blocks that name a file; return the files."""
    written = []
    for block in blocks:
        if block.file is None:
            continue
        path = folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
        written.append(path)
    return written


def install(project: Path) -> None:
    """Put a project's distribution beside its sources, which are on the path, as an editable install does."""
    about = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = project / f"{about['name'].replace('-', '_')}-{about['version']}.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {about['name']}", f"Version: {about['version']}"]
    lines += [f"Requires-Dist: {wanted}" for wanted in about["dependencies"]]
    (info / "METADATA").write_text("\n".join(lines) + "\n")
    points = [
        line
        for group, entries in about["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in entries.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(points) + "\n")
    metadata.MetadataPathFinder().invalidate_caches()


def forget(package: str) -> None:
    """Let the next import of a package read it anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
