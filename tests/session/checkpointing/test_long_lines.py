"""What takes long goes on within its line: training from its checkpoint, predictions behind the last part."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.events import Progress
from hfshell.compute import training_watch
from hfshell.errors import HfshellError
from hfshell.session import predicting
from hfshell.session.verbs import finetune as finetune_verb
from tests.session.checkpointing.lives import CHECKPOINT, Killed, Life, live

TRAIN = "first = finetune base d --epochs 1 --learning-rate 5e-3 --batch-size 8 --save-every 2"
LOAD = "router = load ./router"
PREDICT = "predict router d.train"


@pytest.fixture(scope="module")
def trained(tiny_model: Path, table: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A model that was trained by a batch which nobody killed, and what tells its weights."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HFSHELL_HOME", str(folder / "hfshell"))
        furnish(folder, tiny_model, table)
        patch.chdir(folder)
        assert live(script(TRAIN)).code == 0
    (run,) = runs(folder)
    return run / "model", weights(run)


def furnish(folder: Path, model: Path, table: Path) -> None:
    """Put a model and a few rows of data into a folder."""
    (folder / "tiny").symlink_to(model)
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "rows.csv").write_text("".join(lines[:61]), encoding="utf-8")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, tiny_model: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a model and data."""
    monkeypatch.chdir(tmp_path)
    furnish(tmp_path, tiny_model, table)
    return tmp_path


@pytest.fixture
def router(here: Path, trained: tuple[Path, str]) -> None:
    """A trained model in that folder."""
    (here / "router").symlink_to(trained[0])


def script(*lines: str) -> str:
    """Return a batch with the model and the data bound."""
    return "\n".join(["base = load ./tiny", "d = data rows.csv", *lines, ""])


def runs(home: Path) -> list[Path]:
    """Return the run directories."""
    return sorted((home / "hfshell" / "data" / "runs").glob("*/"))


def weights(run: Path) -> str:
    """Hash a run's weights."""
    return hashlib.sha256((run / "model" / "model.safetensors").read_bytes()).hexdigest()


def dying(patch: pytest.MonkeyPatch, owner: Any, name: str, call: int = 1) -> None:
    """End the process when something is called for the n-th time."""
    function, calls = getattr(owner, name), iter(range(1, 1 << 30))

    def deadly(*arguments: Any, **named: Any) -> Any:
        if next(calls) == call:
            raise Killed
        return function(*arguments, **named)

    patch.setattr(owner, name, deadly)


def killed(text: str, owner: Any, name: str, call: int = 1) -> Life:
    """Run a batch that is killed when something is called."""
    with pytest.MonkeyPatch.context() as patch:
        dying(patch, owner, name, call)
        life = live(text)
    assert life.code is None
    return life


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [
        (finetune_verb, "_train", 1),
        (training_watch.TrainingWatch, "on_step_end", 4),
        pytest.param(finetune_verb, "_measure", 1, marks=pytest.mark.slow),
        pytest.param(finetune_verb, "clear", 1, marks=pytest.mark.slow),
    ],
    ids=["before training", "in training", "behind training", "behind its record"],
)
def test_training_goes_on_in_its_run(
    home: Path, trained: tuple[Path, str], owner: Any, name: str, call: int
) -> None:
    """Wherever it was cut off, training goes on in the same run directory, to the same weights."""
    killed(script(TRAIN), owner, name, call)
    (before,) = runs(home)
    resumed = live(script(TRAIN))
    (run,) = runs(home)
    assert (resumed.code, resumed.began, run) == (0, [3], before)
    assert weights(run) == trained[1]
    assert not list((run / "checkpoints").glob("checkpoint-*"))
    assert resumed.session.names.get("first").recipe["source"] == f"run:{run.name}"


