"""The page of the hooks: its examples do what it says, and what it quotes is what is said."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.errors import DataError, ModelError, PluginError
from hfshell.plugin_host.gathering import gather_from
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs" / "plugins" / "hooks.md"
TARGETS = {
    "\ndef greet(": "hfshell_greet.work",
    "\ndef find(": "hfshell_shelf.source",
    "\ndef read(": "hfshell_blocks.reader",
}
"""What the page's examples name as targets, by what stands in the block that has it."""

WRONG = {
    "there is no hook hfshell_task": "def hfshell_task(): return []",
    "pluggy names the argument": "def hfshell_tasks(model): return []",
    "the module has no hook": None,
    "hfshell_tasks returned a TaskSpec": "def hfshell_tasks(): return TaskSpec('urgency', 'x', 'a:b')",
    "metrics: a tuple": "def hfshell_tasks(): return [TaskSpec('urgency', 'x', 'a:b', metrics='mae')]",
    "target is package.module": "def hfshell_tasks(): return [TaskSpec('urgency', 'x', 'task')]",
}
"""The rows of the page's last table, by words of theirs, and code that is wrong in that way."""

Load = Callable[[str], types.ModuleType]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Make a module of the block that has some words in it; its name is that of the target it is."""

    def module(words: str) -> types.ModuleType:
        block = next(block for block in blocks(PAGE) if words in block.text)
        made = types.ModuleType(TARGETS.get(words, f"hooks_page_line_{block.line}"))
        monkeypatch.setitem(sys.modules, made.__name__, made)
        exec(compile(block.text, str(block), "exec"), vars(made))
        return made

    return module


def test_command_greets(load: Load) -> None:
    """The command of the page runs, and its result is bound like any other."""
    load("\ndef greet(")
    with Session() as session:
        session.plugins.use(load("def hfshell_commands("), "greet")
        result = session.run("greeting = greet Ada --times 2")
        assert result is not None
        assert result.to_dict()["lines"] == ["hello Ada", "hello Ada"]


def test_source_finds_and_says_what_it_does_not_find(
    load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source of the page is asked for what stands behind its colon."""
    source = load("\ndef find(")
    monkeypatch.setattr(source, "SHELF", tmp_path)
    with Session() as session:
        session.plugins.use(load("def hfshell_model_sources("), "shelf")
        with pytest.raises(ModelError, match="there is no router on the shelf"):
            session.run("load shelf:router")


def test_format_reads_rows_and_names_the_block_that_is_wrong(load: Load, tmp_path: Path) -> None:
    """The format of the page reads its files through `data`, or says where it cannot."""
    load("\ndef read(")
    file = tmp_path / "notes.blocks"
    file.write_text("\n".join(f"note {n}\n{'delivery' if n % 2 else 'billing'}\n" for n in range(40)))
    with Session() as session:
        session.plugins.use(load("def hfshell_data_formats("), "blocks")
        notes = session.run(f"notes = data {file}")
        assert notes is not None
        assert [item["label"] for item in notes.to_dict()["labels"]] == ["billing", "delivery"]
        file.write_text("one line\n")
        with pytest.raises(DataError, match="block 1 has 1 lines") as caught:
            session.run(f"data {file}")
    assert caught.value.place is not None
    assert caught.value.place.line == 1


@pytest.mark.slow
def test_observers_hear_of_a_run(
    load: Load, hf_session: Session, tiny_model: Callable[[str], Path], tiny_dataset: Callable[[str], Path]
) -> None:
    """The observers of the page are told of a session, its models and a run; one keeps the run's diary."""
    heard = {
        name: load(f"def {name}(")
        for name in (
            "hfshell_session_started",
            "hfshell_session_ended",
            "hfshell_model_loaded",
            "hfshell_model_unloaded",
            "hfshell_run_event",
        )
    }
    model, data = tiny_model("text-classification"), tiny_dataset("text-classification")
    for name, module in heard.items():
        hf_session.plugins.use(module, name)
    hf_session.run(f"m = load {model}\nev = eval m {data}\nunload m")
    hf_session.close()
    (run,) = hf_session.runs.list()
    diary = (run.folder / "diary.txt").read_text().splitlines()
    assert diary[0].startswith("eval ")
    assert diary[-1] == "done"
    assert len(heard["hfshell_session_started"].sessions) == 1
    assert heard["hfshell_session_ended"].ended == [True]
    assert heard["hfshell_model_loaded"].in_memory == heard["hfshell_model_unloaded"].given_back


@pytest.mark.parametrize(("said", "code"), WRONG.items())
def test_what_is_said_of_a_wrong_hook_is_what_the_page_says(said: str, code: str | None) -> None:
    """Each row of the table quotes the message that an author would see."""
    row = next(row for row in PAGE.read_text(encoding="utf-8").splitlines() if said in row)
    plugin = types.ModuleType("the module")
    exec(f"from hfshell.api import *\n{'@hookimpl' if code else ''}\n{code or ''}", vars(plugin))
    with pytest.raises(PluginError) as caught:
        gather_from(plugin, "urgency")
    if said.startswith("pluggy"):
        assert "model" in caught.value.message
        return
    quoted = row.split("|")[2].replace("`", "").strip()
    whole = f"{caught.value.message}: {caught.value.hint}" if caught.value.hint else caught.value.message
    assert whole == quoted
