"""Settings and aliases at the prompt: they take effect at once, and each kernel is told them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hfshell.api.events import CommandFinished, CommandStarted, SessionEvent
from hfshell.api.requests import RunRequest
from hfshell.api.results import SettingShown
from hfshell.home import find_home
from hfshell.shell.arguments import parse_arguments
from tests.shell.test_prompt import ENTER, Prompt

if TYPE_CHECKING:
    from prompt_toolkit.input import PipeInput

CONFIG = """\
[settings]
seed = 5
theme = "pink"

[aliases]
ev = "eval router"
"""


@pytest.fixture
def begin(keyboard: PipeInput) -> Iterator[Callable[..., Prompt]]:
    """Begin a prompt with some arguments, in a home that may have a file."""
    shells: list[Prompt] = []

    def make(*arguments: str, config: str | None = None) -> Prompt:
        home = find_home()
        if config is not None:
            home.config.mkdir(parents=True, exist_ok=True)
            (home.config / "config.toml").write_text(config)
        shells.append(Prompt(keyboard, home, parse_arguments(arguments)))
        return shells[-1]

    yield make
    for shell in shells:
        shell.close()


def test_setting_takes_effect_without_the_kernel(begin: Callable[..., Prompt]) -> None:
    """The prompt's own are changed here; nothing is sent."""
    shell = begin()
    shell.type("set editing_mode vi", ENTER, "set theme dark", ENTER)
    assert (shell.preferences.now.editing_mode, shell.preferences.now.theme) == ("vi", "dark")
    assert shell.sent == []
    assert "good" in shell.dispatcher.consoles.results._theme_stack._entries[-1]


def test_each_request_carries_the_settings(begin: Callable[..., Prompt]) -> None:
    """So a kernel that was started again has them: it is told before it runs anything."""
    shell = begin(config="[settings]\nseed = 5\n")
    shell.type("set memory 50%", ENTER, "models", ENTER)
    (request,) = shell.supervisor.requests
    assert request.settings is not None
    assert (request.settings["file"], request.settings["said"]) == ({"seed": "5"}, {"memory": "50%"})


def test_devices_are_the_kernels_to_know(begin: Callable[..., Prompt]) -> None:
    """`set device` is checked where torch is, and taken over from there."""
    shell = begin()
    told = SettingShown(
        name="device", value="cpu", default="auto", origin="set", help="", wanted="", changed=True
    )

    def answer(request: RunRequest, watch: Callable[[SessionEvent], None]) -> int:
        started = CommandStarted("set", None, request.text, request.file, request.line)
        watch(started)
        watch(CommandFinished(started, 0.0, told))
        return 0

    shell.supervisor.action = answer
    shell.type("set device cpu", ENTER, "set --save device cpu", ENTER)
    assert shell.sent == ["set device cpu", "set --save device cpu"]
    assert shell.preferences.configuration.said == {"device": "cpu"}


def test_alias_goes_out_as_what_it_stands_for(begin: Callable[..., Prompt]) -> None:
    """From the file and from the prompt; the history keeps what was typed."""
    shell = begin(config=CONFIG)
    shell.type("ev tickets", ENTER, "alias mm = models", ENTER, "mm", ENTER, "unalias mm", ENTER, "mm", ENTER)
    assert shell.sent == ["eval router tickets", "models"]
    assert "ev tickets" in list(shell._history.get_strings())


def test_mistake_in_the_file_is_said_with_its_line(
    begin: Callable[..., Prompt], capsys: pytest.CaptureFixture[str]
) -> None:
    """The prompt begins, and the rest of the file is used."""
    shell = begin(config=CONFIG)
    shell.type("models", ENTER)
    said = "".join(capsys.readouterr().err.split())
    assert "config.toml:3" in said
    assert said.count("novaluefortheme") == 1
    assert shell.preferences.now.seed == 5


def test_file_may_stay_unread(begin: Callable[..., Prompt], capsys: pytest.CaptureFixture[str]) -> None:
    """`--no-config` knows neither its settings nor its aliases nor its mistakes."""
    shell = begin("--no-config", config=CONFIG)
    shell.type("ev tickets", ENTER)
    assert (shell.preferences.now.seed, shell.sent) == (42, [])
    assert "config.toml" not in capsys.readouterr().err


def test_file_that_is_changed_beside_the_prompt_is_heeded(begin: Callable[..., Prompt]) -> None:
    """The next line knows it."""
    shell = begin(config="[settings]\nseed = 5\n")
    path = find_home().config / "config.toml"

    def change(request: RunRequest, _: Callable[[SessionEvent], None]) -> int:
        if request.text == "models":
            path.write_text("[settings]\nseed = 6\nbell = 3\n")
        return 0

    shell.supervisor.action = change
    shell.type("models", ENTER, "use base", ENTER)
    assert [request.settings and request.settings["file"] for request in shell.supervisor.requests] == [
        {"seed": "5"},
        {"seed": "6", "bell": "3"},
    ]


def test_named_session_is_saved_on_leaving(
    begin: Callable[..., Prompt], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said at both ends, and the state folder is gone."""
    shell = begin("--session", "work")
    shell.type("models", ENTER)
    shell.close()
    assert "session work is saved" in capsys.readouterr().out
    home = find_home()
    assert [path.name for path in Path(home.sessions).glob("*.json")] == ["work.json"]
    assert list(home.kernels.iterdir()) == []


def test_fault_of_ours_leaves_the_names_to_be_restored(begin: Callable[..., Prompt]) -> None:
    """A prompt that fails is not left: the next one offers what was bound."""
    shell = begin()
    (shell._state / "names.json").write_text(
        '{"names": [{"name": "a", "kind": "value", "recipe": {"text": "1"}}]}'
    )
    shell.close(left=False)
    shell._kept._release()  # as the end of the process does
    ((whose, _),) = begin()._kept.lines
    assert whose == "the last session"
