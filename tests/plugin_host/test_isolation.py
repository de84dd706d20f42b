"""What a plugin raises, told of so that it can be shown, cross a socket and end a script."""

from __future__ import annotations

import json
import threading

import pytest

from hfshell.errors import DataError, HfshellError, Interrupted, Place, Refused, error_from_dict
from hfshell.plugin_host.containment import Containment
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.isolation import failure_of, presentable, stack_of

PLUGIN = Discovered("mood", "hfshell.tasks", "hfshell_mood", "hfshell-mood", "1.2")


class MuteError(Exception):
    """An exception that cannot be asked what it says."""

    def __str__(self) -> str:
        raise RuntimeError("no")


class BareError(DataError):
    """One whose author did not know that there is something to call."""

    def __init__(self, *_: object) -> None:
        pass


class SuccessError(HfshellError):
    """One that says that all is well."""

    exit_code = 0


class UnrulyError(HfshellError):
    """One that cannot cross a socket."""

    def to_dict(self):
        """Fail."""
        raise RuntimeError


def contained(error: BaseException) -> BaseException:
    """Return what leaves a containment in which a plugin raised something."""
    containment = Containment(remark=lambda *_: None, failed=lambda *_: None)
    with pytest.raises(HfshellError) as caught, containment.running(PLUGIN, "load"):
        raise error
    return caught.value


def test_exception_that_cannot_be_asked_is_named() -> None:
    """An exception whose text cannot be had is contained like any other."""
    error = contained(MuteError())
    assert "failed in load: MuteError" in str(error)
    assert failure_of(MuteError()).summary.startswith("MuteError: its text cannot be had, RuntimeError")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BareError("the file is odd"), "the file is odd"),
        (BareError(), "BareError without a message"),
        (DataError(None), "DataError without a message"),  # type: ignore[arg-type]
        (DataError(""), "DataError without a message"),
        (DataError(123), "123"),  # type: ignore[arg-type]
        (DataError(MuteError()), "its text cannot be had, RuntimeError in __str__"),  # type: ignore[arg-type]
        (DataError("odd", hint=3), "odd"),  # type: ignore[arg-type]
        (DataError("odd", place="a.csv:3"), "odd"),  # type: ignore[arg-type]
        (UnrulyError("odd"), "odd"),
    ],
)
def test_malformed_error_is_made_one_that_can_be_shown(error: HfshellError, message: str) -> None:
    """Whatever a plugin puts into an error of ours, the screen, the socket and `--json` can take it."""
    came = contained(error)
    assert isinstance(came, HfshellError)
    assert came.message == message
    assert came.hint in (None, "3")
    assert came.place is None
    assert "test_isolation" in str(came.detail)
    assert error_from_dict(json.loads(json.dumps(came.to_dict()))).message == message


@pytest.mark.parametrize("code", [0, -1, 126, 130.0, True, None, "1"])
def test_script_never_goes_on_after_an_error(code: object) -> None:
    """An exit code that says nothing of a failure becomes one that does."""
    error = Refused("guard", "no")
    error.exit_code = code  # type: ignore[assignment]
    came = presentable(error)
    assert (came.exit_code, came.message) == (4, "no")
    assert presentable(SuccessError("done")).exit_code == 1


def test_sound_error_passes_as_it_is() -> None:
    """Errors that are in order, of a plugin's own kind too, are not touched."""

    class OwnError(DataError):
        exit_code = 77

    for error in (
        OwnError("odd", place=Place("a.csv", 3), hint="look"),
        Interrupted(),
        Refused("guard", "no"),
    ):
        assert contained(error) is error


def test_stack_begins_at_the_plugin() -> None:
    """Where a plugin hangs can be told from outside."""
    started, stop = threading.Event(), threading.Event()

    def in_the_plugin() -> None:
        with Containment(remark=lambda *_: None, failed=lambda *_: None).running(PLUGIN, "load"):
            started.set()
            stop.wait()

    thread = threading.Thread(target=in_the_plugin)
    thread.start()
    started.wait()
    stack = stack_of(thread.ident or 0)
    stop.set()
    thread.join()
    assert stack.splitlines()[1].endswith("in in_the_plugin")
    assert stack_of(0) == ""
