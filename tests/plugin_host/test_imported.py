"""Files of plugins that change behind a process that has imported them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api.events import Note, SessionEvent
from hfshell.api.options import option_fields
from hfshell.api.requests import RunRequest
from hfshell.errors import UsageError
from hfshell.home import locate_home
from hfshell.plugin_host import PluginHost
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.imported import Imported, changes_in

GREET = """
from dataclasses import dataclass
from hfshell.api import CommandSpec, Message, hookimpl, option

@dataclass(frozen=True)
class Options:
    loud: bool = option(False, "Whether to shout")

@hookimpl
def hfshell_commands():
    return [CommandSpec(name="greet", summary="Greet", options=Options, target=f"{__name__}:greet")]

def greet(context, options):
    return Message(lines=("HELLO" if options.loud else "hello",))
"""


@pytest.fixture
def greet(install) -> Path:
    """The file of a plugin that greets."""
    module = install("greet", GREET, group="hfshell.plugins")
    path: Path = install.folder / f"{module}.py"
    return path


def change(path: Path, old: str = "loud", new: str = "noisy", *, seconds: int = 1) -> None:
    """Edit a file, so many seconds from now."""
    path.write_text(path.read_text().replace(old, new))
    later = path.stat().st_mtime_ns + seconds * 1_000_000_000
    os.utime(path, ns=(later, later))


def remarks(session: Session) -> tuple[str, ...]:
    """What `plugins` says of the plugin."""
    table = session.run("plugins")
    (row,) = [row for row in table.plugins if row.name == "greet"]
    return row.remarks


def notices(session: Session, line: str) -> list[str]:
    """What is said beside a line about the plugin's file."""
    events: list[SessionEvent] = []
    session.execute(RunRequest(line), events.append)
    return [event.text for event in events if isinstance(event, Note) and "changed" in event.text]


def test_a_change_behind_an_imported_plugin_is_said_once_per_change(greet: Path) -> None:
    """What runs is the old code: the line that cannot have the new option says why."""
    with Session() as session:
        session.run("greet --loud")
        assert notices(session, "greet --loud") == []
        change(greet)
        (said,) = notices(session, "greet --noisy")
        assert said.startswith(f"hfshell-greet: {greet.name} has changed since it was imported")
        assert said.endswith("a new process takes it up")
        assert notices(session, "greet") == []
        assert remarks(session) == (said,)
        change(greet, "noisy", "shrill", seconds=5)
        assert len(notices(session, "greet")) == 1


def test_what_an_imported_plugin_declares_fits_its_code(greet: Path) -> None:
    """It keeps the options that its code knows: a new name would only end in it."""
    with Session() as session:
        session.run("greet --loud")
        change(greet)
        assert session.run("greet --loud").lines == ("HELLO",)
        with pytest.raises(UsageError, match="--noisy"):
            session.run("greet --noisy")


def test_a_change_before_the_import_is_taken_up_at_the_next_line(greet: Path) -> None:
    """What nobody imported yet is asked again, and runs as it is now."""
    with Session() as session:
        assert [field.flag for field in option_fields(session.commands.get("greet").options)] == ["--loud"]
        change(greet)
        assert session.run("greet --noisy").lines == ("HELLO",)
        assert remarks(session) == ()


def test_a_host_that_imports_nothing_asks_again(greet: Path) -> None:
    """The shell completes the options that are in the file now, not those of its first line."""
    host = PluginHost()
    host.commands()
    change(greet)
    host.refresh_if_changed()
    spec = next(spec for spec in host.commands() if spec.name == "greet")
    assert [field.flag for field in option_fields(spec.options)] == ["--noisy"]


KERNEL = """
import sys
from pathlib import Path
from hfshell.home import locate_home
from hfshell.plugin_host import PluginHost

host = PluginHost()
host.containment.may_exit = True
spec = next(spec for spec in host.commands() if spec.name == "greet")
host.resolve(spec.target, owner="greet")
host.notices()
print("ready", flush=True)
sys.stdin.read()
"""


def test_the_shell_knows_what_its_kernel_imported(greet: Path) -> None:
    """`plugins` runs where nothing of the plugin is imported, and says it all the same."""
    path = os.pathsep.join([str(greet.parent), *(place for place in sys.path if place)])
    kernel = subprocess.Popen(
        [sys.executable, "-c", KERNEL],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    with kernel:
        assert kernel.stdout is not None
        assert kernel.stdout.readline() == "ready\n"
        host = PluginHost()
        assert host.stale(kernel.pid) == {}
        change(greet)
        (said,) = host.stale(kernel.pid).values()
        assert said.endswith("`kernel restart` takes it up")
        assert host.stale(os.getpid()) == {}
        kernel.kill()
    imported = Imported(locate_home().state)
    imported.leave_word()
    assert changes_in(locate_home().state, kernel.pid) == {}


def test_several_files_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line names two files at most."""
    package = tmp_path / "plugin_of_many"
    package.mkdir()
    for name in ("__init__", "a", "b"):
        (package / f"{name}.py").write_text("from . import a, b" if name == "__init__" else "")
    monkeypatch.syspath_prepend(str(tmp_path))
    __import__("plugin_of_many")
    imported = Imported(tmp_path)
    imported.look([Discovered("many", "hfshell.plugins", "plugin_of_many", "hfshell-many", "1")])
    for path in package.glob("*.py"):
        change(path)
    (said,) = imported.changes().values()
    assert said.startswith("__init__.py and 2 other files have changed since they were imported")
    for name in [name for name in sys.modules if name.startswith("plugin_of_many")]:
        monkeypatch.delitem(sys.modules, name)
