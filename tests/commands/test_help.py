"""`help`: whatever has a name is explained, and what has none gets the nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import get_args

import pytest

from hfshell.api.options import Completion
from hfshell.api.requests import NameInfo
from hfshell.api.results import HelpOverview, HelpPage
from hfshell.commands.help import HelpOptions, show_help
from hfshell.commands.help_subjects import NAMED
from hfshell.commands.help_topics import TOPICS
from hfshell.commands.help_words import explain, explain_at
from hfshell.commands.local import LocalContext
from hfshell.commands.table import CommandTable
from hfshell.errors import UsageError
from hfshell.language import parse_script
from hfshell.plugin_host import PluginHost

NAMES = (
    NameInfo("router", "model", "BertModel", labels=("billing", "refunds"), task="text-classification",
             state="warm", current=True),
    NameInfo("tickets", "data", splits=("train", "test"), columns=("message", "queue"), rows=718),
    NameInfo("ev", "result", "evaluation", fields=("accuracy", "n"), values=("0.9", "72")),
    NameInfo("lr", "value", "2e-5"),
)  # fmt: skip


@dataclass(frozen=True)
class Context:
    """The surroundings of `help`."""

    plugins: PluginHost = field(default_factory=lambda: PluginHost(third_party=False))

    @property
    def commands(self) -> CommandTable:
        return CommandTable(self.plugins)

    def known_names(self) -> Sequence[NameInfo]:
        return NAMES

    @property
    def preferences(self) -> SimpleNamespace:
        return SimpleNamespace(aliases={"again": "predict router 'a b'"})


@pytest.fixture(scope="module")
def context() -> LocalContext:
    """The shipped plugins, and a name of each kind."""
    return Context()  # type: ignore[return-value] # `help` needs no more


def terms(page: HelpPage) -> dict[str, str]:
    """What a page says of each word."""
    return dict(page.terms)


def test_all_commands_and_topics(context: LocalContext) -> None:
    """Without a word everything that can be asked for is listed."""
    shown = show_help(context, HelpOptions())
    assert isinstance(shown, HelpOverview)
    assert {entry.name for entry in shown.commands} == set(context.commands.names())
    assert [entry.name for entry in shown.topics] == list(TOPICS)


def test_a_command(context: LocalContext) -> None:
    """All options stand on a command's page."""
    page = explain(context, ["finetune"])
    assert page.name == "finetune"
    assert "--epochs" in {option.flag for option in page.options}


def test_an_alias(context: LocalContext) -> None:
    """A word of one's own is explained, and found when it is misspelt."""
    page = explain(context, ["again"])
    assert "predict router" in page.summary
    assert "help predict" in terms(page)
    with pytest.raises(UsageError) as caught:
        explain(context, ["agian"])
    assert "again" in str(caught.value.hint)


@pytest.mark.parametrize("words", [["finetune", "--epochs"], ["finetune", "epochs"]])
def test_an_option_of_a_command(context: LocalContext, words: list[str]) -> None:
    """What it takes, its limits and its default, and the examples that use it."""
    page = explain(context, words)
    assert page.name == "finetune --epochs"
    assert terms(page) == {"takes": "a number, at least 0.01, at most 1000", "default": "3"}
    assert page.examples
    assert all("--epochs" in line for line, _ in page.examples)


def test_an_argument_of_a_command(context: LocalContext) -> None:
    """`help load SOURCE`, in any case."""
    assert explain(context, ["load", "source"]).name == "load SOURCE"


def test_an_option_of_a_task(context: LocalContext) -> None:
    """Whose option it is stands with it."""
    page = explain(context, ["predict", "--top-k"])
    assert "text-classification" in terms(page)["of the tasks"].split(", ")


def test_an_option_alone(context: LocalContext) -> None:
    """One command's option is explained; several commands' are listed."""
    assert explain(context, ["--learning-rate"]).name == "finetune --learning-rate"
    assert {"help load --allow", "help eval --allow"} <= set(terms(explain(context, ["--allow"])))


def test_a_task(context: LocalContext) -> None:
    """Its columns, verbs and metrics."""
    found = terms(explain(context, ["text-classification"]))
    assert found["columns"] == "text, label (learnt)"
    assert "accuracy" in found["measures"].split(", ")


def test_a_setting(context: LocalContext) -> None:
    """What it takes and what it is without being set."""
    for words in (["bell"], ["set", "bell"]):
        page = explain(context, words)
        assert page.name == "set bell"
        assert terms(page)["default"] == "off"


