"""A stranger's code in our own process: named, watched, and cleaned up behind."""

from __future__ import annotations

import builtins
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import hfshell.errors
from hfshell.errors import ModelError, PluginError
from hfshell.home import locate_home
from hfshell.plugin_host import failures
from hfshell.plugin_host.breadcrumb import Breadcrumb, read_breadcrumb
from hfshell.plugin_host.containment import CUT, Containment
from hfshell.plugin_host.discovery import Discovered

PLUGIN = Discovered("mood", "hfshell.tasks", "hfshell_mood", "hfshell-mood", "1.2")
OTHER = Discovered("loud", "hfshell.tasks", "hfshell_loud", "hfshell-loud", "0.3")


class Heard:
    """What a containment was told."""

    def __init__(self) -> None:
        self.remarks: list[str] = []
        self.failures: list[str] = []


@pytest.fixture
def heard() -> Heard:
    """What is told."""
    return Heard()


@pytest.fixture
def containment(heard: Heard) -> Containment:
    """A containment that tells us."""
    return Containment(
        remark=lambda plugin, text: heard.remarks.append(f"{plugin.name} {text}"),
        failed=lambda plugin, what, failure: heard.failures.append(f"{plugin.name} {what} {failure.summary}"),
    )


@pytest.mark.parametrize("raised", [ValueError("no"), SystemExit(3), KeyboardInterrupt(), GeneratorExit()])
def test_whatever_is_raised_names_the_plugin(
    containment: Containment, heard: Heard, raised: BaseException
) -> None:
    """An exception of any kind becomes one that says whose it is, with its traceback."""
    with pytest.raises(PluginError) as caught, containment.running(PLUGIN, "predict"):
        raise raised
    assert "mood (hfshell-mood 1.2) failed in predict" in caught.value.message
    assert type(raised).__name__ in str(caught.value.detail)
    assert len(heard.failures) == 1


def test_errors_of_our_own_tree_pass(containment: Containment, heard: Heard) -> None:
    """A plugin says that something cannot be done by raising an error that people can read."""
    with pytest.raises(ModelError, match="too large"), containment.running(PLUGIN, "load"):
        raise ModelError("too large")
    assert heard.failures == []


def test_abort_of_the_user_is_no_fault_of_the_plugin(heard: Heard) -> None:
    """Ctrl-C in the midst of a plugin's code is the user's, and stays what it is."""
    containment = Containment(
        remark=lambda *_: None, failed=lambda *_: heard.failures.append(""), aborted=lambda: True
    )
    with pytest.raises(KeyboardInterrupt), containment.running(PLUGIN, "predict"):
        raise KeyboardInterrupt
    assert heard.failures == []


def test_output_is_counted_and_reaches_nobody(
    containment: Containment, heard: Heard, capfd: pytest.CaptureFixture[str]
) -> None:
    """Prints, escape codes among them, are told of in one harmless line."""
    with containment.running(PLUGIN, "predict"):
        print("\x1b[2J" + "x" * 10_000_000)
        print("and more", file=sys.stderr)
    assert capfd.readouterr() == ("", "")
    (remark,) = heard.remarks
    assert "10,000,0" in remark
    assert remark.isprintable()


def test_closed_streams_open_again(containment: Containment, heard: Heard) -> None:
    """Closing the standard output closes nothing of ours."""
    containment.may_exit = True  # only a kernel's streams are its own
    with containment.running(PLUGIN, "predict"):
        sys.stdout.close()
        os.close(1)
    assert not sys.stdout.closed
    os.fstat(1)
    assert any("closed the standard output" in remark for remark in heard.remarks)


