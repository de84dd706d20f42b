"""Models, plugins, help, and the small results: their facts are there."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hfshell.api.guards import Guard
from hfshell.api.results import (
    Expectation,
    HelpEntry,
    HelpOption,
    HelpOverview,
    HelpPage,
    HistoryTable,
    KernelStatus,
    Message,
    ModelRow,
    ModelSummary,
    ModelTable,
    PluginRow,
    PluginTable,
    Saved,
    Unloaded,
    Value,
)
from tests.render.screens import text_of

GIGABYTE = 1024**3


def model(**changes: object) -> ModelSummary:
    """A model as `load` found it."""
    fields: dict[str, object] = {
        "name": "base", "source": "starter:minilm", "architecture": "BertModel", "task": None, "labels": (),
        "parameters": 22_713_216, "bytes": 90_852_864, "dtype": "float32", "device": "cpu", "seconds": 0.41,
    }  # fmt: skip
    return ModelSummary(**(fields | changes))  # type: ignore[arg-type]


def words(shown: object, width: int = 80, *, plain: bool = False) -> str:
    """A screen's words, apart by single blanks."""
    return " ".join(text_of(shown, width, plain=plain).split())  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [40, 80, 140])
def test_no_fact_of_a_model_is_cut_off(width: int) -> None:
    """Where columns have no room, what they hold stands below the name."""
    row = ModelRow(
        name="router", source="run:7f3a91", task="text-classification", bytes=90_852_864, device="cpu",
        state="parked", used_seconds_ago=240.0, current=True,
    )  # fmt: skip
    shown = words(ModelTable(models=(row,), memory_used=GIGABYTE, memory_total=8 * GIGABYTE), width)
    for fact in ("router*", "text-classification", "87 MB", "cpu", "parked", "4 min ago"):
        assert fact in shown


@pytest.mark.parametrize("width", [40, 80, 140])
def test_model_says_what_was_loaded(width: int) -> None:
    """Architecture, size, number format, device, memory and time."""
    shown = words(model(), width)
    for fact in ("base", "BertModel 22.7 M", "fp32 on cpu", "87 MB", "0.4 s", "starter:minilm"):
        assert fact in shown


def test_what_a_task_does_not_say_of_its_model_is_left_out() -> None:
    """A model of a task's own may have no count of numbers, number format, device or size."""
    unsaid = {"parameters": 0, "bytes": 0, "dtype": "", "device": ""}
    shown = words(model(architecture="Bayes", task="bayes", **unsaid))
    assert not {"0", "0 B", "on", "fp32"} & set(shown.split())
    assert "on cpu" in words(model(**unsaid | {"device": "cpu"}))


def test_model_that_was_warm_says_so() -> None:
    """Sharing memory is worth knowing; a loading time would be a lie."""
    shown = words(model(already_warm=True, task="text-classification", labels=("a", "b")))
    assert "already warm" in shown
    assert "0.4 s" not in shown
    assert "2 labels: a, b" in shown


def test_many_labels_are_counted() -> None:
    """77 labels do not fill the screen, and nobody thinks that 12 are all."""
    shown = words(model(task="t", labels=tuple(f"label{number}" for number in range(77))))
    assert "77 labels" in shown
    assert "label76" not in shown
    assert "…" in shown


def test_model_table_has_every_model_and_the_memory() -> None:
    """State, own memory, whose weights are shared, last use, and which is current."""
    rows = (
        ModelRow("base", "starter:minilm", None, 90_852_864, "cpu", "warm"),
        ModelRow("router", "run:1", "text-classification", 838_861, "cpu", "warm", 2.0, "base", current=True),
        ModelRow("story", "x", "text-generation", 0, None, "parked", 250.0),
    )
    shown = text_of(ModelTable(models=rows, memory_used=GIGABYTE, memory_total=23 * GIGABYTE))
    router = next(line.split() for line in shown.splitlines() if "router" in line)
    assert router == [
        "router*",
        "text-classification",
        "+819",
        "KB",
        "cpu",
        "warm,",
        "shares",
        "base",
        "just",
        "now",
    ]
    assert "4 min ago" in shown
    unnamed = ModelRow("", "starter:minilm", None, 1, "cpu", "warm")
    assert "starter:minilm" in text_of(ModelTable(models=(unnamed,), memory_used=0, memory_total=1))
    assert "memory 1.0 of 23.0 GB" in shown


