"""What editors are given: the words are those of the command table, and real editors take the files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hfshell.checking import CODES, Diagnostic
from hfshell.commands.table import BUILT_IN
from hfshell.errors import Place
from tests.docs.pages import ROOT

EDITORS = ROOT / "docs" / "editors"
VIM, NANO = EDITORS / "vim" / "syntax" / "hfsh.vim", EDITORS / "nano" / "hfsh.nanorc"
LINES = (
    "#!/usr/bin/env hfshell",
    "param epochs = 3  # how many",
    "tickets = data tickets.csv --map text=message",
    "- r=finetune minilm tickets --epochs $epochs",
    "expect r.accuracy >= 0.85",
    "predict r 'a $literal' \"a ${tickets.rows} text\" > out.jsonl",
    "predict r <<END",
    "load is a word here ${epochs}",
    "END",
    "data data",
)
SEEN = {
    (1, 1): "hfshComment", (2, 1): "hfshWord", (2, 7): "hfshNamed", (2, 16): "hfshNumber",
    (2, 20): "hfshComment", (3, 1): "hfshBound", (3, 11): "hfshCommand", (3, 28): "hfshOption",
    (4, 1): "hfshMayFail", (4, 3): "hfshBound", (4, 5): "hfshCommand", (4, 38): "hfshReference",
    (5, 1): "hfshWord", (5, 19): "hfshOperator", (5, 22): "hfshNumber", (6, 11): "hfshLiteral",
    (6, 14): "hfshLiteral", (6, 27): "hfshReference", (6, 42): "hfshText", (6, 49): "hfshOperator",
    (7, 11): "hfshOperator", (8, 1): "hfshHeredoc", (8, 22): "hfshReference", (9, 1): "hfshOperator",
    (10, 1): "hfshCommand", (10, 6): "",
}  # fmt: skip
"""Line and column, from 1, and the group that colours it."""


@pytest.mark.parametrize("file", [VIM, NANO], ids=lambda file: file.name)
def test_words_are_those_of_the_command_table(file: Path) -> None:
    """A command that is new, or gone, is so in the editors too."""
    lists = re.findall(r"\(((?:[a-z]+\|){4,}[a-z]+)\)", file.read_text(encoding="utf-8"))
    words = [word for found in lists for word in found.split("|")]
    assert sorted(words) == sorted(BUILT_IN)


@pytest.mark.skipif(not shutil.which("vim"), reason="no vim here")
def test_vim_colours_what_it_should(tmp_path: Path) -> None:
    """Real Vim knows the file by its ending, and each place is of the group that it should be of."""
    script = tmp_path / "a.hfsh"
    script.write_text("\n".join(LINES) + "\n")
    places = ", ".join(f"[{line}, {column}]" for line, column in SEEN)
    commands = tmp_path / "try.vim"
    commands.write_text(
        f"set nocompatible runtimepath^={EDITORS / 'vim'}\nfiletype on\nsyntax on\nedit {script}\n"
        f"let names = map([{places}], {{_, at -> synIDattr(synID(at[0], at[1], 0), 'name')}})\n"
        f"call writefile([&filetype, &makeprg, json_encode(names)], '{tmp_path / 'seen'}')\nqall!\n"
    )
    done = subprocess.run(
        ["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", str(commands)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (tmp_path / "seen").exists(), done.stderr
    kind, make, names = (tmp_path / "seen").read_text().splitlines()
    assert kind == "hfsh"
    assert make.startswith("hfshell check")
    assert dict(zip(SEEN, json.loads(names), strict=True)) == SEEN


@pytest.mark.skipif(not shutil.which("nano"), reason="no nano here")
def test_nano_takes_its_file(tmp_path: Path) -> None:
    """Real nano reads the syntax without a complaint."""
    import pexpect

    (tmp_path / "nanorc").write_text(f'include "{NANO}"\n')
    (tmp_path / "a.hfsh").write_text("\n".join(LINES) + "\n")
    child = pexpect.spawn(
        "nano",
        ["--rcfile", str(tmp_path / "nanorc"), str(tmp_path / "a.hfsh")],
        timeout=30,
        encoding="utf-8",
        env={"TERM": "xterm", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    try:
        child.expect("finetune")
        child.send("\x18")
        child.expect(pexpect.EOF)
        assert "rror" not in str(child.before)
    finally:
        child.close(force=True)
    assert child.exitstatus == 0


def test_the_problem_matcher_reads_a_finding() -> None:
    """Visual Studio Code's pattern finds each part of what `check --json` prints, whatever is quoted."""
    tasks = json.loads((EDITORS / "vscode" / "tasks.json").read_text(encoding="utf-8"))
    matcher = tasks["tasks"][0]["problemMatcher"]
    pattern = matcher["pattern"]
    finding = Diagnostic("unknown-column", 'no "x"', Place("a.hfsh", 3, 7, 4), "did you mean y?")
    found = re.search(pattern["regexp"], json.dumps(finding.to_dict()))
    assert found
    parts = {
        name: found[pattern[name]] for name in ("severity", "code", "file", "line", "column", "endColumn")
    }
    assert parts == {
        "severity": "error", "code": "unknown-column", "file": "a.hfsh", "line": "3", "column": "7",
        "endColumn": "11",
    }  # fmt: skip


def test_codes_are_on_their_page() -> None:
    """Whoever sees a code can look it up."""
    page = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"| `{code}` |" not in page] == []
