"""Scripts before they run: parameters, help, check, and what is refused without a kernel."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hfshell.__main__ import main
from hfshell.errors import UsageError
from hfshell.language import parse_script
from hfshell.plugin_host import PluginHost
from hfshell.shell.batch import given_parameters
from hfshell.shell.kernelless import needs_no_kernel
from hfshell.shell.script_help import script_help

SCRIPT = """\
#!/usr/bin/env hfshell
# Train a router.
# Twice.

param file             # where the messages lie
param epochs = 3       # passes over the data
param note = "a b"
d = data $file
"""


@pytest.fixture(autouse=True)
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may need a kernel."""

    def fail(*_: object) -> None:
        pytest.fail("a kernel was started")

    monkeypatch.setattr("hfshell.shell.batch.KernelSupervisor", fail)


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A script in the folder that we stand in."""
    monkeypatch.chdir(tmp_path)
    path = Path("train.hfsh")
    path.write_text(SCRIPT)
    return path


def test_parameters_fit_the_header() -> None:
    """Names are held against the header; a value may hold an equals sign, or nothing."""
    assert given_parameters(["file=a=b.csv", "note="], parse_script(SCRIPT)) == {
        "file": "a=b.csv",
        "note": "",
    }


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        ([], "param file is not given", "file=…"),
        (["file=a", "epoch=3"], "there is no param epoch", "epochs"),
        (["file=a", "extra"], "extra is not NAME=VALUE", "--help"),
    ],
)
def test_parameters_that_do_not_fit(words: list[str], message: str, hint: str) -> None:
    """A missing, an unknown and a misshapen parameter each say what to do."""
    with pytest.raises(UsageError) as raised:
        given_parameters(words, parse_script(SCRIPT, "train.hfsh"))
    assert message in raised.value.message
    assert hint in (raised.value.hint or "")


def test_help_of_a_script() -> None:
    """`hfshell FILE --help` reads the script's own comments."""
    types = {"file": "data set or file", "epochs": "whole number", "note": "word"}
    lines = script_help(parse_script(SCRIPT, "train.hfsh"), types).splitlines()
    assert lines[0] == "usage: hfshell train.hfsh [NAME=VALUE …]"
    assert "Train a router." in lines
    words = ["epochs=3", "whole", "number", "passes", "over", "the", "data"]
    assert any(line.split() == words for line in lines)
    assert any(
        "file=…" in line and "must be given" in line and "where the messages lie" in line for line in lines
    )


def test_help_of_a_script_without_parameters() -> None:
    """A script that takes nothing says so."""
    assert "no parameters" in script_help(parse_script("models\n", "a.hfsh"), {})


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["train.hfsh"], 2, "train.hfsh:5:1"),
        (["train.hfsh", "file=x", "epoch=3"], 2, "did you mean epochs"),
        (["trian.hfsh"], 2, "did you mean train.hfsh"),
        (["-c", "models ;"], 2, "<-c>:1:8"),
        (["-c", "models", "-c", "echo 'x"], 2, "<-c>:2:6"),
        (["check"], 2, "check wants a script"),
        (["--jsn"], 2, "did you mean --json"),
        (["train.hfsh", "file=x", "--resume"], 2, "--resume wants --checkpoint FILE"),
        (["."], 2, "is a folder"),
    ],
)
def test_mistakes_that_need_no_kernel(
    script: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    """What is wrong before anything runs is said at once, on stderr, with exit code 2."""
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    "arguments", [["train.hfsh", "--help"], ["--help"], ["--version"], ["-c", "# nothing"]]
)
def test_what_needs_no_kernel(script: Path, arguments: list[str]) -> None:
    """Help, the version and an empty text cost no kernel."""
    assert main(arguments) == 0