def test_no_models_is_said() -> None:
    """An empty table is no answer."""
    assert "no model is loaded" in words(ModelTable(models=(), memory_used=0, memory_total=GIGABYTE))


def test_plugins_show_state_origin_and_failure() -> None:
    """A plugin that failed is named with its error and the command that explains it."""
    rows = (
        PluginRow("starter", "hfshell.plugins", "hfshell", "0.1.0", "listed"),
        PluginRow("ner", "hfshell.tasks", "hfshell-ner", "1.2.0", "failed", 0.4, (), "no module named x"),
    )
    shown = words(PluginTable(plugins=rows), 100)
    for fact in (
        "starter",
        "listed",
        "hfshell-ner 1.2.0",
        "failed",
        "no module named x",
        "`plugins why ner`",
    ):
        assert fact in shown


def test_plugins_say_what_they_give_and_what_to_mend() -> None:
    """Gifts and remarks are there on every screen; a disabled plugin has not failed."""
    rows = (
        PluginRow(
            "stars", "g", "hfshell-stars", "1", "ready", 2.4, ("task stars",), None, ("imports torch",)
        ),
        PluginRow("ner", "g", "hfshell-ner", "1", "disabled", None, (), "off; `plugins enable ner`"),
    )
    for width in (40, 80, 120):
        shown = words(PluginTable(plugins=rows), width)
        for fact in ("task stars", "imports torch", "2.4 s", "disabled", "off; `plugins enable ner`"):
            assert fact in shown
        assert "plugins why" not in shown


@pytest.mark.parametrize("width", [40, 80, 140])
def test_overview_lists_each_command_once_under_its_section(width: int) -> None:
    """Sections in order of their first command, also when a plugin adds to an earlier one."""
    entries = (
        HelpEntry("load", "Load a model", "Models"),
        HelpEntry("data", "Read data", "Data"),
        HelpEntry("merge", "Merge two models", "Models"),
    )
    lines = [line.strip() for line in text_of(HelpOverview(commands=entries), width).splitlines()]
    firsts = [line.split()[0] for line in lines if line]
    assert firsts[:5] == ["Models", "load", "merge", "Data", "data"]


@pytest.mark.parametrize("width", [40, 80, 140])
def test_help_page_has_usage_options_defaults_and_examples(width: int) -> None:
    """Everything that a declaration says about a command."""
    page = HelpPage(
        name="finetune",
        usage="finetune MODEL [OPTIONS]",
        summary="Train a copy",
        description="The model given stays as it was.",
        options=(
            HelpOption("MODEL", "", "A bound model", "", positional=True),
            HelpOption("--epochs", "X", "Passes over the rows", "3"),
            HelpOption("--resume", "[RUN]", "Go on", ""),
        ),
        examples=(("router = finetune base tickets", "with the defaults"),),
    )
    shown = words(page, width)
    for fact in (
        "finetune MODEL [OPTIONS]", "Train a copy", "stays as it was.", "--epochs X", "[3]", "--resume [RUN]",
        "router = finetune base tickets", "with the defaults",
    ):  # fmt: skip
        assert fact in shown
    assert shown.index("A bound model") < shown.index("--epochs")


