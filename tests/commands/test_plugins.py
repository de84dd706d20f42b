"""`plugins why`: what happened, when, and whether it may be so no more."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.commands.table import CommandTable
from hfshell.errors import PluginError, UsageError
from hfshell.home import locate_home
from hfshell.plugin_host import PluginHost, failures
from hfshell.plugin_host.isolation import Failure
from hfshell.shell.kernelless import NoKernel
from hfshell.shell.local import run_local
from hfshell.shell.route import Local, route
from tests.plugin_host.conftest import install

__all__ = ["install"]

TOGGLE = """
from dataclasses import dataclass
from pathlib import Path
from hfshell.api import CommandSpec, Message, hookimpl, option

@dataclass(frozen=True)
class Options:
    loud: bool = option(False, "Whether to shout")

@hookimpl
def hfshell_commands():
    return [CommandSpec(name="greet", summary="Greet", options=Options, target=f"{__name__}:greet")]

def greet(context, options):
    if options.loud:
        raise ValueError("too loud")
    return Message(lines=("hello",))
"""


@pytest.fixture
def greet(install) -> Path:
    """The file of a plugin that fails with `--loud`."""
    module = install("greet", TOGGLE, group="hfshell.plugins")
    return install.folder / f"{module}.py"


def why(session: Session, name: str = "greet") -> tuple[str, ...]:
    """What `plugins why` says."""
    return session.run(f"plugins why {name}").lines


@pytest.mark.usefixtures("greet")
def test_a_failure_is_dated_until_the_same_works() -> None:
    """What failed once and works now is told as what was."""
    with Session() as session:
        with pytest.raises(PluginError, match="too loud"):
            session.run("greet --loud")
        first, *_ = why(session)
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d: in greet: ValueError: too loud \(.*\.py:16\)", first
        )
        session.run("greet")
        assert why(session)[0] == "greet has not failed since it last did the same"
        assert "too loud" in why(session)[1]
        with pytest.raises(PluginError, match="too loud"):
            session.run("greet --loud")
        assert "in greet" in why(session)[0]


def test_a_failure_is_not_that_of_changed_files(greet: Path) -> None:
    """Whoever mends it is not told of it as if it were so still."""
    with Session() as session, pytest.raises(PluginError, match="too loud"):
        session.run("greet --loud")
    later = time.time() + 5
    os.utime(greet, (later, later))
    with Session() as session:
        assert why(session)[0] == "greet has not failed since the last change of its files"


def test_why_does_not_send_to_itself(greet: Path) -> None:
    """Who asks why has asked."""
    plugin = PluginHost().named("greet")[0].plugin
    failures.write(locate_home().state, plugin, Failure("x", "", "`plugins why greet` shows the traceback"))
    with Session() as session:
        assert not [line for line in why(session) if "plugins why" in line]
    assert greet.exists()


@pytest.mark.slow
def test_a_failed_check_is_a_failure_until_it_passes(greet: Path) -> None:
    """`plugins why` knows what `plugins check` found."""
    sound = greet.read_text()
    greet.write_text(sound.replace("Whether to shout", ""))
    with Session() as session:
        session.run("plugins check greet")
        first, hint, *_ = why(session)
        assert "in plugins check: options: --loud of greet has no help" in first
        assert hint
    greet.write_text(sound)
    with Session() as session:
        session.run("plugins check greet")
        assert "has not failed since" in why(session)[0]


def test_a_new_plugin_may_be_named_as_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`plugins new hfshell-irony` is the task irony, in ./hfshell-irony."""
    monkeypatch.chdir(tmp_path)
    with Session() as session:
        session.run("plugins new hfshell-irony")
    assert (tmp_path / "hfshell-irony" / "hfshell_irony" / "plugin.py").is_file()


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("plugins why nothing-here", "nothing-here"),
        ("plugins why", "why"),
        ("plugins prefer text-classification hfshell-no", "hfshell-no"),
        ("plugins new 'two words'", "'two words'"),
        ("plugins check", "check"),
        ("plugins new Mood", "Mood"),
    ],
)
def test_the_word_that_is_wrong_is_marked(line: str, word: str) -> None:
    """The caret stands under what the message speaks of."""
    plugins = PluginHost()
    table = CommandTable(plugins)
    way = route(line, table, lambda _name: False)
    assert isinstance(way, Local)
    with pytest.raises(UsageError) as caught:
        run_local(way, NoKernel(table, plugins))
    place = caught.value.place
    assert place is not None
    assert place.column is not None
    assert line[place.column - 1 :][: place.length] == word
