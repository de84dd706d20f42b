"""Whatever a stranger's head does while the engine asks it: it is named, and the session works on.

Rows are kinds of misbehaviour, columns the questions that the engine has for a head on a tiny model. The
kernels are those of users; one of them serves all cells in which it does not die.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.faults.at_work import GOOD, Kernels, kernels, word
from tests.faults.misbehaviour import DEADLY, MISBEHAVIOUR

pytestmark = [pytest.mark.usefixtures("same_home"), pytest.mark.slow]  # daily: test_plugins_at_work

PATIENCE = 3.0
"""Seconds; what runs is a model, and on a busy machine."""

LINES = {
    "encode": "predict {model} text",
    "decode": "predict {model} text",
    "select": "predict {model} text",
    "answer": "eval {model} {data}",
    "target": "finetune {model} {data} --epochs 1",
    "head_labels": "finetune {model} {data} --epochs 1",
}
"""What makes the engine ask, by question."""

WRONG = "wrong"
"""A complex number, which none of them may return."""


@dataclass(frozen=True)
class Heads:
    """Kernels, a model with the head, and data to measure and train it."""

    kernels: Kernels
    model: Path
    data: Path

    def line(self, question: str) -> str:
        """A line that makes the engine ask."""
        return LINES[question].format(model=self.model, data=self.data)


def cells() -> Iterator[tuple[str, str]]:
    """Every row and column."""
    yield from ((question, kind) for question in LINES for kind in (*MISBEHAVIOUR, WRONG))


@pytest.fixture(scope="module")
def heads(site: Path) -> Iterator[Heads]:
    """A kernel in which the model has been used once."""
    data = site / "labelled.csv"
    data.write_text("text,label\n" + "".join(f"some text {n},{'ab'[n % 2]}\n" for n in range(24)))
    model = site / "model"
    write_model(model)
    with kernels("QuickSession", site, PATIENCE) as made:
        yield Heads(made, model, data)


def write_model(folder: Path) -> None:
    """Write a tiny model with the head."""
    from hfshell.api import Role, TaskSpec
    from hfshell.testing.tiny_data import tiny_data
    from hfshell.testing.tiny_heads import write_tiny_head

    spec = TaskSpec(name="bad-head", summary="x", target="x:y", roles=(Role.text(), Role.label()))
    rows = [{"text": "some text", "label": label} for label in "ab"]
    write_tiny_head(_sound_head(), replace(tiny_data(spec), train=rows), folder)


def _sound_head() -> object:
    from hfshell.api import HeadTask

    class Sound(HeadTask):
        auto_class = "AutoModelForSequenceClassification"
        problem_type = "single_label_classification"
        name = "bad-head"
        plugin = ("hfshell-bad", "1.2")

        def encode(self, rows, model):
            raise AssertionError

        def decode(self, logits, rows, model):
            raise AssertionError

    return Sound()


@pytest.mark.parametrize(("question", "kind"), [*cells()])
def test_head_is_named_and_the_session_works_on(heads: Heads, question: str, kind: str) -> None:
    """A head that misbehaves costs one command, at the worst a kernel that comes back."""
    told_what = heads.kernels.site / "head"
    told_what.write_text(f"{word(kind)}.{question}")
    try:
        told = heads.kernels.run(heads.line(question))
    finally:
        told_what.unlink()
    assert told.named, told.said
    assert any(question in line for line in told.said if "hfshell-bad" in line), told.said
    if kind in (*DEADLY, WRONG):
        assert not told.results
    (prediction,) = heads.kernels.run(GOOD).results
    assert prediction.rows == ("HELLO",)
    again = heads.kernels.run(heads.line("select"))
    assert [len(row) for row in again.results[0].rows] == [1], again.said


def test_head_that_behaves_is_not_named(heads: Heads) -> None:
    """With nothing to misbehave for, the same lines give results and blame nobody."""
    for question in LINES:
        told = heads.kernels.run(heads.line(question))
        assert not told.named, told.said
        assert len(told.results) == 1, told.said
