"""What Tab offers behind a slash."""

from __future__ import annotations

from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from hfshell.commands.table import CommandTable
from hfshell.plugin_host import PluginHost
from hfshell.shell.sub_prompt.completer import SlashCompleter
from hfshell.shell.sub_prompt.highlighting import SlashLexer
from hfshell.shell.sub_prompt.options import LineOptions
from hfshell.shell.sub_prompt.typed import CHAT_COMMANDS, PREDICT_COMMANDS


def offered(plugins: PluginHost, text: str, command: str = "chat", task: str = "chat") -> list[str]:
    """What Tab offers behind a text."""
    options = LineOptions(command, task, CommandTable(plugins), plugins)
    commands = CHAT_COMMANDS if command == "chat" else PREDICT_COMMANDS
    completer = SlashCompleter(commands, options)
    return [found.text for found in completer.get_completions(Document(text), CompleteEvent())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/u", ["/undo"]),
        ("/s", ["/system", "/set", "/save"]),
        ("/set max-n", ["max-new-tokens"]),
        ("/set max-new-tokens ", ["256"]),
        ("/set max-new-tokens 5 ", []),
        ("hello /u", []),
        ("//u", []),
        ("a\n/u", []),
        ("", []),
    ],
)
def test_what_is_offered(plugins: PluginHost, text: str, expected: list[str]) -> None:
    """Commands, options and their values; nothing in what is said."""
    assert offered(plugins, text) == expected


def test_predictions_have_no_conversation(plugins: PluginHost) -> None:
    """What chat alone can do is not offered; the task's own options are."""
    assert offered(plugins, "/", "predict", "question-answering") == ["/help", "/set", "/exit"]
    assert offered(plugins, "/set con", "predict", "question-answering") == ["context"]
    assert offered(plugins, "/set no-answer ", "predict", "question-answering") == [
        "learnt", "allowed", "never",
    ]  # fmt: skip


def test_files_are_offered_to_save_to(
    plugins: PluginHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paths, as far as they are typed."""
    (tmp_path / "talk.jsonl").touch()
    monkeypatch.chdir(tmp_path)
    assert offered(plugins, "/save ta") == ["lk.jsonl"]


def test_only_a_command_that_there_is_is_coloured() -> None:
    """A text looks like a text."""
    lexer = SlashLexer(CHAT_COMMANDS)
    assert lexer.lex_document(Document("/set a"))(0) == [("class:command", "/set"), ("", " a")]
    assert lexer.lex_document(Document("/sit a"))(0) == [("", "/sit a")]
    assert lexer.lex_document(Document("a\n/set"))(1) == [("", "/set")]