def test_options_of_tasks_stand_under_the_name_of_each() -> None:
    """Nobody takes the option of one task for one that all have."""
    page = HelpPage(
        name="predict",
        usage="predict [OPTIONS]",
        summary="Predict",
        description="",
        options=(
            HelpOption("--alarm", "X", "Call it urgent", "7", task="urgency"),
            HelpOption("--limit", "N", "The first rows", ""),
            HelpOption("--half", "", "Round", "", task="stars"),
            HelpOption("--loud", "", "Shout", "", task="urgency"),
        ),
        examples=(),
    )
    lines = [line.split()[0:3] for line in text_of(page).splitlines() if line]
    assert [line for line in lines if line[0] == "Options" or line[0].startswith("--")] == [
        ["Options"], ["--limit", "N", "The"],
        ["Options", "of", "stars"], ["--half", "Round"],
        ["Options", "of", "urgency"], ["--alarm", "X", "Call"], ["--loud", "Shout"],
    ]  # fmt: skip


def test_small_results() -> None:
    """One line each, with all that they know."""
    assert words(Value(name="lr", value="2e-5")) == "lr = 2e-5"
    held = Expectation(left="ev.accuracy", operator=">=", right="0.85", actual="0.917")
    assert words(held) == "✓ ev.accuracy >= 0.85 it is 0.917"
    assert words(held, plain=True) == "ok ev.accuracy >= 0.85 it is 0.917"
    assert words(Saved(name="router", path="./router", bytes=91_226_112)) == "router saved in ./router 87 MB"
    assert words(Saved(name="", path="p.csv", bytes=10)) == "saved in p.csv 10 B"
    assert words(Unloaded(names=("a", "b"), bytes=90_852_864)) == "forgot a, b · 87 MB free again"
    assert words(Unloaded(names=(), bytes=0)) == "forgot nothing"
    assert words(Unloaded(names=("a",), bytes=0, parked=True)) == "parked a"
    assert words(Message(lines=("one", "two"))) == "one two"


def test_history_keeps_numbers_and_lines_of_many_lines() -> None:
    """Numbers count on from the first, a heredoc stays whole."""
    shown = text_of(HistoryTable(first=99, lines=("load x", "predict m <<END\na b\nEND", "exit")))
    assert [line.split() for line in shown.splitlines()] == [
        ["99", "load", "x"], ["100", "predict", "m", "<<END"], ["a", "b"], ["END"], ["101", "exit"],
    ]  # fmt: skip


def test_kernel_status() -> None:
    """State, process, time, restarts, memory and versions."""
    status = KernelStatus(
        state="idle", pid=4242, uptime_seconds=754, restarts=2, memory_used=GIGABYTE,
        memory_total=23 * GIGABYTE, device="cpu", versions={"torch": "2.13.0"},
    )  # fmt: skip
    shown = words(status)
    for fact in (
        "idle",
        "cpu",
        "pid 4242",
        "up 0:12:34",
        "restarted 2",
        "memory 1.0 of 23.0 GB",
        "torch 2.13.0",
    ):
        assert fact in shown


def test_kernel_that_has_just_started_shows_no_empty_facts() -> None:
    """What is not known yet is left out."""
    status = KernelStatus(
        state="starting", pid=7, uptime_seconds=0, restarts=0, memory_used=0, memory_total=0, device=""
    )
    assert words(status) == "kernel starting · pid 7 · up 0:00:00"


def test_a_guard_that_was_allowed_is_told_from_a_warning() -> None:
    """What the user overruled stands in the result, without advice already declined."""
    guard = Guard("labels", "refuse", "labels differ", hint="--label-map")
    shown = words(Value(name="x", value="1", guards=(guard,)))
    assert "allowed (labels) labels differ" in shown
    assert "--label-map" not in shown


def test_render_stays_light() -> None:
    """The prompt waits for this import: no Markdown, no highlighter, nothing of the kernel's."""
    code = (
        "import sys, hfshell.render.results, hfshell.render.progress, hfshell.render.export\n"
        "heavy = {'rich.markdown', 'markdown_it', 'pygments', 'rich.syntax', 'rich.progress', 'asyncio',\n"
        "         'torch', 'numpy', 'csv', 'hfshell.render.document'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
