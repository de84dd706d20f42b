"""The display of a running command: what it says, when, and that it goes away."""

from __future__ import annotations

import time
from itertools import pairwise

import pyte
import pytest

from hfshell.api.events import Note, Progress, Written
from hfshell.render.look import Look
from hfshell.render.progress import APPEARS_AFTER, LiveProgress
from hfshell.render.progress_block import RunningCommand, block
from tests.render.screens import pipe, terminal, unsafe_characters, without_colours, written

HOSTILE = "a\x1b]0;owned\x07\x9b2J\u202e\rb"


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def step(done: int, total: int = 96, epochs: float = 3.0, **changes: object) -> Progress:
    """A training step; the epoch's metrics come with its last one."""
    epoch = done / total * epochs
    fields: dict[str, object] = {
        "unit": "steps",
        "rows_per_second": 38.2,
        "remaining_seconds": (total - done) * 0.6,
        "epoch": epoch,
        "epochs": epochs,
        "loss": 2.0 / (1 + done),
        "learning_rate": 2.1e-5,
        "metrics": {"accuracy": 0.7 + int(epoch) / 10} if epoch >= 1 else {},
    }
    return Progress("finetune", done, total, **(fields | changes))  # type: ignore[arg-type]


def lines_in_plain_mode(events: list[Progress], seconds: float, title: str = "") -> list[str]:
    """What plain mode writes when the events come at equal distances."""
    console, clock = pipe(), Clock()
    with LiveProgress(console, title=title, clock=clock) as progress:
        for event in events:
            clock.now += seconds / len(events)
            progress.update(event)
    return written(console).splitlines()


def screen_after(output: str) -> pyte.Screen:
    """A terminal emulator that was fed with the output."""
    screen = pyte.Screen(80, 24)
    pyte.Stream(screen).feed(output.replace("\n", "\r\n"))
    return screen


def test_block_in_training_has_all_that_people_watch() -> None:
    """Epoch, share, time left, loss, validation, rate and learning rate, on two lines."""
    running = RunningCommand("finetune router", 0.0)
    for done in range(1, 61):
        running.add(step(done), done * 0.6)
    text = block(running, Look(80), now=36.0).plain
    first, second = text.splitlines()
    for fact in ("finetune router", "epoch 2/3", "62 %", "0:00:22 left"):
        assert fact in first
    for fact in ("loss ", "0.033", "validation ", "accuracy 0.800", "38 rows/s", "lr 2.1e-5"):
        assert fact in second


def test_time_left_counts_down_between_events() -> None:
    """A slow step does not look like a stuck one."""
    running = RunningCommand("", 0.0)
    running.add(step(10), 10.0)
    assert "0:00:52 left" in block(running, Look(80), now=10.0).plain
    assert "0:00:47 left" in block(running, Look(80), now=15.0).plain


def test_validation_in_between_keeps_the_curves() -> None:
    """Training and validation take turns; the loss curve does not start anew."""
    running = RunningCommand("finetune router", 0.0)
    for done in range(1, 41):
        running.add(step(done), float(done))
    running.add(Progress("eval", 8, 64), 41.0)
    text = block(running, Look(80), now=41.0).plain
    assert "eval" in text
    assert "12 %" in text
    assert "accuracy 0.800" in text
    assert "loss" not in text, "what is measured has none"
    running.add(step(41), 42.0)
    assert len(running.loss.values) > 30


def test_the_epoch_that_has_just_ended_is_its_own() -> None:
    """At 1.0 the first epoch is done, not the second under way."""
    running = RunningCommand("", 0.0)
    shown = []
    for epoch in (0.0, 0.5, 1.0, 1.01, 3.0):
        running.add(step(1, epoch=epoch), 0.0)
        shown.append(running.epoch)
    assert shown == ["1/3", "1/3", "1/3", "2/3", "3/3"]


def test_work_of_unknown_length_shows_count_and_time() -> None:
    """Reading a stream has no share of the whole."""
    running = RunningCommand("data", 0.0)
    running.add(Progress("read", 120_000, None, "rows", rows_per_second=41_000.0), 3.0)
    text = block(running, Look(80), now=3.2).plain
    for fact in ("read", "120,000 rows", "41.0 k rows/s", "3.2 s"):
        assert fact in text


