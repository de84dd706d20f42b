"""Candidates, their order, and what is put into the line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from hfshell.api.requests import NameInfo
from hfshell.commands.table import CommandTable
from hfshell.home import locate_home
from hfshell.journal.saved import SavedSessions
from hfshell.plugin_host import PluginHost
from hfshell.shell.completion.candidates import Candidates
from hfshell.shell.completion.completer import PromptCompleter
from hfshell.shell.completion.use import PastUse

NAMES = (
    NameInfo("base", "model", "BertModel", state="warm", parameters=22_700_000, bytes=90_800_000),
    NameInfo("router", "model", task="text-classification", labels=("billing", "my refunds"), state="parked"),
    NameInfo(
        "tickets", "data", splits=("train", "test"), columns=("body", "queue"), labels=("0", "1"), rows=480
    ),
    NameInfo("ev", "result", "evaluation", fields=("accuracy", "n"), values=("0.916666", "48")),
    NameInfo("lr", "value", "2e-5"),
)


@pytest.fixture
def completer(tmp_path: Path, plugins: PluginHost, monkeypatch: pytest.MonkeyPatch) -> PromptCompleter:
    """A completer that stands in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return PromptCompleter(Candidates(CommandTable(plugins), plugins, lambda: NAMES, locate_home()))


@pytest.fixture
def after_tab(completer: PromptCompleter) -> Callable[[str], list[str]]:
    """What the line could be after Tab, best first; the cursor stands at `|`, or at the end."""

    def complete(text: str) -> list[str]:
        before, _, after = text.partition("|")
        document = Document(before + after, len(before))
        found = completer.get_completions(document, CompleteEvent(completion_requested=True))
        return [before[: len(before) + item.start_position] + item.text + after for item in found]

    return complete


def test_a_command_and_its_summary(completer: PromptCompleter) -> None:
    """A command is offered with what it does."""
    (found,) = completer.get_completions(Document("fine"), CompleteEvent())
    assert found.text == "finetune "
    assert found.display_meta_text == "Train a copy of a model on a data set"


@pytest.mark.parametrize("hidden", ["\x1b[2J", "\x9b2J", "\u202e", "\u2066"])
def test_nothing_steers_the_terminal(tmp_path: Path, plugins: PluginHost, hidden: str) -> None:
    """What data and plugins are called and say is escaped in the menu, and never put into the line raw."""
    names = (NameInfo("tickets", "value", f"480 {hidden}rows"), NameInfo(f"tick{hidden}", "value", "2"))
    candidates = Candidates(CommandTable(plugins), plugins, lambda: names, locate_home())
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
        ("eval router tickets --allow lab", ["eval router tickets --allow labels "]),
        ("load x --dtype bf", ["load x --dtype bfloat16 "]),
        ("data x --no-d", ["data x --no-dedup "]),
        ("show tickets.te", ["show tickets.test "]),
        ("show ev.a", ["show ev.accuracy "]),
        ("expect ev.a", ["expect ev.accuracy "]),
        ("echo $ev.a", ["echo $ev.accuracy"]),
        ('echo "${ev.a', ['echo "${ev.accuracy}']),
        ("echo ${l", ["echo ${lr}"]),
        ("expect ev.accuracy >", ["expect ev.accuracy > ", "expect ev.accuracy >= "]),
        ("expect ev.accuracy >= 0", ["expect ev.accuracy >= 0.917 "]),
        ("kernel re", ["kernel restart "]),
        ("plugins why text-c", ["plugins why text-classification "]),
        ("eval base tickets --task text-c", ["eval base tickets --task text-classification "]),
        ("load mini", ["load minilm "]),
        ("load starter:mi", ["load starter:minilm "]),
        ("load new:ll", ["load new:llama "]),
        ("new gp", ["new gpt2 "]),
        ("load minilm --device cp", ["load minilm --device cpu "]),
        ("set the", ["set theme "]),
        ("set theme d", ["set theme dark ", "set theme default "]),
        ("set bell o", ["set bell off "]),
        ("use ba", ["use base "]),
        ("use mini", []),
        ("eval router tickets --label-map 0", ["eval router tickets --label-map 0="]),
        ("eval router tickets --label-map 0=b", ["eval router tickets --label-map 0=billing "]),
        (
            "eval router tickets --label-map 0=billing,1=my",
            ["eval router tickets --label-map '0=billing,1=my refunds' "],
        ),
        ("predict router hello --top", ["predict router hello --top-k "]),
        ("predict router hello --thr", []),
        ("finetune base tickets --lr", ["finetune base tickets --learning-rate "]),
        ("finetune base tickets --rate", ["finetune base tickets --learning-rate "]),
        ("ftn", ["finetune "]),
        ("unl", ["unload "]),
        ("param", []),
        ("x = unl", ["x = unload "]),
        ("x = set", []),
        ("x = tick", []),
        ("help finetune --pat", ["help finetune --patience "]),
        ("fi|tune base", ["finetune base"]),
        ("fine| base", ["finetune base"]),
        ("finetune ba| tickets", ["finetune base tickets"]),
        ("echo ${ev.acc|}", ["echo ${ev.accuracy}"]),
        ("echo ${ev.a|racy}", ["echo ${ev.accuracy}"]),
        ("finetune base 'tick|'", ["finetune base 'tickets'"]),
        ("load x --dt| bfloat16", ["load x --dtype bfloat16"]),
        ("models\nunl|\nmodels", ["models\nunload\nmodels"]),
        ("help finet", ["help finetune "]),
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
        "data train=", "data validation=", "data test=",
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
    run = locate_home().runs / "7f3a91"
    run.mkdir(parents=True)
    (run / "request.json").write_text(json.dumps({"verb": "finetune", "created": "2026-01-01"}))
    (locate_home().runs / "damaged").mkdir()
    assert "load run:7f3a91 " in after_tab("load run:")
    assert after_tab("finetune base tickets --resume 7f") == ["finetune base tickets --resume 7f3a91 "]


