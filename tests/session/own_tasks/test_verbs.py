"""A task that is no transformer goes through every verb, as other models do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hfshell import Session
from hfshell.api import LabelScore, ModelSummary
from hfshell.api.results import EvaluationResult, FinetuneResult
from hfshell.errors import ModelError, Refused, UsageError
from tests.session.own_tasks.shared import FINETUNE, predicted
from tests.session.own_tasks.strangers.install import Site


def test_a_scheme_names_a_model_that_was_never_trained(session: Session) -> None:
    """`load bayes:multinomial` calls the task's own `load`, which may refuse to predict with what it gave."""
    loaded = session.run("m = load bayes:multinomial")
    assert isinstance(loaded, ModelSummary)
    assert (loaded.source, loaded.architecture, loaded.task) == ("bayes:multinomial", "Model", "bayes")
    assert (loaded.labels, loaded.parameters, loaded.dtype, loaded.device) == ((), 0, "", "")
    with pytest.raises(Refused, match="never trained"):
        session.run("predict m hello")
    with pytest.raises(ModelError, match="no gaussian Bayes"):
        session.run("load bayes:gaussian")


def test_training_is_described_by_what_the_task_told(session: Session) -> None:
    """From a bare model and events come epochs, steps, losses and the score on rows it did not see."""
    result = session.run(FINETUNE + " --passes 3")
    assert isinstance(result, FinetuneResult)
    assert (result.task, result.base, result.labels) == (
        "bayes",
        "bayes:multinomial",
        ("account", "billing", "delivery"),
    )
    assert (result.epochs, result.steps, result.rows, len(result.losses)) == (3.0, 3, 120, 3)
    assert result.measured_on == "validation"
    assert result.fields()["accuracy"] > 0.9  # type: ignore[operator]
    assert (result.stopped, result.best_epoch) == (None, None)
    assert json.loads((Path(result.folder).parent / "request.json").read_text())["options"]["passes"] == 3


def test_evaluation_and_prediction(session: Session) -> None:
    """The host measures what `predict` gives, and `select` chooses what of it is shown."""
    session.run(FINETUNE)
    measured = session.run("eval m reviews.test")
    assert isinstance(measured, EvaluationResult)
    assert (measured.task, measured.n, measured.metrics[0].name) == ("bayes", 15, "accuracy")
    assert measured.metrics[0].value is not None
    assert measured.metrics[0].value > 0.9
    best = predicted(session)
    assert [type(item) for item in best] == [LabelScore, LabelScore]
    assert best[0].label == "billing"
    assert len(predicted(session, "predict m my card --best 3")) == 3


def test_the_base_is_untouched(session: Session) -> None:
    """`finetune` gives a new model; the old one is as untrained as before."""
    session.run("base = load bayes:multinomial\nm = finetune base reviews")
    assert predicted(session)[0].label == "billing"
    with pytest.raises(Refused, match="never trained"):
        session.run("predict base hello")


def test_training_goes_on_from_a_trained_model(session: Session) -> None:
    """What a model was trained on is remembered through another training, and said when it is measured."""
    session.run(FINETUNE + "\nagain = finetune m reviews")
    result = session.run("eval again reviews.train")
    assert "leakage" in {guard.name for guard in result.guards}  # type: ignore[union-attr]


def test_models_and_show(session: Session) -> None:
    """The table counts what the task says of sizes."""
    session.run(FINETUNE)
    rows = {row.name or row.source: row for row in session.warm.rows()}
    assert (rows["m"].task, rows["m"].state, rows["m"].device) == ("bayes", "warm", None)
    assert rows["m"].bytes == session.run("show m").bytes > 0  # type: ignore[union-attr]
    assert rows["bayes:multinomial"].bytes == 0


