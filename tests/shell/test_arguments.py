"""The command line of `hfshell`: what it asks for, and what is said of mistakes."""

from __future__ import annotations

import pytest

from hfshell.errors import UsageError
from hfshell.shell.arguments import help_text, parse_arguments


def test_a_script_with_parameters_and_options_anywhere() -> None:
    """Options may stand before and behind FILE."""
    invocation = parse_arguments(["--json", "train.hfsh", "epochs=5", "--keep-going", "rate=-3"])
    assert invocation.words == ["train.hfsh", "epochs=5", "rate=-3"]
    assert invocation.json
    assert invocation.keep_going
    assert not invocation.debug


def test_lines_come_in_order() -> None:
    """`-c` may be repeated; a line may begin with the dash that lets it fail."""
    invocation = parse_arguments(["-c", "m = load minilm", "-c", "- unload x", "name=value"])
    assert invocation.lines == ["m = load minilm", "- unload x"]
    assert invocation.words == ["name=value"]


def test_standard_input_is_a_word() -> None:
    """A dash alone is no option."""
    assert parse_arguments(["-", "a=1"]).words == ["-", "a=1"]


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--jsn"], "--json"),
        (["train.hfsh", "--keepgoing"], "--keep-going"),
        (["--zzz"], "--help"),
        (["-c"], "--help"),
    ],
)
def test_a_wrong_option_gets_the_nearest(arguments: list[str], hint: str) -> None:
    """A typo is answered with what was meant."""
    with pytest.raises(UsageError) as raised:
        parse_arguments(arguments)
    assert hint in (raised.value.hint or "")


def test_options_are_never_guessed() -> None:
    """An abbreviation that works today could mean two options tomorrow."""
    with pytest.raises(UsageError):
        parse_arguments(["--js"])


def test_lines_and_a_file_are_two_wishes() -> None:
    """-c and FILE together would leave open what runs first."""
    with pytest.raises(UsageError):
        parse_arguments(["-c", "models", "train.hfsh"])


def test_help_names_every_way_in() -> None:
    """`hfshell --help` shows the ways to run it, every option and the exit codes."""
    text = help_text()
    for part in (
        "FILE",
        "-c LINE",
        "check FILE",
        "--json",
        "--keep-going",
        "--plain",
        "--debug",
        "--no-plugins",
        "130",
    ):
        assert part in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_plugins_is_a_line_like_any_other() -> None:
    """What switches a broken plugin off needs no script, and keeps its own options apart from hfshell's."""
    invocation = parse_arguments(["--plain", "plugins", "new", "my mood", "--folder=a b", "--json", "--x"])
    assert invocation.lines == ["plugins new 'my mood' --folder='a b' --x"]
    assert invocation.words == []
    assert (invocation.plain, invocation.json) == (True, True)
