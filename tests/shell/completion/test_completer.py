"""Candidates, their order, and what is put into the line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from hfshell.api.requests import NameInfo
from hfshell.commands.table import CommandTable
from hfshell.plugin_host import PluginHost
from hfshell.shell.completion.candidates import Candidates
from hfshell.shell.completion.completer import PromptCompleter, ranked
from hfshell.shell.completion.suggestions import Candidate

NAMES = (
    NameInfo("base", "model", "warm"),
    NameInfo("tickets", "data", "480 rows", splits=("train", "test")),
    NameInfo("ev", "result", "evaluation", fields=("accuracy", "n")),
    NameInfo("lr", "value", "2e-5"),
)


@pytest.fixture
def completer(tmp_path: Path, plugins: PluginHost, monkeypatch: pytest.MonkeyPatch) -> PromptCompleter:
    """A completer that stands in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    runs = tmp_path / ".runs"
    return PromptCompleter(Candidates(CommandTable(plugins), plugins, lambda: NAMES, runs))


@pytest.fixture
def after_tab(completer: PromptCompleter) -> Callable[[str], list[str]]:
    """What the line could be after Tab, best first."""

    def complete(text: str) -> list[str]:
        document = Document(text)
        found = completer.get_completions(document, CompleteEvent(completion_requested=True))
        return [text[: len(text) + completion.start_position] + completion.text for completion in found]

    return complete


def test_a_command_and_its_summary(completer: PromptCompleter) -> None:
    """A command is offered with what it does."""
    (found,) = completer.get_completions(Document("fine"), CompleteEvent())
    assert found.text == "finetune "
    assert found.display_meta_text == "Train a copy of a model on a data set"


@pytest.mark.parametrize("hidden", ["\x1b[2J", "\x9b2J", "\u202e", "\u2066"])
def test_nothing_steers_the_terminal(tmp_path: Path, plugins: PluginHost, hidden: str) -> None:
    """What data and plugins are called and say is escaped in the menu, and never put into the line raw."""
    names = (NameInfo("tickets", "data", f"480 {hidden}rows"), NameInfo(f"tick{hidden}", "data", "2 rows"))
    candidates = Candidates(CommandTable(plugins), plugins, lambda: names, tmp_path)
    found = list(PromptCompleter(candidates).get_completions(Document("show tick"), CompleteEvent()))
    assert [completion.text.strip() for completion in found] == ["tickets"]
    escaped = hidden[0].encode("unicode_escape").decode() + hidden[1:]
    assert found[0].display_meta_text == f"480 {escaped}rows"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = lo", ["x = load "]),
        ("tick", ["tickets"]),
        ("finetune base tickets --epo", ["finetune base tickets --epochs "]),
        ("finetune base tickets --epochs ", ["finetune base tickets --epochs 3 "]),
        ("load x --dtype bf", ["load x --dtype bfloat16 "]),
        ("data x --no-d", ["data x --no-dedup "]),
        ("show tickets.te", ["show tickets.test "]),
        ("show ev.a", ["show ev.accuracy "]),
        ("expect ev.a", ["expect ev.accuracy "]),
        ("echo $ev.a", ["echo $ev.accuracy"]),
        ('echo "${ev.a', ['echo "${ev.accuracy}']),
        ("echo ${l", ["echo ${lr}"]),
        ("kernel re", ["kernel restart "]),
        ("plugins why text-c", ["plugins why text-classification "]),
        ("eval base tickets --task text-c", ["eval base tickets --task text-classification "]),
        ("load mini", ["load minilm "]),
        ("load starter:mi", ["load starter:minilm "]),
        ("help fi", ["help finetune "]),
    ],
)
def test_after_tab(after_tab: Callable[[str], list[str]], text: str, expected: list[str]) -> None:
    """One Tab gives the line that was meant."""
    assert after_tab(text) == expected


