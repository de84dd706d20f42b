"""The tutorial, block by block, from an empty folder: its commands run, and print what the page shows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from hfshell import Session
from tests.docs.pages import ROOT, blocks
from tests.docs.reader import make_reader
from tests.docs.workbench import forget, install, write_files
from tests.models.tiny import bert

PAGE = ROOT / "docs" / "plugins" / "tutorial.md"
TESTING = ROOT / "docs" / "plugins" / "testing.md"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_tutorial_works_from_an_empty_folder(tmp_path: Path) -> None:
    """Who reads nothing else ends with a task that works, is tested, and is checked."""
    reader = make_reader(tmp_path)
    for block in blocks(PAGE):
        reader.follow(block)
    assert len(reader.shown) >= 7
    reader.run("hfshell train.hfsh")  # again: what the first run saved is in nobody's way
    examples = [
        block.text for block in blocks(TESTING) if "def test_" in block.text and "greet" not in block.text
    ]
    (reader.folder / "tests" / "test_page.py").write_text("\n\n".join(examples))
    assert "passed" in reader.run("pytest -q tests/test_page.py -k 'not TestUrgency'")


@pytest.mark.slow
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
