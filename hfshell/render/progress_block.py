"""What is shown of a running command: its state, gathered from events, and the lines made of it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from rich.cells import chop_cells
from rich.text import Text

from hfshell.render.curve import Curve, Steps
from hfshell.render.metric_names import metric_name
from hfshell.render.quantities import clock, duration, percent, rate, score, size, whole
from hfshell.render.safe_text import made_safe, one_line, safe_text
from hfshell.render.sparkline import rule, sparkline

if TYPE_CHECKING:
    from hfshell.api.events import Progress
    from hfshell.render.look import Look

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_SPINS_PER_SECOND = 8
_LONGEST_BAR = 40
_SHORTEST_BAR = 8
_CURVE = 8
_NAME = 24  # cells
_GAP = "   "
_CHARACTERS_KEPT = 2_000
_TEXT_LINES = 8


class RunningCommand:
    """How far a command is, gathered from its events at a constant cost for each.

    Args:
        title: what to call it while its events say no more: `finetune router`.
        now: when it began, in seconds of any clock.
    """

    def __init__(self, title: str, now: float) -> None:
        self.title = title
        self.began = now
        self.event: Progress | None = None
        self.event_at = now
        self.loss = Curve()
        self.validation = Steps()
        self.text = ""

    def add(self, event: Progress, now: float) -> bool:
        """Take in the next event; return whether it brought new validation metrics."""
        event = made_safe(event)
        self.event, self.event_at = event, now
        if event.loss is not None:
            self.loss.add(event.loss)
        return self.validation.add(event.metrics)

    def write(self, piece: str) -> None:
        """Take in a piece of a text that is being written; the end of the text is kept."""
        self.text = (self.text + safe_text(piece))[-_CHARACTERS_KEPT:]

    @property
    def activity(self) -> str:
        """What is being done, with the name that it is done for when that is known."""
        if self.event is None or self.title.split(" ")[0] == self.event.activity:
            return one_line(self.title, _NAME)
        return one_line(self.event.activity, _NAME)

    @property
    def done(self) -> float | None:
        """The share of 1 that is done; None when nobody knows."""
        if self.event is None or not self.event.total:
            return None
        return min(max(self.event.done / self.event.total, 0.0), 1.0)

    @property
    def epoch(self) -> str:
        """`2/3`: which epoch is under way, of how many; empty outside training."""
        if self.event is None or self.event.epoch is None:
            return ""
        current = max(ceil(self.event.epoch), 1)
        if self.event.epochs is None:
            return str(current)
        total = max(ceil(self.event.epochs), 1)
        return f"{min(current, total)}/{total}"

    def remaining(self, now: float) -> float | None:
        """Seconds to the end, counted down between events; None when nobody knows."""
        if self.event is None or self.event.remaining_seconds is None:
            return None
        return max(self.event.remaining_seconds - (now - self.event_at), 0.0)


def block(running: RunningCommand, look: Look, now: float) -> Text:
    """Return the lines that are drawn again and again: one, in training a second with the curves.

    Above it stand the last lines of a text that is being written.
    """
    first = _bar_line(running, look, now) if running.done is not None else _spinner_line(running, now)
    curves = _fitting(_curve_facts(running), look.width - 4)
    lines = [*_text_lines(running.text, look.width - 2), Text.assemble("  ", first)]
    if curves.cell_len:
        lines.append(Text.assemble("    ", curves))
    for line in lines:
        line.truncate(look.width, overflow="crop")
    text = Text("\n", no_wrap=True).join(lines)
    text.no_wrap = True
    return text


def _text_lines(text: str, width: int) -> list[Text]:
    lines = [piece for line in text.expandtabs(4).split("\n") for piece in chop_cells(line, width) or [""]]
    return [Text.assemble("  ", line) for line in lines[-_TEXT_LINES:]] if text else []


def _bar_line(running: RunningCommand, look: Look, now: float) -> Text:
    start = Text.assemble((running.activity, "name"), f"  epoch {running.epoch}" if running.epoch else "")
    end = Text(f"{percent(running.done or 0.0):>5}", "number")
    remaining = running.remaining(now)
    if remaining is not None:
        end = Text.assemble(end, _GAP, f"{clock(remaining)} left")
    if running.event is not None and running.event.loss is None and running.event.rows_per_second:
        end = Text.assemble(end, (f"{_GAP}{rate(running.event.rows_per_second, running.event.unit)}", "dim"))
    room = look.width - start.cell_len - end.cell_len - 6
    if room < _SHORTEST_BAR:
        return Text.assemble(start, "  ", end)
    drawn, missing = rule(running.done or 0.0, min(room, _LONGEST_BAR))
    return Text.assemble(start, "  ", (drawn, "bar"), (missing, "track"), " ", end)


def _spinner_line(running: RunningCommand, now: float) -> Text:
    elapsed = max(now - running.began, 0.0)
    spinner = _SPINNER[int(elapsed * _SPINS_PER_SECOND) % len(_SPINNER)]
    facts = [Text.assemble((spinner, "bar"), " ", (running.activity, "name"))]
    if running.event is not None and running.event.done:
        facts.append(Text(_count(running.event)))
        if running.event.rows_per_second:
            facts.append(Text(rate(running.event.rows_per_second, running.event.unit), "dim"))
    facts.append(Text(duration(elapsed), "dim"))
    return Text(_GAP).join(facts)


def _count(event: Progress) -> str:
    return size(event.done) if event.unit == "bytes" else f"{whole(event.done)} {event.unit}"


def _curve_facts(running: RunningCommand) -> list[Text]:
    event = running.event
    if event is None or running.loss.newest is None:
        return []
    facts: list[Text] = []
    if event.loss is not None:  # what is measured in between has none
        curve = sparkline(running.loss.values, _CURVE)
        facts.append(Text.assemble(("loss ", "dim"), (curve, "bar"), f" {running.loss.newest:.3f}"))
    for name, values in list(running.validation.values.items())[:1]:
        curve = sparkline(values[-_CURVE:], _CURVE)
        facts.append(
            Text.assemble(("validation ", "dim"), (curve, "bar"), f" {metric_name(name)} {values[-1]:.3f}")
        )
    if event.rows_per_second:
        facts.append(Text(rate(event.rows_per_second), "dim"))
    if event.learning_rate is not None:
        facts.append(Text(f"lr {event.learning_rate:.1e}".replace("e-0", "e-"), "dim"))
    return facts


def _fitting(facts: list[Text], room: int) -> Text:
    """Join as many facts, the first ones first, as a line takes."""
    line = Text()
    for fact in facts:
        joined = Text.assemble(line, _GAP, fact) if line else fact
        if joined.cell_len > room:
            break
        line = joined
    return line


def plain_line(running: RunningCommand, look: Look, now: float, *, measured: bool = False) -> str:
    """Return one line for logs and screen readers.

    Args:
        running: the command.
        look: the screen.
        now: in seconds of the clock that the command's events were taken in by.
        measured: an epoch has just ended, so its validation metrics belong here.
    """
    facts = [running.activity]
    if running.done is not None:
        facts.append(percent(running.done))
    elif running.event is not None and running.event.done:
        facts.append(_count(running.event))
    if running.epoch:
        facts.append(f"epoch {running.epoch}")
    trains = running.event is not None and running.event.loss is not None
    if trains and running.loss.newest is not None:
        facts.append(f"loss {score(running.loss.newest, look)}")
    if measured:
        newest = [
            f"{metric_name(name)} {score(values[-1], look)}"
            for name, values in running.validation.values.items()
        ]
        facts.append(f"validation {' '.join(newest[:3])}")
    if running.event is not None and running.event.rows_per_second:
        facts.append(rate(running.event.rows_per_second, "rows" if trains else running.event.unit))
    remaining = running.remaining(now)
    facts.append(f"{clock(remaining)} left" if remaining is not None else duration(now - running.began))
    return "  " + "  ".join(facts)
