"""Colours: every character keeps its place, and gets the class of what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text

from hfshell.shell.highlighting import highlighted
from hfshell.shell.prompt_lexer import Known, PromptLexer

COMMANDS = frozenset({"finetune", "echo", "models", "expect", "let"})
LITTLE = Known(COMMANDS)
FLAGS = {"finetune": {"--epochs", "--label-map"}, "models": set()}
ALL = Known(COMMANDS, True, FLAGS.get, {"base": (), "ev": ("accuracy", "n"), "lr": ()})


def classes(text: str) -> dict[str, str]:
    """The class of each coloured piece."""
    return {piece: style.removeprefix("class:") for style, piece, *_ in highlighted(text, LITTLE) if style}


@pytest.mark.parametrize(
    ("text", "piece", "expected"),
    [
        ("finetune base", "finetune", "command"),
        ("r = finetune base", "r", "name"),
        ("r = finetune base", "=", "operator"),
        ("finetune b --epochs 3", "--epochs", "option"),
        ("echo 'a b'", "a b", "string"),
        ("echo x$ev.accuracy", "$ev.accuracy", "reference"),
        ('echo "x ${ev.n}"', "${ev.n}", "reference"),
        ("models > out.json", ">", "redirect"),
        ("models # why", "# why", "comment"),
        ("models ; help", ";", "error"),
        ("expect ev.n >= 3", ">=", "operator"),
        ("!ls", "!", "operator"),
        (" !ls", "!", "operator"),
    ],
)
def test_what_is_coloured(text: str, piece: str, expected: str) -> None:
    """Each kind of word has its class."""
    found = {"".join(part.split("'")): style for part, style in classes(text).items()} | classes(text)
    assert found[piece] == expected


def test_before_plugins_were_asked_a_command_is_only_uncoloured() -> None:
    """Until all commands are known, an unknown one may be a plugin's."""
    assert "fintune" not in classes("fintune base")


def unknown(text: str, known: Known = ALL) -> list[str]:
    """The pieces that are marked; the cursor stands at `¦`, or nowhere."""
    cursor = text.find("¦")
    pieces = highlighted(text.replace("¦", ""), known, cursor)
    return [piece for style, piece, *_ in pieces if style == "class:unknown"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fintune base", ["fintune"]),
        ("fintune¦", ["fintune"]),
        ("fin¦", []),
        ("fin¦ base", []),
        ("fin base¦", ["fin"]),
        ("m¦", []),
        ("ev", []),
        ("ev.accuracy", []),
        ("ev x", ["ev"]),
        ("e¦", []),
        ("_", []),
        ("finetune?", []),
        ("?finetune", []),
        ("fintune?", ["fintune?"]),
        ("finetune base --epoch 3", ["--epoch"]),
        ("finetune base --epoch¦", []),
        ("finetune base --epochz¦", ["--epochz"]),
        ("finetune base --epochs=3 --label-map a=b", []),
        ("finetune base --epoch=3", ["--epoch="]),
        ("finetune base -x --", []),
        ("models --all", ["--all"]),
        ("echo --any", []),
        ("fintune --any", ["fintune"]),
        ("echo $lr $rl", ["$rl"]),
        ("echo $l¦", []),
        ("echo 'x $rl'", []),
        ('echo "x ${rl}"', ["${rl}"]),
        ("echo $ev.accuracy ${ev.acc}", ["${ev.acc}"]),
        ("echo $ev.acc¦", []),
        ("echo $base.x", []),
        ("echo $_.accuracy", []),
        ("new = finetune base\necho $new.accuracy", []),
        ("let rate = 3\necho $rate $rates", ["$rates"]),
        ("echo ${env:HFSHELL_NOT_SET}", ["${env:HFSHELL_NOT_SET}"]),
        ("echo ${env:HFSHELL_TEST_SET}", []),
        ("models | nosuch --option $x", []),
        ("!nosuch --option", []),
    ],
)
def test_what_is_unknown_is_marked(text: str, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip is seen before Enter, but never a word that is still being typed and may become a known one."""
    monkeypatch.setenv("HFSHELL_TEST_SET", "x")
    assert unknown(text) == expected


def test_nothing_is_unknown_before_anybody_was_asked() -> None:
    """Marks come when it is known that they are right."""
    assert unknown("fintune $rl --any", Known(COMMANDS)) == []
    assert unknown("fintune base", Known(COMMANDS, True, FLAGS.get, None)) == []
    assert unknown("echo $rl", Known(COMMANDS, True, FLAGS.get, {})) == ["$rl"]


def test_a_long_paste_is_not_searched_for_slips() -> None:
    """Keys stay quick in a text of thousands of lines."""
    assert unknown("fintune base\n" * 5000) == []


def test_an_unfinished_reference_is_no_error() -> None:
    """`${` gets the colour of an error only once somebody leaves it unfinished."""
    assert "${ev" not in [piece for style, piece, *_ in highlighted("echo ${ev", ALL, 9) if "error" in style]
    assert "${ev" in [piece for style, piece, *_ in highlighted("echo ${ev", ALL, 2) if "error" in style]


def test_what_follows_a_pipe_is_the_systems() -> None:
    """At the prompt `|` is no error."""
    found = {piece: style for style, piece, *_ in highlighted("models | grep --count x", ALL)}
    assert found["|"] == "class:operator"
    assert found[" grep --count x"] == ""


def test_the_lexer_looks_again_when_more_is_known() -> None:
    """Marks appear and go with what is bound, and with the cursor."""
    now, cursor = [Known(COMMANDS)], [0]
    lexer = PromptLexer(lambda: now[0], lambda: cursor[0])
    seen = {lexer.invalidation_hash()}
    for change in (Known(COMMANDS, True), ALL, Known(COMMANDS, True, FLAGS.get, {"base": ()})):
        now[0] = change
        seen.add(lexer.invalidation_hash())
    cursor[0] = 1
    seen.add(lexer.invalidation_hash())
    assert len(seen) == 5


@given(st.text(max_size=60))
def test_no_character_moves(text: str) -> None:
    """Whatever is typed, the pieces joined are the text."""
    assert fragment_list_to_text(highlighted(text, LITTLE)) == text
    for cursor in (-1, 0, len(text) // 2, len(text)):
        assert fragment_list_to_text(highlighted(text, ALL, cursor)) == text


def test_lines_of_a_heredoc() -> None:
    """prompt_toolkit asks line by line; the end of the text has no line more."""
    line = PromptLexer(lambda: LITTLE).lex_document(Document("echo <<END\nhello\nEND"))
    assert [fragment_list_to_text(line(number)) for number in range(4)] == ["echo <<END", "hello", "END", ""]