@pytest.mark.parametrize("arguments", [["plugins"], ["-c", "plugins"]])
def test_plugins_need_no_kernel(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A plugin that ends every kernel can be seen, and switched off; programs get the object as ever."""
    assert main([*arguments, "--json", "--no-plugins"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["command"], found["status"], found["line"]) == ("plugins", "ok", 1)
    assert "text-classification" in {row["name"] for row in found["result"]["plugins"]}


def test_plugins_are_switched_off_without_a_kernel(capsys: pytest.CaptureFixture[str]) -> None:
    """The choice is kept, and read by whoever begins next."""
    assert main(["--plain", "plugins", "disable", "text-classification"]) == 0
    assert "is off from now on" in capsys.readouterr().out
    assert {found.name for found in PluginHost().listed() if found.disabled} == {"text-classification"}
    assert main(["plugins", "enable", "text-classification"]) == 0
    assert not [found for found in PluginHost().listed() if found.disabled]


def test_what_is_wrong_with_plugins_has_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Errors of such a line are an object and an exit code, like those of a kernel."""
    assert main(["--json", "plugins", "why", "no-such-plugin"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert (found["status"], found["error"]["place"]["line"]) == ("failed", 1)


@pytest.mark.parametrize("text", ["plugins\nmodels", "x = plugins", "plugins > a.json", "-plugins", "models"])
def test_all_else_is_a_kernels(text: str) -> None:
    """What may bind, write or wait for other lines is left to a session."""
    assert not needs_no_kernel(parse_script(text))


def test_a_syntax_error_as_json(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get the error as an object, people beside it."""
    assert main(["--json", "-c", "models ;"]) == 2
    captured = capsys.readouterr()
    (line,) = captured.out.splitlines()
    found = json.loads(line)
    assert (found["status"], found["error"]["code"], found["error"]["exit_code"]) == ("failed", "syntax", 2)
    assert found["error"]["place"]["column"] == 8
    assert "reserved" in captured.err


def test_check_finds_nothing(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A sound script gives 0."""
    Path("messages.csv").touch()
    assert main(["check", "train.hfsh", "file=messages.csv"]) == 0
    assert "nothing else to complain about" in capsys.readouterr().out


def test_check_finds_all_of_it(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each finding stands with its place and the line; the exit code is 2."""
    script.write_text("d = data missing.csv\nfintune base d\nm = load minilm --dtyp x\nshow router\n")
    assert main(["check", "train.hfsh"]) == 2
    found = capsys.readouterr().out
    for place in ("train.hfsh:1:10", "train.hfsh:2:1", "train.hfsh:3:17", "train.hfsh:4:6"):
        assert place in found


def test_check_of_several_scripts(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is checked with the parameters; one that is wrong makes the code 2."""
    Path("messages.csv").touch()
    Path("wrong.hfsh").write_text("param file\nfintune $file d\n")
    assert main(["check", "train.hfsh", "wrong.hfsh", "file=messages.csv"]) == 2
    said = capsys.readouterr().out
    assert "train.hfsh: nothing else" in said
    assert "wrong.hfsh:2:1" in said
    assert main(["check", "train.hfsh", "--any-params"]) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "a", "--dry-run"],
        ["check", "a", "--log", "b"],
        ["check", "a", "--checkpoint", "b"],
    ],
)
def test_check_takes_no_options_of_runs(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """What only a run has is refused, and so is no script at all."""
    assert main(words) == 2
    assert "check" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--log", "./train.hfsh"], ["--log", "run", "--checkpoint", "run"]])
def test_a_log_has_a_file_of_its_own(
    script: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A log is not written into the script that runs, nor into its checkpoint."""
    assert main(["train.hfsh", "file=a", *words]) == 2
    assert "log" in capsys.readouterr().err
    assert script.read_text() == SCRIPT
    assert not Path("run").exists()


def test_check_as_json(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a finding."""
    script.write_text("fintune base d\nexpect x.n > 1\n")
    assert main(["check", "train.hfsh", "--json"]) == 2
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(problem["line"], problem["column"]) for problem in found] == [(1, 1), (2, 8)]


def test_faults_of_ours_are_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever breaks, people see a line, and the traceback when they ask for it."""

    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("hfshell.shell.batch.run_batch", broken)
    assert main(["-c", "models"]) == 1
    said = capsys.readouterr().err
    assert "RuntimeError: a bug" in said
    assert "Traceback" not in said
    assert main(["-c", "models", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_ctrl_c_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt outside any command still exits with 130."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("hfshell.shell.batch.run_batch", interrupted)
    assert main(["-c", "models"]) == 130