def test_bytes_are_sizes() -> None:
    """A download speaks in MB."""
    running = RunningCommand("load", 0.0)
    running.add(Progress("load", 10 * 2**20, 40 * 2**20, "bytes", rows_per_second=2.0 * 2**20), 3.0)
    assert "2.0 MB/s" in block(running, Look(80), now=3.0).plain


@pytest.mark.parametrize("width", [10, 20, 40, 80, 140])
def test_block_stays_within_the_screen(width: int) -> None:
    """A line that the terminal wraps would not be taken away again."""
    running = RunningCommand("finetune a_name_that_is_much_too_long_for_any_screen", 0.0)
    for done in range(1, 61):
        running.add(step(done, loss=float("nan"), metrics={"日本": 1e300}), done * 0.6)
    for line in block(running, Look(width), now=36.0).split("\n"):
        assert line.cell_len <= width


@pytest.mark.parametrize(
    "event",
    [
        Progress("eval", 5, 0),
        Progress("eval", 70, 64, remaining_seconds=float("nan"), rows_per_second=float("inf")),
        Progress("", 0, None, unit="", loss=float("inf"), metrics={"": float("nan")}),
        Progress(HOSTILE, 1, 2, unit=HOSTILE, metrics={HOSTILE: 1.0}, loss=1.0, rows_per_second=1.0),
    ],
)
def test_odd_events_do_not_break_it(event: Progress) -> None:
    """Zero totals, more than all, numbers that are none, and names that steer terminals."""
    running = RunningCommand("", 0.0)
    running.add(event, 1.0)
    shown = block(running, Look(80), now=2.0).plain + "".join(lines_in_plain_mode([event] * 3, 60))
    assert shown
    assert not unsafe_characters(shown)


def test_plain_mode_writes_a_line_every_ten_per_cent() -> None:
    """A log of a thousand events has ten lines."""
    events = [Progress("predict", done, 1000, rows_per_second=61.0) for done in range(1, 1001)]
    lines = lines_in_plain_mode(events, 60)
    assert [line.split()[1] for line in lines] == [str(tenth) for tenth in range(10, 101, 10)]
    assert all("61 rows/s" in line for line in lines)


def test_plain_mode_writes_a_line_for_each_epoch() -> None:
    """The validation metrics of every epoch are in the log, once."""
    lines = lines_in_plain_mode([step(done) for done in range(1, 97)], 60, title="finetune router")
    measured = [line for line in lines if "validation" in line]
    assert ["epoch 1/3" in measured[0], "epoch 2/3" in measured[1], "epoch 3/3" in measured[2]] == [True] * 3
    assert [line.split("accuracy ")[1].split()[0] for line in measured] == ["0.800", "0.900", "1.000"]
    assert all(line.strip().startswith("finetune router") for line in lines)


def test_plain_mode_with_turns_of_validation_does_not_repeat_itself() -> None:
    """Coming back from validation does not write the same tenth again."""
    events = []
    for done in range(1, 97):
        events.append(step(done, metrics={}))
        if done % 32 == 0:
            events += [Progress("eval", rows, 64) for rows in range(1, 65)]
    lines = lines_in_plain_mode(events, 600)
    shares = [int(line.split()[1]) for line in lines if line.split()[0] == "finetune"]
    assert all(first < second for first, second in pairwise(shares))
    assert len(shares) == 10
    assert {"loss" in line for line in lines if line.split()[0] != "finetune"} == {False}


def test_quick_work_says_nothing() -> None:
    """What takes less than half a second is shown by its result alone."""
    events = [Progress("predict", done, 10) for done in range(1, 11)]
    assert lines_in_plain_mode(events, APPEARS_AFTER * 0.9) == []


def test_quick_lines_keep_their_distance() -> None:
    """Work of one second does not write ten lines."""
    events = [Progress("predict", done, 1000) for done in range(1, 1001)]
    assert 1 <= len(lines_in_plain_mode(events, 1.0)) <= 3


def test_work_of_unknown_length_writes_now_and_then() -> None:
    """A minute of reading writes a few lines, not one an event."""
    events = [Progress("read", done * 1000) for done in range(1, 601)]
    lines = lines_in_plain_mode(events, 60)
    assert 4 <= len(lines) <= 6
    assert "rows" in lines[0]


