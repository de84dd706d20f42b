"""`check` finds what would go wrong, and complains about nothing that would not."""

from __future__ import annotations

from pathlib import Path

import pytest

from hfshell.checking import Diagnostic, check_file, raise_for
from hfshell.commands.table import CommandTable
from hfshell.errors import Place, UsageError
from hfshell.plugin_host import PluginHost

ROOT = Path(__file__).parents[2]
PLUGINS = PluginHost()
COMMANDS = CommandTable(PLUGINS)


def check(path: Path, *parameters: str) -> list[Diagnostic]:
    """Check a file with parameters given."""
    return check_file(str(path), COMMANDS, PLUGINS, parameters)


@pytest.mark.parametrize("script", sorted((ROOT / "examples").glob("*.hfsh")), ids=lambda path: path.name)
def test_examples_pass(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we ship has no finding."""
    monkeypatch.chdir(ROOT)
    assert check(script) == []


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("base = lod minilm", 8, "no command lod"),
        ("finetune base d --epoch 3", 17, "no option --epoch"),
        ("finetune base d --epochs many", 26, "many"),
        ("finetune base d --epochs=many", 17, "many"),
        ("finetune base", 1, "wants DATA"),
        ("data nowhere.csv", 6, "no file nowhere.csv"),
        ("data train=nowhere.csv", 6, "no file nowhere.csv"),
        ("load ./nowhere", 6, "no folder ./nowhere"),
        ("show nothing", 6, "nothing"),
        ("echo $nothing", 6, "nothing"),
        ("expect nothing.accuracy > 1", 8, "nothing"),
        ("source nowhere.hfsh", 8, "nowhere.hfsh"),
        ("echo hi <<END\nlost\nEND", 1, "no heredoc"),
        ("exit 256", 6, "256"),
        ("predict m x --task no-such-task", 1, "no-such-task"),
        ("require no-such-package", 9, "no-such-package is not installed"),
        ("require hfshell>=99", 9, ">=99 is wanted"),
        ("require >=1", 9, "not a requirement"),
    ],
)
def test_finding_has_its_place(tmp_path: Path, line: str, column: int, words: str) -> None:
    """Each mistake is found, on its line and column."""
    script = tmp_path / "x.hfsh"
    script.write_text(f"# a comment\n{line}\n")
    (problem,) = check(script)
    assert (problem.place.line, problem.place.column) == (2, column)
    assert words in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "let n = 3\nm = load org/some-model\nfinetune m some/data --epochs=$n --seed $n",
        "m = load minilm\nuse m\npredict _ 'hello' --top-k 2\nshow _.label",
        "predict minilm 'x' > out.jsonl\ndata out.jsonl",
        "- show nothing",
        "m = load minilm\nsave m ./there\nload ./there",
        'predict m "-a dash first"',
        "require hfshell>=0.1",
        "- require no-such-package",
        "let version = 0.1\nrequire hfshell>=$version",
    ],
)
def test_what_may_work_passes(tmp_path: Path, text: str) -> None:
    """A finding is something certain: what only the run can know is left to it."""
    script = tmp_path / "x.hfsh"
    script.write_text(text)
    assert check(script) == []


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("require no-such-package>=0.3", "pip install 'no-such-package>=0.3'"),
        ("require hfshell>=99", "pip install 'hfshell>=99'"),
        ("require >=1", "require NAME>=VERSION"),
        ("finetune m d --task stars", "hfshell-plugin-stars gives it: pip install hfshell-plugin-stars"),
    ],
)
def test_what_to_install(tmp_path: Path, line: str, hint: str) -> None:
    """A package that a script misses is named, with the line that installs it."""
    script = tmp_path / "x.hfsh"
    script.write_text(line)
    (problem,) = check(script)
    assert problem.hint == hint


def test_behind_a_missing_package_its_words_are_trusted(tmp_path: Path) -> None:
    """A script that lacks its plugin has one finding: the package, not all that the package would give."""
    script = tmp_path / "x.hfsh"
    script.write_text(
        "require no-such-package\nm = load minilm\npredict m x --no-such-option\nno-such-command"
    )
    assert len(check(script)) == 1


def test_parameters_are_held_against_what_is_given(tmp_path: Path) -> None:
    """A missing and an unknown parameter are found before a run."""
    script = tmp_path / "x.hfsh"
    script.write_text("param a\nparam b = 1\necho $a $b\n")
    assert check(script, "a=1") == []
    assert len(check(script)) == 1
    assert len(check(script, "a=1", "c=2")) == 1


def test_what_stops_a_run_is_raised_before_remarks() -> None:
    """The error is what would stop a run, though a remark was found first; remarks alone raise nothing."""
    remark = Diagnostic("near-name", "a remark", Place("x", 1), severity="remark")
    mistake = Diagnostic("usage", "a mistake", Place("x", 2), "mend it")
    raise_for([remark])
    with pytest.raises(UsageError) as caught:
        raise_for([remark, mistake])
    assert (caught.value.message, caught.value.place) == ("a mistake", Place("x", 2))
    assert caught.value.hint is not None
    assert caught.value.hint.splitlines()[0] == "mend it"
