"""The tutorial, block by block, from an empty folder: its commands run, and print what the page shows."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import venv
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hfshell import Session
from tests.docs.pages import ROOT, Block, blocks
from tests.docs.workbench import forget, install, write_files
from tests.models.tiny import bert

PAGE = ROOT / "docs" / "plugins" / "tutorial.md"
TESTING = ROOT / "docs" / "plugins" / "testing.md"
OFFLINE = "--no-build-isolation --no-deps --no-index --quiet --disable-pip-version-check"
"""What pip is told besides: what a plugin needs is there already."""

PROGRAMS = {"hfshell": '-m hfshell "$@"', "pytest": '-P -m pytest "$@"', "pip": f'-m pip "$@" {OFFLINE}'}

IN_PLACE = '\n[tool.hatch.build]\ndev-mode-dirs = ["."]\n'
"""Added to the project: without it hatchling wants a package for editable installs, which may not be here."""


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
            if "plugins new" in block.text:
                with (self.folder / "hfshell-urgency" / "pyproject.toml").open("a") as project:
                    project.write(IN_PLACE)
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


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_tutorial_works_from_an_empty_folder(tmp_path: Path) -> None:
    """Who reads nothing else ends with a task that works, is tested, and is checked."""
    reader = make_reader(tmp_path)
    for block in blocks(PAGE):
        reader.follow(block)
    assert len(reader.shown) >= 5
    examples = [
        block.text for block in blocks(TESTING) if "def test_" in block.text and "greet" not in block.text
    ]
    (reader.folder / "tests" / "test_page.py").write_text("\n\n".join(examples))
    assert "passed" in reader.run("pytest -q tests/test_page.py -k 'not TestUrgency'")


def test_scripts_of_the_tutorial_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one process and with a tiny model: each state of the plugin runs the script that follows it."""
    monkeypatch.chdir(tmp_path)
    base = bert(tmp_path / "tiny")
    ran = []
    for block in blocks(PAGE):
        if block.file is not None:
            (path,) = write_files([block], Path.cwd())
            path.write_text(path.read_text().replace("finetune minilm", f"finetune {base}"))
        for line in block.text.splitlines() if block.language == "sh" else ():
            match line.split():
                case ["cat", *_]:
                    subprocess.run(["bash", "-c", block.text], check=True)
                case ["cd", folder]:
                    monkeypatch.chdir(folder)
                case ["pip", *_]:
                    monkeypatch.syspath_prepend(str(Path.cwd()))
                    install(Path.cwd())
                case ["hfshell", script] if script.endswith(".hfsh"):
                    forget("hfshell_urgency")
                    with Session() as session:
                        ran.append(session.run_file(script))
                case ["hfshell", *words] if "check" not in words:
                    with Session() as session:
                        session.run(line.removeprefix("hfshell ").removeprefix("-c ").strip('"'))
    forget("hfshell_urgency")
    assert len(ran) == 2