@pytest.mark.parametrize(
    ("word", "term", "said"),
    [
        ("router", "labels", "billing, refunds"),
        ("router", "state", "warm, the one that _ means"),
        ("tickets", "splits", "tickets.train, tickets.test"),
        ("tickets", "rows", "718"),
        ("ev", "ev.accuracy", "0.9"),
    ],
)
def test_a_bound_name(context: LocalContext, word: str, term: str, said: str) -> None:
    """What it holds is said, and every line offered with it is one."""
    page = explain(context, [word])
    assert terms(page)[term] == said
    for line, _ in page.examples:
        assert parse_script(line).lines


def test_what_stands_behind_a_dot(context: LocalContext) -> None:
    """A field with its value, a split; the nearest where there is none."""
    assert explain(context, ["ev.accuracy"]).summary == "A field of the result ev: 0.9"
    assert explain(context, ["ev.errors"]).summary == "The rows that went wrong when ev was measured"
    assert explain(context, ["tickets.test"]).summary == "A split of the data set tickets"
    with pytest.raises(UsageError) as raised:
        explain(context, ["ev.acuracy"])
    assert raised.value.hint == "did you mean accuracy?"


def test_a_value(context: LocalContext) -> None:
    """What a plain value stands for."""
    assert explain(context, ["lr"]).summary == "A plain value: 2e-5"


@pytest.mark.parametrize("name", TOPICS)
def test_a_topic(context: LocalContext, name: str) -> None:
    """Each has lines; those of the language can be read, and name commands that there are."""
    topic = TOPICS[name]
    assert explain(context, [name]).terms == topic.lines
    for line, said in topic.lines:
        assert said
        if topic.typed and not line.startswith("!"):
            script = parse_script(line.partition(" | ")[0])
            (parsed,) = script.lines
            assert context.commands.find(parsed.command.text) or line == "tickets"


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["fintune"], "did you mean finetune?"),
        (["finetune", "--epoch"], "did you mean --epochs?"),
        (["text-clasification"], "did you mean text-classification?"),
        (["editingmode"], "did you mean editing_mode?"),
        (["langage"], "did you mean language?"),
        (["ruter"], "did you mean router?"),
        (["--nonsense"], "`help COMMAND` lists a command's options"),
        (["xyzzy"], "`help` lists all"),
    ],
)
def test_nothing_has_this_name(context: LocalContext, words: list[str], hint: str) -> None:
    """The nearest name is offered, whatever kind of thing has it."""
    with pytest.raises(UsageError) as raised:
        explain(context, words)
    assert raised.value.hint == hint


@pytest.mark.parametrize(
    ("command", "words", "name"),
    [
        ("finetune", [], "finetune"),
        ("finetune", ["m"], "finetune MODEL"),
        ("finetune", ["m", "d"], "finetune DATA"),
        ("finetune", ["m", "d", "--epochs"], "finetune --epochs"),
        ("finetune", ["m", "d", "--epochs", "3"], "finetune --epochs"),
        ("finetune", ["--epochs", "3", "m"], "finetune MODEL"),
        ("finetune", ["m", "d", "--epochs=3"], "finetune --epochs"),
        ("finetune", ["m", "d", "e"], "finetune"),
        ("predict", ["m", "a", "b", "c"], "predict TEXT"),
        ("predict", ["router"], "router"),
        ("eval", ["m", "tickets.test"], "tickets.test"),
        ("set", ["bell"], "set bell"),
        ("set", ["bell", "10"], "set VALUE"),
        ("help", ["finetune"], "finetune"),
        ("ev", [], "ev"),
    ],
)
def test_a_word_of_a_line(context: LocalContext, command: str, words: list[str], name: str) -> None:
    """A word is explained by what it is in its place, or by what it names."""
    assert explain_at(context, command, words).name == name


def test_whatever_a_word_stands_for_has_words() -> None:
    """A new kind of completion is explained, too."""
    assert set(NAMED) == set(get_args(Completion))


def test_an_unknown_word_of_a_line(context: LocalContext) -> None:
    """A mistyped command or option gets the nearest."""
    with pytest.raises(UsageError, match="no help on fintune"):
        explain_at(context, "fintune", ["m"])
    with pytest.raises(UsageError, match="finetune has no --epoch"):
        explain_at(context, "finetune", ["m", "--epoch"])
