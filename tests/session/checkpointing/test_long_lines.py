"""What takes long goes on within its line: training from its checkpoint, predictions behind the last part."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from hfshell.api.events import Progress
from hfshell.compute import training_watch
from hfshell.session import predicting
from hfshell.session.verbs import finetune as finetune_verb
from tests.session.checkpointing.lives import CHECKPOINT, Killed, Life, live

TRAIN = "first = finetune base d --epochs 2 --learning-rate 5e-3 --save-every 2"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, tiny_model: Path, table: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a model and data."""
    monkeypatch.chdir(tmp_path)
    Path("tiny").symlink_to(tiny_model)
    Path("rows.csv").write_bytes(table.read_bytes())
    return tmp_path


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


@pytest.fixture
def whole(home: Path) -> str:
    """What the training comes to when nobody kills it."""
    live(script(TRAIN))
    (run,) = runs(home)
    found = weights(run)
    Path(CHECKPOINT).unlink()
    for path in sorted(run.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    run.rmdir()
    return found


@pytest.mark.parametrize(
    ("owner", "name", "call"),
    [
        (finetune_verb, "_train", 1),
        (training_watch.TrainingWatch, "on_step_end", 5),
        (finetune_verb, "_measure", 1),
        (finetune_verb, "clear", 1),
    ],
    ids=["before training", "in training", "behind training", "behind its record"],
)
def test_training_goes_on_in_its_run(home: Path, whole: str, owner: Any, name: str, call: int) -> None:
    """Wherever it was cut off, training goes on in the same run directory, to the same weights."""
    killed(script(TRAIN), owner, name, call)
    (before,) = runs(home)
    resumed = live(script(TRAIN))
    (run,) = runs(home)
    assert (resumed.code, resumed.began, run) == (0, [3], before)
    assert weights(run) == whole
    assert not list((run / "checkpoints").glob("checkpoint-*"))
    assert resumed.session.names.get("first").recipe["source"] == f"run:{run.name}"


def test_training_that_ended_is_not_trained_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off between the run's last word and the batch's own, a run is taken as it is."""
    killed(script(TRAIN), finetune_verb, "clear")
    monkeypatch.setattr(finetune_verb, "_train", lambda *_: pytest.fail("it was trained again"))
    assert live(script(TRAIN, "predict first 'my card'")).code == 4  # the script is another now
    assert live(script(TRAIN)).code == 0


def test_run_that_is_gone_is_refused(home: Path) -> None:
    """A model that a finished line trained must be there still."""
    live(script(TRAIN, "echo end"), kill_at=4)
    (run,) = runs(home)
    (run / "model" / "model.safetensors").unlink()
    refused = live(script(TRAIN, "echo end"))
    assert refused.code == 4
    assert "which line 3 wrote, is another now" in refused.refusal


def test_changed_data_of_a_line_that_was_cut_off_is_refused(home: Path) -> None:
    """A run goes on with the data that it began with, and with no other."""
    text = "m = finetune ./tiny rows.csv --epochs 1 --save-every 2\n"
    killed(text, finetune_verb, "_measure")
    Path("rows.csv").write_text(Path("rows.csv").read_text().replace("charged", "billed"))
    refused = live(text)
    assert refused.code == 4
    assert "data changed" in refused.refusal
    assert len(runs(home)) == 1


@pytest.mark.parametrize("target", ["> out.jsonl", "> out.csv", ">> out.jsonl"])
def test_predictions_go_on_behind_the_last_part(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Parts that are safe are not predicted again, and the file is the one that nobody killed."""
    monkeypatch.setattr(predicting, "PART", 16)
    text = script(TRAIN, f"predict first d.train {target}")
    out = Path(target.split()[1])
    live(text)
    expected = out.read_bytes()
    out.unlink()
    Path(CHECKPOINT).unlink()
    killed(text, predicting, "_part", 4)
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
    assert calls[0] == 48
    assert out.read_bytes() == expected
    assert not Path(f"{CHECKPOINT}.rows").exists()


def test_damaged_predictions_are_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that is not what was written is not believed."""
    monkeypatch.setattr(predicting, "PART", 16)
    text = script(TRAIN, "predict first d.train > out.jsonl")
    live(text)
    expected = Path("out.jsonl").read_bytes()
    Path(CHECKPOINT).unlink()
    killed(text, predicting, "_part", 4)
    rows = Path(f"{CHECKPOINT}.rows")
    rows.write_bytes(rows.read_bytes().replace(b"0.", b"1.", 1))
    assert live(text).code == 0
    assert Path("out.jsonl").read_bytes() == expected


def test_parts_predict_what_all_at_once_does(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """A checkpoint changes no prediction: parts are as long as what the engine takes together."""
    from hfshell.compute import engine

    assert predicting.PART % engine.WINDOW == 0


def test_progress_counts_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever watches sees one prediction of all rows, not many of a few."""
    monkeypatch.setattr(predicting, "PART", 16)
    monkeypatch.setattr("hfshell.compute.inference._SECONDS_BETWEEN_EVENTS", 0)
    heard: list[Progress] = []
    monkeypatch.setattr(
        Life, "hear", lambda _self, event: heard.append(event) if isinstance(event, Progress) else None
    )
    live(script(TRAIN, "predict first d.train > out.jsonl"))
    told = [event for event in heard if event.activity == "predict" and event.total and event.total > 16]
    assert told
    assert {event.total for event in told} == {told[0].total}
    assert [event.done for event in told] == sorted(event.done for event in told)


def test_save_that_was_cut_off_is_no_other_folder_in_the_way(here: Path) -> None:
    """A folder that this very line made is written again; one that was there before is refused as ever."""
    text = script(TRAIN, "save first kept", "echo end")
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