def test_live_block_appears_and_goes_without_a_trace() -> None:
    """After a command the screen is as it was, and the cursor is back."""
    console = terminal()
    with LiveProgress(console, title="finetune router") as progress:
        time.sleep(APPEARS_AFTER + 0.2)
        progress.update(step(40))
        time.sleep(0.3)
        during = screen_after(written(console))
    assert "epoch 2/3" in "".join(during.display)
    after = screen_after(written(console))
    assert not "".join(after.display).strip()
    assert not after.cursor.hidden
    assert (after.cursor.x, after.cursor.y) == (0, 0)


def test_live_block_shows_without_events() -> None:
    """A kernel that is still importing sends nothing; the clock runs all the same."""
    console = terminal()
    with LiveProgress(console, title="load"):
        time.sleep(APPEARS_AFTER + 0.3)
        shown = "".join(screen_after(written(console)).display)
    assert "load" in shown


def test_notes_stay_above_the_block() -> None:
    """A warning is kept when the block goes."""
    console = terminal()
    with LiveProgress(console, title="finetune") as progress:
        time.sleep(APPEARS_AFTER + 0.1)
        progress.update(step(40))
        progress.note(Note(f"12 rows were cut {HOSTILE}", "warn"))
        time.sleep(0.2)
    kept = "".join(screen_after(written(console)).display)
    assert "warning  12 rows were cut" in kept
    assert "epoch" not in kept


def test_many_events_are_drawn_a_few_times() -> None:
    """Fifty thousand events cost fifty thousand small steps and a handful of drawings."""
    console = terminal()
    with LiveProgress(console, title="finetune") as progress:
        began = time.perf_counter()
        for done in range(1, 50_001):
            progress.update(step(done, 50_000))
        seconds = time.perf_counter() - began
    drawings = written(console).count("epoch")
    assert drawings <= 10 * (seconds + 1)


def test_curves_do_not_grow_with_the_events() -> None:
    """A week of training takes no more memory than a minute."""
    running = RunningCommand("", 0.0)
    for done in range(1, 20_001):
        running.add(step(done, 20_000), float(done))
    assert len(running.loss.values) <= 60
    assert running.loss.values[0] > running.loss.values[-1]


def test_quick_command_leaves_the_terminal_alone() -> None:
    """Not one byte for what is done at once, and none afterwards."""
    console = terminal()
    with LiveProgress(console, title="show") as progress:
        progress.update(Progress("read", 1, 2))
    time.sleep(APPEARS_AFTER + 0.2)
    assert written(console) == ""


def test_nothing_untrusted_steers_the_live_display() -> None:
    """The title, an activity and the notes come from scripts and plugins."""
    console = terminal()
    with LiveProgress(console, title=HOSTILE) as progress:
        time.sleep(APPEARS_AFTER + 0.1)
        progress.update(Progress(HOSTILE, 1, 2, metrics={HOSTILE: 1.0}, loss=1.0))
        progress.note(Note(HOSTILE))
        time.sleep(0.2)
    assert screen_after(written(console)).title == ""
    assert "\x9b" not in without_colours(written(console))
    assert "\u202e" not in written(console)


def test_closing_twice_is_closing() -> None:
    """Ctrl-C may close it while it is being closed."""
    progress = LiveProgress(terminal(), title="x")
    progress.close()
    progress.close()


def test_the_end_of_a_text_stands_in_the_block_while_it_is_written() -> None:
    """Its last lines, within the width, with control characters made visible; long texts cost no more."""
    running = RunningCommand("predict story", 0.0)
    for piece in ("Once upon", " a time\n", HOSTILE, "\nthe end " * 1000):
        running.write(piece)
    shown = block(running, Look(20), 1.0).plain.splitlines()
    assert len(running.text) <= 2_000
    assert len(shown) == 9
    assert all(len(line) <= 20 for line in shown)
    assert shown[0] == "  the end "
    running.text = ""
    running.write(HOSTILE)
    assert not unsafe_characters(block(running, Look(80), 1.0).plain)
    assert "\\x1b" in block(running, Look(80), 1.0).plain


def test_plain_mode_writes_no_pieces() -> None:
    """A screen reader, and a log, hear the whole text once."""
    console = pipe()
    with LiveProgress(console, title="predict story") as progress:
        progress.written(Written("Once upon a time"))
    assert written(console) == ""
