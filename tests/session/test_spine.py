"""The main job, from a file and a folder to predictions, on a real tiny model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hfshell import Session
from hfshell.api.results import EvaluationResult, FinetuneResult, PredictionResult
from hfshell.errors import DataError, HfshellError, ModelError, Refused, UsageError
from hfshell.testing.tiny_files import picture

FINETUNE = "router = finetune base tickets --epochs 4 --learning-rate 5e-3 --batch-size 16"


@dataclass(frozen=True)
class Spine:
    """A session in which a model was trained, and what came of it."""

    session: Session
    trained: FinetuneResult
    model: Path
    table: Path
    home: Path


def opened(tiny_model: Path, table: Path, state: Path | None = None) -> Session:
    """A session that has the model and the data."""
    session = Session(state=state)
    session.run(f"tickets = data {table}\nbase = load {tiny_model}")
    return session


@pytest.fixture(scope="module")
def spine(tiny_model: Path, table: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spine]:
    """Train once for all tests here, in a home that they share."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("spine")
        patch.setenv("HFSHELL_HOME", str(home))
        with opened(tiny_model, table) as session:
            trained = session.run(FINETUNE)
            assert isinstance(trained, FinetuneResult)
            yield Spine(session, trained, tiny_model, table, home)


@pytest.fixture(autouse=True)
def same_home(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let later sessions find what the first one left."""
    monkeypatch.setenv("HFSHELL_HOME", str(spine.home))


def weights(folder: Path) -> str:
    """Hash a model folder's weights."""
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


def test_training_learns_and_is_measured(spine: Spine) -> None:
    """The model beats guessing, on rows that it was not trained on."""
    fields = spine.trained.fields()
    assert spine.trained.measured_on == "validation"
    assert fields["accuracy"] > 0.8  # type: ignore[operator]
    assert fields["accuracy_low"] < fields["accuracy"] <= fields["accuracy_high"]  # type: ignore[operator]
    assert spine.trained.baseline == pytest.approx(1 / 3, abs=0.12)
    assert spine.trained.labels == ("account", "billing", "delivery")
    assert len(spine.trained.validation) == 4


def test_base_is_untouched(spine: Spine, tmp_path: Path) -> None:
    """Training works on a copy: the base saves to the very weights that it was read from."""
    spine.session.run(f"save base {tmp_path / 'again'}")
    assert weights(tmp_path / "again") == weights(spine.model)


def test_evaluation_counts_every_row(spine: Spine) -> None:
    """The report is of the split that was named, row for row."""
    result = spine.session.run("eval router tickets.test")
    assert isinstance(result, EvaluationResult)
    assert result.n == 15
    assert sum(map(sum, result.confusion)) == 15
    assert result.fields()["accuracy"] == pytest.approx(1 - result.wrong / 15)


def test_prediction_is_scored_and_sorted(spine: Spine) -> None:
    """A prediction is the Hub's list of labels and scores, best first."""
    result = spine.session.run('predict router "my card was charged twice"')
    assert isinstance(result, PredictionResult)
    row = result.to_dict()["rows"][0]
    assert row[0]["label"] == "billing"
    assert [item["score"] for item in row] == sorted((item["score"] for item in row), reverse=True)


def test_bare_words_are_one_text(spine: Spine) -> None:
    """A sentence typed without quotes is a sentence; quoted words are texts of their own."""
    assert len(spine.session.run("predict router my card was charged").rows) == 1  # type: ignore[union-attr]
    assert len(spine.session.run('predict router "my card" "a parcel"').rows) == 2  # type: ignore[union-attr]


def test_a_file_or_split_that_is_not_there_is_no_text(spine: Spine, tmp_path: Path) -> None:
    """`predict router new.csv` reads the file, and a misspelt one is an error; only quotes make it a text."""
    rows = tmp_path / "new.csv"
    rows.write_text("text\nmy card\na parcel\nmy password\n")
    assert len(spine.session.run(f"predict router {rows}").rows) == 3  # type: ignore[union-attr]
    for word, said in (
        ("nothere.csv", "no file nothere.csv"),
        ("tickts.test", "nothing is called tickts.test"),
    ):
        with pytest.raises(UsageError, match=said):
            spine.session.run(f"predict router {word}")
    quoted = spine.session.run('predict router "tickets.test"')
    assert quoted.inputs == ("tickets.test",)  # type: ignore[union-attr]


def test_a_folder_or_file_that_is_there_is_no_text(
    spine: Spine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name would be classified as if it said something; in quotes, or with other words, it is a text."""
    (tmp_path / "docs" / "go").mkdir(parents=True)
    (tmp_path / "docs" / "go" / "a.png").write_bytes(picture(0, 0))
    (tmp_path / "notes").write_bytes(b"my card")
    monkeypatch.chdir(tmp_path)
    for word in ("docs", "notes", str(tmp_path / "docs")):
        with pytest.raises(HfshellError) as caught:
            spine.session.run(f"predict router {word}")
        assert isinstance(caught.value, (DataError, UsageError))
    for words in ('"docs"', "my docs"):
        assert len(spine.session.run(f"predict router {words}").rows) == 1  # type: ignore[union-attr]
    with pytest.raises(Refused, match="tokenizer"):  # no file can be called so, and it is read as a text
        spine.session.run(f"predict router {'長' * 300}")


def test_a_misspelt_model_is_told_before_an_option_that_hangs_on_it(spine: Spine) -> None:
    """Which tasks read `--top-k` in which way says nothing of a name that is bound to nothing."""
    with pytest.raises(UsageError, match="nothing is called routr") as caught:
        spine.session.run('predict routr "my card" --top-k 2')
    assert "router" in str(caught.value.hint)
    assert caught.value.place is not None
    assert caught.value.place.column == 9
    with pytest.raises(UsageError, match="--top-k"):
        spine.session.run('predict org/model "my card" --top-k 2')


def test_a_misspelt_model_name_offers_the_bound_one(spine: Spine) -> None:
    """A word that is neither a name nor a model of the Hub is answered with the nearest name."""
    spine.session.run("set offline on")
    with pytest.raises(ModelError) as caught:
        spine.session.run("predict routr hello")
    spine.session.run("set offline off")
    assert "router" in str(caught.value.hint)


def test_predictions_go_to_a_file(spine: Spine, tmp_path: Path) -> None:
    """A split's predictions become lines, one a row."""
    target = tmp_path / "out.jsonl"
    spine.session.run(f"predict router tickets.test > {target}")
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(lines) == 15


def test_run_loads_in_a_later_session(spine: Spine) -> None:
    """`run:ID` finds the model, which predicts and evaluates to the same digits."""
    before = spine.session.run("eval router tickets.test")
    later = Session()
    later.run(f"tickets = data {spine.table}\nagain = load run:{spine.trained.run}")
    after = later.run("eval again tickets.test")
    assert isinstance(before, EvaluationResult)
    assert isinstance(after, EvaluationResult)
    assert after.metrics == before.metrics
    assert after.confusion == before.confusion


def test_saved_model_measures_the_same(spine: Spine, tmp_path: Path) -> None:
    """A saved folder, read by a new session, gives the same digits; transformers reads it too."""
    import transformers

    spine.session.run(f"save router {tmp_path / 'router'}")
    later = Session()
    later.run(f"tickets = data {spine.table}")
    after = later.run(f"eval {tmp_path / 'router'} tickets.test")
    before = spine.session.run("eval router tickets.test")
    assert after.metrics == before.metrics  # type: ignore[union-attr]
    config = transformers.AutoConfig.from_pretrained(tmp_path / "router")
    assert config.id2label[1] == "billing"


def test_run_directory_tells_all(spine: Spine) -> None:
    """What was asked, what happened and what came out can be read without hfshell."""
    folder = Path(spine.trained.folder).parent
    request = json.loads((folder / "request.json").read_text())
    assert request["options"]["epochs"] == 4.0
    assert request["versions"]["torch"]
    assert json.loads((folder / "result.json").read_text())["run"] == spine.trained.run
    assert (folder / "events.jsonl").read_text().count("\n") > 3
    assert not list((folder / "checkpoints").glob("checkpoint-*"))


def test_names_come_back_after_a_crash(spine: Spine, tmp_path: Path) -> None:
    """A session that finds a journal knows all names, and makes what they hold again when it is mentioned."""
    before = opened(spine.model, spine.table, tmp_path)
    before.run(f"let lr = 1\nrouter = load run:{spine.trained.run}\nev = eval router tickets.test")
    after = Session(state=tmp_path)
    assert {row.name: row.state for row in after.warm.rows()} == {"base": "parked", "router": "parked"}
    assert after.run("expect $lr == 1")
    assert after.run("eval router tickets.test").metrics == before.run("show ev").metrics  # type: ignore[union-attr]


def test_fresh_head_is_refused(spine: Spine) -> None:
    """A head that was never trained gives no answers that look like answers."""
    with pytest.raises(UsageError, match="base model"):
        spine.session.run('predict base "hello"')
    spine.session.run(f"fresh = load {spine.model} --task text-classification")
    with pytest.raises(Refused) as caught:
        spine.session.run('predict fresh "hello"')
    assert caught.value.guard == "fresh-head"
    assert caught.value.exit_code == 4


def test_other_labels_are_refused_unless_mapped(spine: Spine, tmp_path: Path) -> None:
    """Labels are matched by name: numbers are not taken for names in order."""
    other = tmp_path / "other.csv"
    other.write_text("text,label\nmy card was charged,0\nwhere is my parcel,1\nchange the password,2\n")
    spine.session.run(f"other = data test={other}")
    with pytest.raises(Refused) as caught:
        spine.session.run(f"eval router {other}")
    assert caught.value.guard == "labels"
    result = spine.session.run("eval router other.test --label-map 0=billing,1=delivery,2=account")
    assert result.n == 3  # type: ignore[union-attr]


def test_measuring_on_training_rows_is_said(spine: Spine) -> None:
    """A score on rows that were trained on says so."""
    result = spine.session.run("eval router tickets.train")
    assert "leakage" in {guard.name for guard in result.guards}  # type: ignore[union-attr]
    assert "leakage" not in {guard.name for guard in spine.session.run("eval router tickets.test").guards}  # type: ignore[union-attr]


def test_loading_twice_shares_memory(spine: Spine) -> None:
    """A model that is warm is not loaded again."""
    result = spine.session.run(f"twin = load {spine.model}")
    assert result.already_warm  # type: ignore[union-attr]
    assert {row.name: row.shared_with for row in spine.session.warm.rows()}["twin"] == "base"
    assert spine.session.run("unload twin").bytes == 0  # type: ignore[union-attr]


def test_bound_model_can_have_two_names(spine: Spine) -> None:
    """`load` of a bound name does not look for a stranger's model of that name on the Hub."""
    result = spine.session.run("twin = load router")
    assert result.already_warm  # type: ignore[union-attr]
    assert result.task == "text-classification"  # type: ignore[union-attr]
    spine.session.run("unload twin")


def test_parked_model_is_read_again(spine: Spine) -> None:
    """Parking frees memory and keeps the name."""
    before = spine.session.run('predict router "my parcel"')
    assert spine.session.run("unload router --park").bytes > 0  # type: ignore[union-attr]
    after = spine.session.run('predict router "my parcel"')
    assert before.rows == after.rows  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ("predict nothing hello", ModelError, "nothing"),
        ("predict tickets hello", UsageError, "tickets is data, not a model"),
        ("eval router tickets.tset", UsageError, "tset"),
        ("eval router no-such-file.csv", HfshellError, "no-such-file.csv"),
        ("finetune base tickets --task no-such", UsageError, "no-such"),
        ("unload nothing", UsageError, "nothing"),
        ("load ./nowhere", ModelError, "nowhere"),
        ("data nowhere.csv", DataError, "nowhere.csv"),
        ("use tickets", UsageError, "tickets"),
        ("set memory 300%", UsageError, "300%"),
        ("save router", UsageError, "FOLDER"),
    ],
)
def test_mistake_is_one_clear_error(spine: Spine, line: str, kind: type[HfshellError], words: str) -> None:
    """Whatever is wrong is said in one line that names it, and the session goes on."""
    with pytest.raises(kind, match=words):
        spine.session.run(line)
    assert spine.session.run("predict router parcel")