def test_training_that_ended_is_not_trained_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off between the run's last word and the batch's own, a run is taken as it is."""
    killed(script(TRAIN), finetune_verb, "clear")
    monkeypatch.setattr(finetune_verb, "_train", lambda *_: pytest.fail("it was trained again"))
    assert live(script(TRAIN, "echo end")).code == 4  # the script has changed
    assert live(script(TRAIN)).code == 0


def test_run_that_is_gone_is_refused(home: Path) -> None:
    """A model that a finished line trained must be there still."""
    live(script(TRAIN, "echo end"), kill_at=4)
    (run,) = runs(home)
    (run / "model" / "model.safetensors").unlink()
    refused = live(script(TRAIN, "echo end"))
    assert refused.code == 4
    assert "which line 3 wrote, has changed" in refused.refusal


def test_changed_data_of_a_line_that_was_cut_off_is_refused(home: Path) -> None:
    """A run goes on with the data that it began with, and with no other."""
    text = "m = finetune ./tiny rows.csv --epochs 1 --save-every 2\n"
    killed(text, finetune_verb, "_measure")
    Path("rows.csv").write_text(Path("rows.csv").read_text().replace("charged", "billed"))
    refused = live(text)
    assert refused.code == 4
    assert "data changed" in refused.refusal
    assert len(runs(home)) == 1


def test_failed_training_may_be_asked_otherwise(home: Path) -> None:
    """A line that failed for its data begins a run of its own with other data: only a kill goes on."""
    text = "m = finetune ./tiny rows.csv --epochs 1 --save-every 2\n"

    def fail(*_: Any) -> Any:
        raise HfshellError("no")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finetune_verb, "_measure", fail)
        assert live(text).code == 1
    Path("rows.csv").write_text(Path("rows.csv").read_text().replace("charged", "billed"))
    assert live(text).code == 0
    assert len(runs(home)) == 2


@pytest.mark.parametrize("target", ["> out.jsonl", "> out.csv", ">> out.jsonl"])
@pytest.mark.usefixtures("router")
def test_predictions_go_on_behind_the_last_part(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Parts that are safe are not predicted again, and the file is the one that nobody killed."""
    monkeypatch.setattr("hfshell.api.task.MOST_AT_ONCE", 16)
    text = script(LOAD, f"{PREDICT} {target}")
    out = Path(target.split()[1])
    live(text)
    expected = out.read_bytes()
    out.unlink()
    Path(CHECKPOINT).unlink()
    killed(text, predicting, "_part", 3)
    assert not out.exists()
    rows = Path(f"{CHECKPOINT}.rows").read_bytes()
    Path(f"{CHECKPOINT}.rows").write_bytes(rows + b'[{"label":"torn')
    calls: list[int] = []
    part = predicting._part

    def counted(*arguments: Any) -> Any:
        calls.append(arguments[-1])
        return part(*arguments)

    monkeypatch.setattr(predicting, "_part", counted)
    assert live(text).code == 0
    assert calls[0] == 32
    assert out.read_bytes() == expected
    assert not Path(f"{CHECKPOINT}.rows").exists()


@pytest.mark.usefixtures("router")
def test_damaged_predictions_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is not what was written is not believed."""
    monkeypatch.setattr("hfshell.api.task.MOST_AT_ONCE", 16)
    text = script(LOAD, f"{PREDICT} > out.jsonl")
    live(text)
    expected = Path("out.jsonl").read_bytes()
    Path(CHECKPOINT).unlink()
    killed(text, predicting, "_part", 3)
    rows = Path(f"{CHECKPOINT}.rows")
    rows.write_bytes(rows.read_bytes().replace(b"0.", b"1.", 1))
    assert live(text).code == 0
    assert Path("out.jsonl").read_bytes() == expected


@pytest.mark.usefixtures("router")
def test_progress_counts_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches sees one prediction of all rows, not many of a few."""
    monkeypatch.setattr("hfshell.api.task.MOST_AT_ONCE", 16)
    monkeypatch.setattr("hfshell.compute.inference._SECONDS_BETWEEN_EVENTS", 0)
    heard: list[Progress] = []
    monkeypatch.setattr(
        Life, "hear", lambda _self, event: heard.append(event) if isinstance(event, Progress) else None
    )
    live(script(LOAD, f"{PREDICT} > out.jsonl"))
    told = [event for event in heard if event.activity == "predict" and event.total and event.total > 16]
    assert told
    assert {event.total for event in told} == {told[0].total}
    assert [event.done for event in told] == sorted(event.done for event in told)


@pytest.mark.usefixtures("router")
def test_save_that_was_cut_off_is_no_other_folder_in_the_way(here: Path) -> None:
    """A folder that this very line made is written again; one that was there before is refused as ever."""
    text = script(LOAD, "save router kept", "echo end")
    live(text, kill_at=4)
    assert Path("kept").is_dir()
    assert live(text).code == 0
    Path(CHECKPOINT).unlink()
    assert live(text).code == 2


def test_model_that_lives_in_memory_only_is_made_again(here: Path) -> None:
    """What a task cannot save is lost with its process: its line is not written down as done."""
    from hfshell.session.checkpointing.state import is_kept
    from hfshell.session.names import Binding

    life = live(script())
    session = life.session
    key = {"source": "m:x", "task": "own", "dtype": "", "device": "", "options": ""}
    made = {"bound": [{"name": "m", "kind": "model", "recipe": key}]}
    assert is_kept(made, session)
    from hfshell.models.store import ModelKey

    class InMemory:
        bytes, dirty = 1, None

    session.warm.store.add(ModelKey(**key), InMemory(), None)  # type: ignore[arg-type]
    session.names.bind(Binding("m", "model", key))
    assert not is_kept(made, session)