def test_device_is_where_the_task_was_told_to_compute(
    session: Session, work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--device` reaches the task, which need not ask; what it asked for is shown."""
    load = work.Bayes.load

    def asking(self: Any, source: Any, options: Any, context: Any) -> Any:
        assert context.device == "cpu"
        assert context.command.source == "bayes:multinomial"
        return load(self, source, options, context)

    monkeypatch.setattr(work.Bayes, "load", asking)
    assert session.run("m = load bayes:multinomial --device cpu").device == "cpu"  # type: ignore[union-attr]


def test_options_are_the_tasks_own_class(session: Session) -> None:
    """What its dataclass refuses is the user's mistake, said in the dataclass's words."""
    with pytest.raises(UsageError, match="smoothing is above 0"):
        session.run("load bayes:multinomial --task bayes --alpha 0")


def test_unknown_scheme_lists_those_of_tasks(session: Session) -> None:
    """Who misspells a scheme sees all there are."""
    with pytest.raises(ModelError, match="no model source bays:") as caught:
        session.run("load bays:multinomial")
    assert "bayes:" in str(caught.value.hint)


def test_models_and_tasks_that_do_not_belong_together(session: Session, tiny_model: Path) -> None:
    """A head cannot use a task's own model, nor a task a transformers model; no run is made of it."""
    session.run(f"{FINETUNE}\nbase = load {tiny_model} --task text-classification")
    runs = len(session.runs.list())
    for line, said in (
        ("finetune m reviews --task text-classification", "is a model of bayes"),
        ("finetune base reviews --task bayes", "makes its models itself"),
        ("load bayes:multinomial --task text-classification", "is a model of bayes, not of"),
        (f"load {session.runs.list()[0].model_folder} --task text-classification", "only bayes reads it"),
    ):
        with pytest.raises(UsageError, match=said):
            session.run(line)
    assert len(session.runs.list()) == runs


def test_a_base_model_is_still_trained_for_the_task_with_a_head(session: Session, tiny_model: Path) -> None:
    """A stranger's task for the same columns does not make `finetune minilm tickets` ambiguous."""
    result = session.run(f"finetune {tiny_model} reviews --epochs 1")
    assert result.task == "text-classification"  # type: ignore[union-attr]


def test_who_listens_hears_what_comes_and_goes(session: Session) -> None:
    """Loaded, trained, parked, pushed out by another, unloaded: each is told once."""
    heard: list[tuple[str, str]] = []
    session.warm.on_loaded = lambda model: heard.append(("loaded", model.name))
    session.warm.on_unloaded = lambda model: heard.append(("unloaded", model.name))
    session.run("base = load bayes:multinomial\nm = finetune base reviews")
    assert heard == [("loaded", "base"), ("loaded", "m")]
    heard.clear()
    session.run("unload m --park\npredict m my card")
    assert heard == [("unloaded", "m"), ("loaded", "m")]
    heard.clear()
    session.warm.store.budget = 1
    session.warm.set_budget = lambda: None  # type: ignore[method-assign]
    session.run("n = finetune base reviews")
    assert ("unloaded", "m") in heard
    heard.clear()
    session.run("unload n")
    assert heard == [("unloaded", "")]  # nothing is called so any more


SCRIPT = """
import sys
from hfshell import Session

with Session() as session:
    session.run(sys.argv[1])
heavy = [name for name in ("torch", "transformers", "datasets", "accelerate") if name in sys.modules]
assert not heavy, heavy
assert session.runs.list()
"""


def test_no_torch_is_imported_for_a_task_that_needs_none(site: Site, table: Path, tmp_path: Path) -> None:
    """All verbs, from load to save, cost neither the seconds nor the memory of torch."""
    lines = f"""
        reviews = data {table}
        base = load bayes:multinomial
        m = finetune base reviews
        eval m reviews.test
        predict m "my card was charged"
        models
        save m {tmp_path / "saved"}
        again = load {tmp_path / "saved"}
        predict again "my card was charged"
        unload m --park
        predict m "my card was charged"
        unload --all
    """
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site.folder)!r})\n{SCRIPT}", lines],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
