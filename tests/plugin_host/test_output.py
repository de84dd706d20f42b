"""What plugins print into: a stream like any other, that is counted and ends up nowhere."""

from __future__ import annotations

import faulthandler
import logging
import subprocess
import sys

import click
import pytest

from hfshell.plugin_host.containment import Containment
from hfshell.plugin_host.discovery import Discovered

PLUGIN = Discovered("mood", "hfshell.tasks", "hfshell_mood", "hfshell-mood", "1.2")
OTHER = Discovered("loud", "hfshell.tasks", "hfshell_loud", "hfshell-loud", "0.3")


@pytest.fixture
def remarks() -> list[str]:
    """What a containment remarks."""
    return []


@pytest.fixture
def containment(remarks: list[str]) -> Containment:
    """A containment that tells us."""
    return Containment(
        remark=lambda plugin, text: remarks.append(f"{plugin.name} {text}"), failed=lambda *_: None
    )


def test_stream_is_like_any_other(containment: Containment, remarks: list[str]) -> None:
    """Libraries ask a stream for more than `write`, and get it."""
    with containment.running(PLUGIN, "predict"):
        for stream in (sys.stdout, sys.stderr):
            assert stream.encoding == "utf-8"
            assert stream.errors
            assert stream.newlines is None
            assert not stream.isatty()
            stream.reconfigure(encoding="latin-1", errors="strict")
            stream.write("\N{SNOWMAN}\udc80\n")
            stream.flush()
            stream.detach()
            assert not stream.closed
    assert len(remarks) == 1


def test_bytes_are_counted_too(containment: Containment, remarks: list[str]) -> None:
    """What goes past the text, as click and progress bars write, is counted like text."""
    with containment.running(PLUGIN, "predict"):
        sys.stdout.buffer.write(b"a" * 1000)
        click.echo(b"b" * 999)
        sys.stdout.write("c" * 1000)
    assert "printed 3,000 bytes, beginning 'aaaa" in remarks[0]


def test_programs_and_crashes_have_a_place_to_write(
    containment: Containment, capfd: pytest.CaptureFixture[str]
) -> None:
    """What asks for the number of a stream gets that of the real one."""
    was_enabled = faulthandler.is_enabled()
    with containment.running(PLUGIN, "predict"):
        subprocess.run([sys.executable, "-c", "print('theirs')"], stdout=sys.stderr, check=True)
        faulthandler.enable()
    if not was_enabled:
        faulthandler.disable()
    assert capfd.readouterr().err == "theirs\n"


def test_real_stream_without_number_has_one_behind_it(
    containment: Containment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook, where streams are objects, a program that a plugin starts can write all the same."""
    monkeypatch.setattr(sys, "stderr", None)
    with containment.running(PLUGIN, "predict"):
        assert sys.stderr.fileno() == 2


def test_stream_that_is_kept_is_the_real_one_afterwards(
    containment: Containment, remarks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A handler of logs that a plugin made while it ran writes where people look once it does not run."""
    with containment.running(PLUGIN, "load"):
        handler = logging.StreamHandler()
    handler.handle(logging.makeLogRecord({"msg": "after"}))
    with containment.running(OTHER, "predict"):
        handler.handle(logging.makeLogRecord({"msg": "during another"}))
    assert capsys.readouterr() == ("", "after\n")
    assert remarks == ["loud printed 15 bytes, beginning 'during another' in predict"]


def test_output_of_an_inner_plugin_is_not_the_outer_ones(
    containment: Containment, remarks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A task is not blamed for what who listens to it prints, neither in a kernel."""
    containment.may_exit = True
    with containment.running(PLUGIN, "finetune"), containment.running(OTHER, "hfshell_run_event"):
        print("heard")
    assert [remark.split()[0] for remark in remarks] == ["loud"]
    assert capsys.readouterr().err == "heard\n"


def test_each_deed_is_said_once(containment: Containment, remarks: list[str]) -> None:
    """A finetune of a thousand steps in which somebody prints costs one line."""
    for step in range(20):
        with containment.running(OTHER, "hfshell_run_event"):
            print("x" * step)
    with containment.running(OTHER, "hfshell_model_loaded"):
        print("other")
    assert [remark.rsplit(" ", 1)[1] for remark in remarks] == ["hfshell_run_event", "hfshell_model_loaded"]


def test_call_goes_on_where_no_descriptors_are_left(
    containment: Containment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that used all descriptors up costs the copies of ours, not the next call."""

    def refuse(_number: int) -> int:
        raise OSError(24, "Too many open files")

    containment.may_exit = True
    with monkeypatch.context() as patched:
        patched.setattr("os.dup", refuse)
        with containment.running(PLUGIN, "predict"):
            went_on = True
    assert went_on
    assert containment.at_work is None
