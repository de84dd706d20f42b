"""What a model was trained on is what the user gave, whatever rows its task made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hfshell.testing import Outcome

Run = Callable[..., Outcome]

STORIES = [
    f"Story {number} begins at dawn. Then story {number} goes on. At dusk it ends." for number in range(20)
]
TALKS = [
    [
        {"role": "user", "content": f"Where is box {number}?"},
        {"role": "assistant", "content": f"In room {number}."},
        {"role": "user", "content": "Thank you."},
    ]
    for number in range(20)
]


def _leaked(outcome: Outcome, name: str) -> list[int | None]:
    return [guard.count for guard in outcome[name].guards if guard.name == "leakage"]


@pytest.mark.parametrize(
    ("architecture", "task", "rows"),
    [
        ("bert", "next-sentence-prediction", [{"text": text} for text in STORIES]),
        pytest.param(
            "bert", "fill-mask", [{"text": text} for text in [*STORIES, "", " "]], marks=pytest.mark.slow
        ),
        ("llama", "chat", [{"messages": messages} for messages in TALKS]),
    ],
)
def test_rows_that_a_task_makes_are_known_by_those_they_are_made_of(
    run_hfsh: Run, tmp_path: Path, architecture: str, task: str, rows: list[dict[str, object]]
) -> None:
    """Else the score on the very file that a model was trained on would look honest."""
    train, test = tmp_path / "train.jsonl", tmp_path / "test.jsonl"
    train.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    fresh = json.dumps(rows[:20]).replace("tory", "ale").replace("box", "hat")
    test.write_text("".join(f"{json.dumps(row)}\n" for row in json.loads(fresh)))
    outcome = run_hfsh(
        f"d = data train={train} validation={test} test={test}\n"
        f"base = new {architecture} d --vocabulary 300 --layers 1 --hidden 16 --heads 2 --length 64\n"
        f"m = finetune base d --task {task} --epochs 1\n"
        "same = eval m d.train\nother = eval m d.test\n"
        f"save m {tmp_path / 'kept'}\nn = load {tmp_path / 'kept'}\nagain = eval n d.train"
    )
    outcome.assert_ok()
    assert _leaked(outcome, "same") == _leaked(outcome, "again") == [20]
    assert _leaked(outcome, "other") == []


@pytest.mark.slow
def test_rows_that_were_augmented_are_known_as_well(
    run_hfsh: Run, tiny_dataset: Callable[[str], Path]
) -> None:
    """Both the rows that were there and those made of them."""
    outcome = run_hfsh(
        f"d = data {tiny_dataset('text-classification')}\nbig = augment d\n"
        "b = load tiny:text-classification\n"
        "m = finetune b big --epochs 1\nold = eval m d.train\nnew = eval m big.train\ntest = eval m d.test"
    )
    outcome.assert_ok()
    (old,), (new,) = _leaked(outcome, "old"), _leaked(outcome, "new")
    assert 0 < (old or 0) < (new or 0)
    assert _leaked(outcome, "test") == []
