"""Commands of plugins: what the author declared is what the author is given."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.errors import UsageError

PLUGIN = """
from dataclasses import dataclass
from hfshell.api import CommandSpec, Message, argument, hookimpl, option

@dataclass(frozen=True)
class GreetOptions:
    name: str = argument("Whom to greet", metavar="NAME")
    times: int = option(1, "How often", minimum=1)

    def __post_init__(self):
        if self.name == "nobody":
            raise ValueError("there is nobody to greet")

    def greetings(self):
        return (f"hello {self.name}",) * self.times

@dataclass(frozen=True)
class LookOptions:
    model: str = argument("A model", complete="model", metavar="MODEL")
    data: str = argument("A data set", complete="data", metavar="DATA")

@hookimpl
def hfshell_commands():
    target = "plugin_that_greets:greet"
    return [
        CommandSpec(name="greet", summary="Say hello", options=GreetOptions, target=target, api=1),
        CommandSpec(name="look", summary="Look", options=LookOptions, target="plugin_that_greets:look",
                    heredoc=True, api=1),
        CommandSpec(name="echo", summary="Echo", options=GreetOptions, target=target, api=1),
    ]

def greet(context, options):
    return Message(lines=options.greetings())

def look(context, options):
    model, data, rows = context.model(options.model), context.data(options.data), context.rows(options.data)
    return Message(lines=(type(model.module).__name__, data.name, str(len(rows)), str(context.text)))
"""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session with the plugin installed, so that its options are parsed into stand-ins."""
    (tmp_path / "plugin_that_greets.py").write_text(PLUGIN)
    info = tmp_path / "hfshell_greet-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: hfshell-greet\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text("[hfshell.plugins]\ngreet = plugin_that_greets\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    metadata.MetadataPathFinder().invalidate_caches()
    with Session() as session:
        yield session
    sys.modules.pop("plugin_that_greets", None)


def test_options_arrive_as_the_class_that_was_declared(session: Session) -> None:
    """Methods of the author's class are there, whatever the line was parsed into."""
    result = session.run("greet Ada --times 2")
    assert result is not None
    assert result.to_dict()["lines"] == ["hello Ada", "hello Ada"]


def test_what_the_class_refuses_is_the_users_mistake(session: Session) -> None:
    """A ValueError of `__post_init__` is told in its own words, and is no fault of the plugin."""
    with pytest.raises(UsageError, match="there is nobody to greet") as caught:
        session.run("greet nobody")
    assert caught.value.exit_code == 2
    assert caught.value.place is not None


def test_options_of_a_module_that_is_not_installed_are_no_different(session: Session) -> None:
    """A plugin that a test brings along behaves as it will when it is installed."""
    session.plugins.disable("greet")
    namespace = type(sys)("plugin_that_greets")
    sys.modules[namespace.__name__] = namespace
    exec(PLUGIN, vars(namespace))
    session.plugins.use(namespace, "greet-here")
    with pytest.raises(UsageError, match="there is nobody to greet"):
        session.run("greet nobody")


def test_command_reaches_models_data_and_the_heredoc(session: Session, tiny_model: Path, table: Path) -> None:
    """What a line names, a plugin's command finds as our own commands do."""
    session.run(f"messages = data {table}")
    result = session.run(f"look {tiny_model} messages <<END\nsome words\nEND")
    assert result is not None
    assert result.to_dict()["lines"] == ["BertModel", "messages", "15", "some words"]


def test_command_of_a_built_in_name_is_said_and_not_used(session: Session) -> None:
    """A plugin cannot take `echo` away from scripts, and does not fail at it in silence."""
    result = session.run("echo hello")
    assert result is not None
    assert result.to_dict()["lines"] == ["hello"]
    session.commands.names()
    assert any("echo is hfshell's own command" in notice for notice in session.plugins.notices())