def test_parameters_of_a_script(after_tab: Callable[[str], list[str]], tmp_path: Path) -> None:
    """`source` offers the parameters of the script that it names; a broken one offers none."""
    (tmp_path / "train.hfsh").write_text("param epochs = 3\nparam file\necho $epochs\n")
    (tmp_path / "broken.hfsh").write_text("echo 'open\n")
    assert after_tab("source train.hfsh ep") == ["source train.hfsh epochs="]
    assert after_tab("source broken.hfsh ep") == []


@pytest.fixture
def after_key(completer: PromptCompleter) -> Callable[[str], list[str]]:
    """What the menu lists while typing, best first."""

    def complete(text: str) -> list[str]:
        found = completer.get_completions(Document(text), CompleteEvent(text_inserted=True))
        return [item.text.strip() for item in found]

    return complete


def test_while_typing_all_that_fits_is_listed(after_key: Callable[[str], list[str]]) -> None:
    """The menu goes on beyond what Tab would put in at once, but not to letters that are scattered."""
    assert after_key("lo") == ["load", "unload"]
    assert after_key("oad") == ["load", "unload"]


def meanings(completer: PromptCompleter, text: str) -> dict[str, str]:
    """What stands beside each candidate."""
    found = completer.get_completions(Document(text), CompleteEvent(completion_requested=True))
    return {item.text.strip(): item.display_meta_text for item in found}


@pytest.mark.parametrize(
    ("text", "word", "meaning"),
    [
        ("use ", "base", "BertModel · 22.7 M · 87 MB"),
        ("use ", "router", "text-classification · parked"),
        ("eval router ti", "tickets", "480 rows · 2 labels"),
        ("show ev.", "ev.accuracy", "0.916666"),
        ("show ev.", "ev.errors", "the rows that went wrong"),
        ("echo $l", "lr", "2e-5"),
        ("expect ev.accuracy >= ", "0.917", "ev.accuracy now"),
        ("expect ev.accuracy ", "~", "the same to the digits on the right"),
        ("finetune base tickets --ep", "--epochs", "Passes over the training rows (3)"),
        ("load x --dtype fl", "float32", "default"),
        ("set off", "offline", "Never ask the Hub"),
        ("data t.csv --map la", "labels=", "label of 1 task"),
    ],
)
def test_what_stands_beside(completer: PromptCompleter, text: str, word: str, meaning: str) -> None:
    """Nobody has to leave the line to know what a candidate is."""
    assert meanings(completer, text)[word] == meaning


def test_what_makes_no_sense_yet(tmp_path: Path, plugins: PluginHost) -> None:
    """Without a name, what works on names is left out; once it is typed it comes last, and says why."""
    completer = PromptCompleter(Candidates(CommandTable(plugins), plugins, lambda: (), locate_home()))
    at_once = meanings(completer, "")
    assert {"load", "data", "set"} <= at_once.keys()
    assert not {"use", "save", "unload", "show"} & at_once.keys()
    assert meanings(completer, "us") == {"use": "no model is bound yet"}
    assert list(meanings(completer, "s"))[-2:] == ["save", "show"]