def test_variables_of_the_environment(
    after_tab: Callable[[str], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`${env:` offers variables."""
    monkeypatch.setenv("HFSHELL_TEST_VARIABLE", "x")
    assert after_tab("echo ${env:HFSHELL_TEST_V") == ["echo ${env:HFSHELL_TEST_VARIABLE}"]


def test_data_offers_data_files_and_folders(after_tab: Callable[[str], list[str]], tmp_path: Path) -> None:
    """`data` offers what it can read; hidden files wait for a dot."""
    for name in ("a.csv", "b.jsonl.gz", "notes.md", ".hidden.csv"):
        (tmp_path / name).touch()
    (tmp_path / "corpus").mkdir()
    assert after_tab("data ") == [
        "data tickets", "data a.csv ", "data b.jsonl.gz ", "data corpus/",
    ]  # fmt: skip
    assert after_tab("data .h") == ["data .hidden.csv "]
    assert after_tab("data train=a") == ["data train=a.csv "]


def test_a_file_of_another_kind_once_it_is_typed(
    after_tab: Callable[[str], list[str]], tmp_path: Path
) -> None:
    """Whoever types the beginning of a name gets it, whatever its ending."""
    (tmp_path / "rows.dat").touch()
    assert after_tab("data ro") == ["data rows.dat "]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("data my", "data 'my file.csv' "),
        ("data 'my", "data 'my file.csv' "),
        ('data "my', "data 'my file.csv' "),
        (r"data my\ f", "data 'my file.csv' "),
    ],
)
def test_names_with_blanks_are_quoted(
    after_tab: Callable[[str], list[str]], tmp_path: Path, text: str, expected: str
) -> None:
    """What is inserted is one word, quoted where it must be."""
    (tmp_path / "my file.csv").touch()
    assert after_tab(text) == [expected]


def test_completion_goes_on_inside_a_quoted_folder(
    after_tab: Callable[[str], list[str]], tmp_path: Path
) -> None:
    """A folder leaves its quote open, so that the next Tab goes on in it."""
    (tmp_path / "my data").mkdir()
    (tmp_path / "my data" / "a.csv").touch()
    (folder,) = after_tab("data my")
    assert folder == "data 'my data/"
    assert after_tab(folder) == ["data 'my data/a.csv' "]


def test_files_of_home(
    after_tab: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~` is the home folder, and stays a `~` in the line."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.csv").touch()
    assert after_tab("data ~/a") == ["data ~/a.csv "]


def test_runs_newest_first(after_tab: Callable[[str], list[str]], tmp_path: Path) -> None:
    """`run:` offers runs."""
    run = tmp_path / ".runs" / "7f3a91"
    run.mkdir(parents=True)
    (run / "request.json").write_text(json.dumps({"verb": "finetune", "created": "2026-01-01"}))
    (tmp_path / ".runs" / "damaged").mkdir()
    assert "load run:7f3a91 " in after_tab("load run:")
    assert after_tab("finetune base tickets --resume 7f") == ["finetune base tickets --resume 7f3a91 "]


def test_parameters_of_a_script(after_tab: Callable[[str], list[str]], tmp_path: Path) -> None:
    """`source` offers the parameters of the script that it names; a broken one offers none."""
    (tmp_path / "train.hfsh").write_text("param epochs = 3\nparam file\necho $epochs\n")
    (tmp_path / "broken.hfsh").write_text("echo 'open\n")
    assert after_tab("source train.hfsh ep") == ["source train.hfsh epochs="]
    assert after_tab("source broken.hfsh ep") == []


def test_beginnings_come_before_fuzzy_matches() -> None:
    """`load` is not drowned by `unload`; without a beginning, letters in order are enough."""
    offered = [Candidate(text) for text in ("unload", "load", "Loader", "finetune", "load")]
    assert [candidate.text for candidate in ranked(offered, "lo")] == ["load"]
    assert [candidate.text for candidate in ranked(offered, "LO")] == ["load", "Loader"]
    assert [candidate.text for candidate in ranked(offered, "nload")] == ["unload"]
    assert [candidate.text for candidate in ranked(offered, "ftn")] == ["finetune"]
    assert ranked(offered, "xyz") == []
