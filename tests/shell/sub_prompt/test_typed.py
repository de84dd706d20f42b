"""What was typed reaches the model as it stands, whatever signs are in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfshell.commands.parsing import Argument, parse
from hfshell.commands.table import CommandTable
from hfshell.commands.task_options import added_options
from hfshell.errors import UsageError
from hfshell.language import is_incomplete, parse_script
from hfshell.plugin_host import PluginHost
from hfshell.shell.sub_prompt.lines import line
from hfshell.shell.sub_prompt.options import LineOptions
from hfshell.shell.sub_prompt.typed import Asked, Said, typed


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("hello", Said("hello")),
        ("  /new", Said("  /new")),
        ("//new", Said("/new")),
        ("// a", Said("/ a")),
        ("a /new", Said("a /new")),
        ("/new", Asked("new", "")),
        ("/set top-p 0.5 ", Asked("set", "top-p 0.5")),
        ("/system be\nbrief", Asked("system", "be\nbrief")),
        ("/usr/bin is what", Asked("usr/bin", "is what")),
        ("/", Asked("", "")),
    ],
)
def test_slash_makes_a_command_and_two_make_a_text(text: str, meant: Said | Asked) -> None:
    """Nothing else does."""
    assert typed(text) == meant


@given(st.text(min_size=1), st.sampled_from(["m", "./my model", "hub:a/b", "_"]))
def test_any_text_is_one_word_of_the_line(text: str, model: str) -> None:
    """Quotes, `$`, `!`, `#`, dashes and line ends are text; what no word can hold is replaced, not lost."""
    made = line("chat", model, text, [("--stop", text), ("--full-text", None)], "--again")
    assert not is_incomplete(made)
    (read,) = parse_script(made).lines
    said = "".join("\ufffd" if sign == "\0" else sign for sign in text)
    said = "".join("?" if "\ud800" <= sign <= "\udfff" else sign for sign in said)
    assert [word.plain for word in read.words] == [model, said, f"--stop={said}", "--full-text", "--again"]
    assert not read.words[1].raw.startswith("-")
    assert not any(word.references for word in read.words)
    assert read.redirect is read.heredoc is read.binding is None


@pytest.fixture
def options(plugins: PluginHost) -> LineOptions:
    """The options of `chat`."""
    return LineOptions("chat", "chat", CommandTable(plugins), plugins)


def test_options_are_held_against_their_declarations_at_once(options: LineOptions) -> None:
    """A wrong one is said, and nothing is changed by it."""
    assert options.set("temperature", "0.5") == "--temperature 0.5"
    for name, value, message in (
        ("temperature", "warm", "not a number"),
        ("temprature", "1", "no option --temprature"),
        ("top_p", "3", "--top-p"),
        ("system", "x", "no option --system"),
        ("new", "", "no option --new"),
    ):
        with pytest.raises(UsageError, match=message):
            options.set(name, value)
    assert options.given == [("--temperature", "0.5")]


def test_option_is_set_over_its_older_value_and_taken_back(options: LineOptions) -> None:
    """Also by its flag, and with what it takes several words for."""
    options.set("--max-new-tokens", "5")
    options.set("stop", "the end, or so")
    options.set("max_new_tokens", "6")
    assert options.given == [("--stop", "the end, or so"), ("--max-new-tokens", "6")]
    assert options.set("max-new-tokens", "") == "--max-new-tokens has its default again"
    assert options.given == [("--stop", "the end, or so")]


def test_switches_are_turned(plugins: PluginHost) -> None:
    """On without a value; off in words."""
    options = LineOptions("predict", "text-generation", CommandTable(plugins), plugins)
    assert options.set("full-text", "") == "--full-text"
    assert options.set("full-text", "off") == "--no-full-text"
    assert options.given == [("--no-full-text", None)]
    with pytest.raises(UsageError, match="on or off"):
        options.set("full-text", "maybe")


def test_what_is_set_parses_as_the_line_that_is_made_of_it(options: LineOptions, plugins: PluginHost) -> None:
    """So a value never turns into an option, or an error a line later."""
    options.set("stop", "--max-new-tokens")
    options.set("max_new_tokens", "7")
    (read,) = parse_script(line("chat", "m", "hi", options.given)).lines
    arguments = [Argument(word.plain, word.raw.startswith("-"), read.place(word)) for word in read.words]
    spec = CommandTable(plugins).get("chat")
    parsed = parse(spec, arguments, read.place(read.command), added_options(spec, "chat", plugins))
    assert parsed.task_options.stop == ("--max-new-tokens",)
    assert parsed.task_options.max_new_tokens == 7
    assert parsed.options.words == ("hi",)
