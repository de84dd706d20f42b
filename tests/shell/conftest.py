"""What the shell's tests share: keys from a pipe, a screen that is nowhere, the plugins that are shipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from hfshell.home import find_home
from hfshell.plugin_host import PluginHost
from hfshell.shell.arguments import parse_arguments
from tests.shell.typing_person import Prompt


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    """Keys to be pressed; the screen is nowhere."""
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture(scope="session")
def plugins() -> PluginHost:
    """The plugins that hfshell ships."""
    return PluginHost(third_party=False)


@pytest.fixture
def prompt(keyboard: PipeInput) -> Iterator[Prompt]:
    """A prompt at a home of its own."""
    shell = Prompt(keyboard, find_home(), parse_arguments([]))
    yield shell
    shell.close()
