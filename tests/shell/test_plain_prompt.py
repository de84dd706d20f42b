"""The prompt that is never drawn again, with lines that a test gives instead of a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent, Completer, Completion

from hfshell.home import find_home
from hfshell.shell.arguments import parse_arguments
from hfshell.shell.history import PromptHistory
from hfshell.shell.plain_prompt import CONTINUATION, SIGN, PlainPrompt
from hfshell.shell.prompt import PromptShell
from tests.shell.fake_supervisor import FakeSupervisor

if TYPE_CHECKING:
    from prompt_toolkit.document import Document

Given = Callable[..., list[str]]


class Words(Completer):
    """Offers options for whatever is typed."""

    def get_completions(self, document: Document, _: CompleteEvent) -> Iterator[Completion]:
        word = document.get_word_before_cursor(WORD=True)
        for text in ("--epochs", "--epsilon", "models"):
            if text.startswith(word):
                yield Completion(f"{text} ", -len(word), display=text, display_meta=f"about {text}")


class Editor:
    """Stands where readline stands: a line with a cursor at its end."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.added: list[str] = []

    def get_line_buffer(self) -> str:
        return self.line

    def get_begidx(self) -> int:
        return max(self.line.rfind(" "), self.line.rfind("\t")) + 1

    def get_endidx(self) -> int:
        return len(self.line)

    def add_history(self, text: str) -> None:
        self.added.append(text)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Give lines to whoever asks for some; returns what was asked."""

    def give(*lines: str | type[BaseException]) -> list[str]:
        asked: list[str] = []
        left: Iterable[str | type[BaseException]] = iter(lines)

        def answer(sign: str) -> str:
            asked.append(sign)
            line = next(left, EOFError)  # type: ignore[call-overload] # an iterator
            if isinstance(line, str):
                return line
            raise line

        monkeypatch.setattr("builtins.input", answer)
        return asked

    return give


@pytest.fixture
def prompt(tmp_path: Path) -> PlainPrompt:
    """A plain prompt with a history of its own."""
    return PlainPrompt(PromptHistory(tmp_path / "history", pytest.fail), Words)


def test_a_line(prompt: PlainPrompt, given: Given) -> None:
    """One line is one text."""
    asked = given("models")
    assert prompt.read() == "models"
    assert asked == [SIGN]


def test_an_incomplete_line_goes_on(prompt: PlainPrompt, given: Given) -> None:
    """A heredoc, a quote, a backslash: asked for with another sign."""
    asked = given("predict m <<END", "my card", "END")
    assert prompt.read() == "predict m <<END\nmy card\nEND"
    assert asked == [SIGN, CONTINUATION, CONTINUATION]


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_a_text_that_is_given_up(prompt: PlainPrompt, given: Given, end: type[BaseException]) -> None:
    """Ctrl-C, and Ctrl-D inside a text, drop it; the shell stays."""
    given("echo 'open", end)
    with pytest.raises(KeyboardInterrupt):
        prompt.read()


def test_the_end_of_the_input(prompt: PlainPrompt, given: Given) -> None:
    """Ctrl-D on an empty line leaves."""
    given()
    with pytest.raises(EOFError):
        prompt.read()


def test_what_is_remembered(prompt: PlainPrompt, given: Given, tmp_path: Path) -> None:
    """The same as anywhere: no secret, nothing behind a space, nothing empty."""
    given("models", " echo hidden", "let password = hunter2", "", "echo \\", "more")
    for _ in range(5):
        prompt.read()
    kept = PromptHistory(tmp_path / "history", pytest.fail).read_now()
    assert kept == ["echo \\\nmore", "models"]


class AsciiEditor(Editor):
    """What readline is under LC_ALL=C."""

    def add_history(self, text: str) -> None:
        super().add_history(text.encode("ascii").decode())


def test_letters_that_the_locale_lacks(prompt: PlainPrompt, given: Given) -> None:
    """The line runs; that the editor cannot bring it back must not end the prompt."""
    editor = prompt.__dict__["_editor"] = AsciiEditor("")
    given("echo caf\u00e9", "models")
    assert prompt.read() == "echo caf\u00e9"
    assert prompt.read() == "models"
    assert editor.added == ["models"]


@pytest.mark.parametrize(
    ("line", "replacements"),
    [
        ("mod", ["models "]),
        ("finetune m --ep", ["--epochs ", "--epsilon "]),
        ("finetune --x", []),
    ],
)
def test_tab_offers_what_replaces_the_word(prompt: PlainPrompt, line: str, replacements: list[str]) -> None:
    """Readline replaces the word at the cursor, and asks for one match after another."""
    prompt.__dict__["_editor"] = Editor(line)
    found: list[str] = []
    while (match := prompt._complete("", len(found))) is not None:
        found.append(match)
    assert found == replacements


def test_what_tab_lists(prompt: PlainPrompt, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each match with its help, then the line as it was: appended, nothing drawn over."""
    prompt.__dict__["_editor"] = Editor("finetune --ep")
    prompt._complete("--ep", 0)
    prompt._list("--ep", ["--epochs ", "--epsilon "], 10)
    assert capsys.readouterr().out == (
        "\n  --epochs  about --epochs\n  --epsilon  about --epsilon\n> finetune --ep"
    )


class Shell(PromptShell):
    """A plain shell beside a kernel that is none."""

    supervisor = FakeSupervisor()

    def _supervise(self) -> FakeSupervisor:  # type: ignore[override]
        return self.supervisor


@pytest.mark.parametrize("how", ["option", "ACCESSIBLE", "TERM"])
def test_three_ways_to_be_plain(
    given: Given, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], how: str
) -> None:
    """`--plain`, a variable, a terminal that can do nothing: ASCII, line after line, no escape sequence."""
    monkeypatch.setenv("TERM", "dumb" if how == "TERM" else "xterm")
    if how == "ACCESSIBLE":
        monkeypatch.setenv("ACCESSIBLE", "1")
    asked = given("models", "finetune m d --epochs ?", "fintune")
    shell = Shell(parse_arguments(["--plain"] if how == "option" else []), find_home())
    try:
        assert shell.run() == 0
    finally:
        shell.close()
    shown = "".join(capfd.readouterr())
    assert isinstance(shell.prompt, PlainPrompt)
    assert asked == [SIGN] * 4
    assert "ran models" in shown
    assert "did you mean finetune" in shown
    assert shown.isascii()
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("value", "plain"), [("1", True), ("yes", True), ("0", False), ("", False), ("off", False)]
)
def test_what_accessible_may_say(monkeypatch: pytest.MonkeyPatch, value: str, plain: bool) -> None:
    """A variable that is set and says no means no; scripts heed it too."""
    monkeypatch.setenv("ACCESSIBLE", value)
    assert parse_arguments(["-c", "models"]).plain is plain