def test_columns_of_the_file_on_the_line(after_tab: Callable[[str], list[str]], tmp_path: Path) -> None:
    """`--map` offers the columns of the file that is read, or of bound data when the file does not tell."""
    (tmp_path / "log.csv").write_text("my text,team\nhello,a\n")
    assert after_tab("data log.csv --map text=") == [
        "data log.csv --map 'text=my text' ", "data log.csv --map text=team ",
    ]  # fmt: skip
    assert after_tab("data --map label=qu| missing.csv") == ["data --map label=queue missing.csv"]


def test_models_of_the_hubs_cache(
    after_tab: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was downloaded before is offered without asking the Hub's library; what is half there is not."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    (tmp_path / "hub" / "models--org--tiny--bert" / "snapshots" / "abc").mkdir(parents=True)
    (tmp_path / "hub" / "models--org--half").mkdir()
    (tmp_path / "hub" / "datasets--imdb" / "snapshots" / "abc").mkdir(parents=True)
    assert after_tab("load org") == ["load org/tiny--bert "]
    assert after_tab("data im") == ["data imdb "]


def test_folders_with_a_model_are_words(after_tab: Callable[[str], list[str]], tmp_path: Path) -> None:
    """A model's folder is offered whole, other folders to be gone into."""
    for name in ("saved", "sources"):
        (tmp_path / name).mkdir()
    (tmp_path / "saved" / "config.json").touch()
    assert after_tab("load ./s") == ["load ./saved ", "load ./saved/", "load ./sources/"]


def test_labels_between_commas(after_tab: Callable[[str], list[str]]) -> None:
    """A list goes on behind each comma with what it does not hold yet."""
    line = "predict base x --task zero-shot-classification --labels "
    assert after_tab(f"{line}bil") == [f"{line}billing "]
    assert after_tab(f"{line}billing,my") == [f"{line}'billing,my refunds' "]


def test_an_alias_is_completed_like_what_it_stands_for(tmp_path: Path, plugins: PluginHost) -> None:
    """The user's own words are commands, and their arguments are those of the command behind them."""
    aliases = {"fb": "finetune base", "mm": "models"}
    candidates = Candidates(
        CommandTable(plugins), plugins, lambda: NAMES, locate_home(), aliases=lambda: aliases
    )
    completer = PromptCompleter(candidates)
    assert meanings(completer, "fb") == {"fb": "alias of finetune base"}
    (found,) = completer.get_completions(Document("fb tick"), CompleteEvent(completion_requested=True))
    assert (found.text, found.start_position) == ("tickets", -4)
    assert meanings(completer, "unalias m") == {"mm": "alias of models"}


def test_saved_sessions(completer: PromptCompleter) -> None:
    """`session load` offers what was saved, with what is bound in it."""
    names = [
        {"name": "base", "kind": "model", "recipe": {}},
        {"name": "ev", "kind": "value", "recipe": {"text": "1"}},
    ]
    SavedSessions(locate_home().sessions).save("tickets", {"schema": 1, "names": names})
    assert meanings(completer, "session load t") == {"tickets": "base, ev"}


def test_the_usual_roles_come_first(completer: PromptCompleter) -> None:
    """Of all roles that tasks know, those are offered first that most of them want."""
    assert next(iter(meanings(completer, "data t.csv --map "))) == "text="


def test_what_was_used_comes_first(tmp_path: Path, plugins: PluginHost) -> None:
    """Of what fits alike, that comes first which was typed of late, with the same command."""
    texts = ["predict router --limit 3", "finetune base tickets --seed 7"]
    use = PastUse(lambda count: texts[:count])
    completer = PromptCompleter(Candidates(CommandTable(plugins), plugins, lambda: NAMES, locate_home()), use)
    assert next(iter(meanings(completer, "use "))) == "base"
    assert next(iter(meanings(completer, "predict "))) == "router"
    assert next(iter(meanings(completer, "finetune base tickets --"))) == "--seed"
    assert next(iter(meanings(completer, "predict base --"))) == "--limit"


WORDS = st.text(alphabet="finetu bas=-$'\"{}<>|.\\\n #_:,~/", max_size=25)


@given(WORDS, WORDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_is_too_odd(completer: PromptCompleter, before: str, after: str) -> None:
    """Completion never raises, and changes nothing before the word that the cursor is in."""
    document = Document(before + after, len(before))
    for inserted in (True, False):
        event = CompleteEvent(text_inserted=inserted, completion_requested=not inserted)
        for completion in completer.get_completions(document, event):
            assert -len(before) <= completion.start_position <= 0
            begun = before[len(before) + completion.start_position :]
            assert not set(begun) & {" ", "\n"} or set(begun) & set("'\"\\")
