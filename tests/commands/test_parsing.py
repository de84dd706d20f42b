"""Words become typed options, and a mistake points at its word."""

from __future__ import annotations

import pytest

from hfshell.commands.data import DataCommandOptions
from hfshell.commands.finetune import COMMAND as FINETUNE
from hfshell.commands.finetune import FinetuneOptions
from hfshell.commands.parsing import Argument, parse, usage_line
from hfshell.commands.table import BUILT_IN, CommandTable
from hfshell.errors import Place, UsageError
from hfshell.plugin_host import PluginHost

COMMAND_PLACE = Place("x.hfsh", 1, 1)


def words(*texts: str) -> list[Argument]:
    """Make arguments as if typed with one space between them."""
    column, arguments = 10, []
    for text in texts:
        arguments.append(Argument(text, text.startswith("-"), Place("x.hfsh", 1, column, len(text))))
        column += len(text) + 1
    return arguments


def finetune(*texts: str) -> FinetuneOptions:
    """Parse a finetune line."""
    return parse(FINETUNE, words("base", "d", *texts), COMMAND_PLACE).options


def test_defaults_come_from_the_declaration() -> None:
    """What is not said is what the dataclass says."""
    assert finetune() == FinetuneOptions("base", "d")


@pytest.mark.parametrize(
    ("texts", "field", "value"),
    [
        (("--epochs", "5"), "epochs", 5.0),
        (("--epochs=5",), "epochs", 5.0),
        (("--learning-rate", "2e-5"), "learning_rate", 2e-5),
        (("--resume",), "resume", "last"),
        (("--resume=7f3a91",), "resume", "7f3a91"),
        (("--allow", "labels", "--allow", "leakage"), "allow", ("labels", "leakage")),
        (("--seed", "0"), "seed", 0),
    ],
)
def test_words_are_read_by_type(texts: tuple[str, ...], field: str, value: object) -> None:
    """Each type of option is read as its declaration says."""
    assert getattr(finetune(*texts), field) == value


def test_given_tells_said_from_default() -> None:
    """A verb can tell what the user said from what was filled in."""
    parsed = parse(FINETUNE, words("base", "d", "--epochs", "3"), COMMAND_PLACE)
    assert parsed.given == {"model", "data", "epochs"}


@pytest.mark.parametrize(
    ("texts", "column", "message", "hint"),
    [
        (("--epoch", "3"), 17, "no option --epoch", "--epochs"),
        (("--epochs", "many"), 26, "--epochs", None),
        (("--epochs", "-1"), 26, "--epochs", None),
        (("--batch-size=0",), 17, "--batch-size", None),
        (("surplus",), 17, "too many", "usage: finetune MODEL DATA"),
        (("--seed",), 17, "--seed", "usage"),
    ],
)
def test_mistake_points_at_its_word(
    texts: tuple[str, ...], column: int, message: str, hint: str | None
) -> None:
    """The caret stands under the word that is wrong, and the nearest name is offered."""
    with pytest.raises(UsageError) as caught:
        finetune(*texts)
    assert caught.value.place is not None
    assert caught.value.place.column == column
    assert message in caught.value.message
    if hint:
        assert hint in (caught.value.hint or "")


def test_missing_word_points_at_the_command() -> None:
    """What is not there cannot be pointed at; the command can."""
    with pytest.raises(UsageError, match="finetune wants DATA") as caught:
        parse(FINETUNE, words("base"), COMMAND_PLACE)
    assert caught.value.place == COMMAND_PLACE


def test_quoted_dash_is_text() -> None:
    """A text that begins with a dash is no option when it was quoted."""
    predict = CommandTable(PluginHost()).get("predict")
    quoted = Argument("-dash first", option_like=False, place=Place("x", 1, 1))
    parsed = parse(predict, [*words("m"), quoted], COMMAND_PLACE)
    assert parsed.options.inputs == ("-dash first",)


def test_unknown_yet_word_passes_any_type() -> None:
    """While checking, a word with a reference is taken on trust."""
    opaque = Argument(None, option_like=False, place=Place("x", 1, 1))
    parse(FINETUNE, [*words("base", "d", "--epochs"), opaque], COMMAND_PLACE)


def test_flag_has_a_negative_twin() -> None:
    """What is on by default can be switched off."""
    data = CommandTable(PluginHost()).get("data")
    options: DataCommandOptions = parse(data, words("a.csv", "--no-dedup"), COMMAND_PLACE).options
    assert options.dedup is False


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_command_is_declared_whole(name: str) -> None:
    """Each command has a file of its name, a summary, an example, and help for each option."""
    spec = CommandTable(PluginHost()).get(name)
    assert spec.name == name
    assert spec.summary
    assert not spec.summary.endswith(".")
    assert spec.examples
    assert usage_line(spec).startswith(name)


def test_unknown_command_offers_the_nearest() -> None:
    """A misspelt command is answered with the right one."""
    with pytest.raises(UsageError) as caught:
        CommandTable(PluginHost()).get("finetun")
    assert "finetune" in str(caught.value.hint)