def test_patches_are_undone(containment: Containment, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a plugin puts in place of Python's or hfshell's own functions lasts no longer than it runs."""
    monkeypatch.setenv("HFSHELL_TEST", "before")
    before, folder = (sorted, hfshell.errors.HfshellError.at, hfshell.errors.error_from_dict), Path.cwd()
    with containment.running(PLUGIN, "predict"):
        builtins.sorted = lambda *_, **__: []  # type: ignore[assignment]
        hfshell.errors.HfshellError.at = None  # type: ignore[assignment, method-assign]
        hfshell.errors.error_from_dict = None  # type: ignore[assignment]
        os.environ["HFSHELL_TEST"] = "after"
        os.chdir("/")
    assert (sorted, hfshell.errors.HfshellError.at, hfshell.errors.error_from_dict) == before
    assert os.environ["HFSHELL_TEST"] == "before"
    assert Path.cwd() == folder
    (remark,) = heard.remarks
    assert "builtins.sorted" in remark


def test_repair_needs_nothing_that_was_broken(containment: Containment, heard: Heard) -> None:
    """Putting back is done first, and calls none of the functions that a plugin may have replaced."""
    names = vars(builtins)
    broken = {name: getattr(builtins, name) for name in dir(builtins) if name.islower() and name[0] != "_"}
    with containment.running(PLUGIN, "predict"):
        for name in broken:
            names[name] = None
    assert all(names[name] is value for name, value in broken.items())
    assert "builtins." in heard.remarks[0]


def test_patch_is_not_taken_for_the_truth_by_an_inner_call(containment: Containment, heard: Heard) -> None:
    """What a plugin broke is mended before another is called, and the one that broke it is named."""
    before = sorted
    with containment.running(PLUGIN, "finetune"):
        builtins.sorted = lambda *_, **__: []  # type: ignore[assignment]
        with containment.running(OTHER, "hfshell_run_event"):
            assert sorted is before
            builtins.sorted = lambda *_, **__: [1]  # type: ignore[assignment]
        assert sorted is before
        builtins.sorted = lambda *_, **__: [2]  # type: ignore[assignment]
    assert sorted is before
    assert [remark.split()[0] for remark in heard.remarks] == ["mood", "loud"]


def test_places_of_modules_come_back(containment: Containment, heard: Heard) -> None:
    """A plugin that empties the path of imports breaks none of others; what it adds stays."""
    before, finders = [*sys.path], [*sys.meta_path]
    try:
        with containment.running(PLUGIN, "load"):
            sys.path.clear()
            sys.path.append("/plugin/vendored")
            sys.meta_path = []
        assert sys.path == [*before, "/plugin/vendored"]
        assert sys.meta_path == finders
    finally:
        sys.path[:], sys.meta_path[:] = before, finders
    assert "sys.path" in heard.remarks[0]


def test_folder_that_is_gone_is_named(
    containment: Containment, heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin that removes the folder that we stand in is told of, and nothing else fails for it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with containment.running(PLUGIN, "load"):
        folder.rmdir()
    assert heard.remarks == ["mood removed the folder that relative paths start from in load"]


def test_fork_that_comes_back_ends_at_once(containment: Containment, heard: Heard) -> None:
    """A process that a plugin forked does not go on as if it were ours."""
    marker = os.getpid()
    with containment.running(PLUGIN, "predict"):
        os.fork()
    assert os.getpid() == marker, "the fork went on"
    os.waitpid(-1, 0)
    assert any("left a process running" in remark for remark in heard.remarks)


def test_thread_left_running_is_named(containment: Containment, heard: Heard) -> None:
    """A thread that would keep a process from ending is told of."""
    stop = threading.Event()
    with containment.running(PLUGIN, "predict"):
        threading.Thread(target=stop.wait, name="pump").start()
    stop.set()
    assert any("left a thread running" in remark for remark in heard.remarks)


def test_monitor_of_progress_bars_is_nobodys_fault(containment: Containment, heard: Heard) -> None:
    """The thread that tqdm keeps for its bars is started by libraries, and holds nothing up."""
    from tqdm._monitor import TMonitor

    class Bars:
        _instances = ()

    with containment.running(PLUGIN, "predict"):
        monitor = TMonitor(Bars, 10)
    monitor.exit()
    assert heard.remarks == []


def test_silence_is_cut_off(containment: Containment, heard: Heard) -> None:
    """What gives no sign of life for longer than the user's patience is ended."""
    containment.patience = lambda: 0.3

    def work() -> None:
        with containment.running(PLUGIN, "eval"):
            while True:
                time.sleep(0.01)

    with pytest.raises(PluginError, match=r"no sign of life for 0\.3 s"):
        work()
    assert heard.failures


def test_signs_of_life_keep_it_alive(containment: Containment) -> None:
    """Long work that tells how far it is may take as long as it takes."""
    containment.patience = lambda: 0.4
    with containment.running(PLUGIN, "finetune"):
        for _ in range(80):
            time.sleep(0.01)
            containment.sign_of_life()


def test_who_is_at_work_is_noted(tmp_path: Path, containment: Containment) -> None:
    """Whoever finds the process dead can name the innermost plugin."""
    containment.breadcrumb = Breadcrumb(tmp_path)
    with containment.running(PLUGIN, "predict"):
        with containment.running(OTHER, "metric"):
            assert read_breadcrumb(tmp_path).label == "loud (hfshell-loud 0.3)"
        found = read_breadcrumb(tmp_path)
        assert (found.name, found.distribution, found.what) == ("mood", "hfshell-mood", "predict")
    assert read_breadcrumb(tmp_path) is None


def test_torn_note_names_nobody(tmp_path: Path) -> None:
    """A process that dies while it writes the note leaves no wrong name."""
    crumb = Breadcrumb(tmp_path)
    crumb.leave(None)
    (tmp_path / "plugin-at-work.json").write_text('{"name": "mo')
    assert read_breadcrumb(tmp_path) is None


CUT_OFF = """
import sys, time
from pathlib import Path
from hfshell.home import locate_home
from hfshell.plugin_host import failures
from hfshell.plugin_host.breadcrumb import Breadcrumb
from hfshell.plugin_host.discovery import Discovered
from hfshell.plugin_host.host import PluginHost

def hang():
    while True:
        try:
            while True:
                time.sleep(0.01)
        except Exception:
            pass

containment = PluginHost(third_party=False).containment
containment.breadcrumb = Breadcrumb(Path(sys.argv[1]))
containment.patience, containment.may_exit = (lambda: 0.2), True
with containment.running(Discovered("mood", "hfshell.tasks", "m", "hfshell-mood", "1.2"), "eval"):
    hang()
"""


def test_plugin_that_is_cut_off_leaves_word_of_where_it_was(tmp_path: Path) -> None:
    """`plugins why` knows of a plugin that heeded nothing, and shows the line that it hung in."""
    ended = subprocess.run([sys.executable, "-c", CUT_OFF, os.fspath(tmp_path)], timeout=60, check=False)
    assert ended.returncode == CUT
    assert read_breadcrumb(tmp_path).cut_after == 0.2
    failure = failures.read(locate_home().state, PLUGIN)
    assert failure.summary == "in eval: no sign of life for 0.2 s"
    assert "in hang" in failure.traceback
