"""Somebody who follows a page of the documentation to the letter, from an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import venv
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.pages import Block
from tests.docs.workbench import write_files

OFFLINE = "--no-build-isolation --no-deps --no-index --quiet --disable-pip-version-check"
"""What pip is told besides: what a plugin needs is there already."""

PROGRAMS = {"hfshell": '-m hfshell "$@"', "pytest": '-P -m pytest "$@"', "pip": f'-m pip "$@" {OFFLINE}'}


@dataclass
class Reader:
    """Somebody who follows the page to the letter.

    Attributes:
        folder: where they are.
        environment: what their shell has.
        seen: what the last commands printed, until the page has shown it.
        shown: what the page showed of it.
    """

    folder: Path
    environment: dict[str, str]
    seen: str = ""
    shown: list[Block] = field(default_factory=list)

    def follow(self, block: Block) -> None:
        """Write a file, run commands, or look whether what is shown is what was seen."""
        if block.file is not None:
            write_files([block], self.folder)
        elif block.language == "sh":
            self.seen = self.run(block.text)
        elif block.language == "text" and self.seen:
            words = set(re.findall(r"[A-Za-z]{3,}", block.text))
            assert words <= set(re.findall(r"[A-Za-z]{3,}", self.seen)), self.seen
            self.shown.append(block)
            self.seen = ""

    def run(self, commands: str) -> str:
        """Run commands as a shell does, and be afterwards where they lead; return what they printed."""
        done = subprocess.run(
            ["bash", "-e", "-c", f'{commands}\npwd > "$WHERE"'],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        self.folder = Path(Path(self.environment["WHERE"]).read_text().strip())
        return done.stdout


def make_reader(place: Path) -> Reader:
    """Make an environment of their own, which sees what is installed beside it, and an empty folder."""
    venv.create(place / "venv", with_pip=False)
    programs, folder = place / "venv" / "bin", place / "empty"
    paths = {"base": str(place / "venv"), "platbase": str(place / "venv")}
    beside = Path(sysconfig.get_path("purelib", vars=paths)) / "beside.pth"
    beside.write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    for name, call in PROGRAMS.items():
        program = programs / name
        program.write_text(f"#!/bin/sh\nexec {programs / 'python'} {call}\n")
        program.chmod(0o755)
    folder.mkdir()
    kept = {name: os.environ[name] for name in ("HOME", "HFSHELL_HOME", "HF_HOME", "HF_HUB_OFFLINE")}
    return Reader(
        folder,
        {
            **kept,
            "PATH": f"{programs}:/usr/bin:/bin",
            "WHERE": str(place / "where"),
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "2"),
        },
    )
