"""Real sets: which task each is for, which columns have its roles, and its first row, without a word said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from hfshell.api.roles import Role
from hfshell.data import DataOptions, DataSet, load_data

SHARED = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the real sets are not beside this checkout")

TASKS: Mapping[str, Sequence[Role]] = MappingProxyType(
    {
        "label": (Role.text(), Role.label()),
        "labels": (Role.text(), Role.labels()),
        "number": (Role.text(), Role.number()),
        "pair": (
            Role.text("premise", name="sentence1"),
            Role.text("hypothesis", name="sentence2"),
            Role.label(),
        ),
        "pair number": (
            Role.text("premise", name="sentence1"),
            Role.text("hypothesis", name="sentence2"),
            Role.number("score", "relatedness"),
        ),
        "relation": (Role.text(containing=("<e1>", "<e2>")), Role.label()),
        "tags": (Role.tokens(), Role.tags()),
        "answer": (
            Role.text("question", name="question"),
            Role.text("context", name="context"),
            Role.answers(),
        ),
        "choice": (Role.text("question", name="question"), Role.choices(), Role.index()),
        "summary": (
            Role.text("document", "dialogue", name="document"),
            Role.text("summary", name="summary", target=True),
        ),
        "translation": (Role.text("source", name="source"), Role.text("target", name="target", target=True)),
        "completion": (
            Role.text("prompt", name="prompt"),
            Role.text("completion", name="completion", target=True),
        ),
        "chat": (Role.messages(),),
        "program": (Role.text("prompt", "text", name="prompt"), Role.texts("test_list", name="tests")),
        "text": (Role.text(),),
    }
)

SETS: tuple[tuple[str, tuple[str, ...], dict[str, str], dict[str, Any]], ...] = (
    ("sst2", ("label",), {"text": "text", "label": "label"}, {"label": "1"}),
    ("imdb", ("label",), {"text": "text", "label": "label"}, {"label": "neg"}),
    ("ag_news", ("label",), {"text": "description", "label": "label"}, {"label": "Sports"}),
    ("banking77", ("label",), {"text": "text", "label": "label"}, {"label": "card_arrival"}),
    ("cola", ("label",), {"text": "sentence", "label": "label"}, {"text": "Julie and Jenny arrived first"}),
    ("chnsenticorp", ("label",), {"text": "text", "label": "label"}, {"label": "0"}),
    (
        "mrpc",
        ("pair",),
        {"sentence1": "sentence1", "sentence2": "sentence2", "label": "label"},
        {},
    ),
    ("rte", ("pair",), {"sentence1": "sentence1", "sentence2": "sentence2", "label": "label"}, {}),
    (
        "stsb",
        ("pair number",),
        {"sentence1": "sentence1", "sentence2": "sentence2", "score": "score"},
        {"score": 2.0},
    ),
    (
        "sick_nli",
        ("pair", "pair number"),
        {"sentence1": "sentence1", "sentence2": "sentence2", "label": "label"},
        {},
    ),
    (
        "semeval2010_task8",
        ("relation",),
        {"text": "text", "label": "label"},
        {"label": "Component-Whole(e2,e1)"},
    ),
    ("wnut17", ("tags",), {"tokens": "tokens", "tags": "tags"}, {}),
    ("squad", ("answer",), {"question": "question", "context": "context", "answers": "answers"}, {}),
    (
        "hellaswag",
        ("choice",),
        {"question": "question", "choices": "choices", "label": "label"},
        {"label": 3},
    ),
    (
        "commonsenseqa",
        ("choice",),
        {"question": "question", "choices": "choices", "label": "label"},
        {"label": 2},
    ),
    (
        "copa",
        ("choice",),
        {"question": "premise+question", "choices": "choices", "label": "label"},
        {
            "question": "My body cast a shadow over the grass because",
            "choices": ("The sun was rising.", "The grass was cut."),
            "label": 0,
        },
    ),
    ("piqa", ("choice",), {"question": "question", "choices": "choices", "label": "label"}, {}),
    ("scitldr", ("summary",), {"document": "document", "summary": "summary"}, {}),
    ("dialogsum", ("summary",), {"document": "dialogue", "summary": "summary"}, {}),
    (
        "multi30k_en_de",
        ("translation",),
        {"source": "en", "target": "de"},
        {
            "target": "Ein Basketballspieler in einem weißen Trikot versucht einen Spieler in einem "
            "dunkelblauen Trikot von einem Wurf abzublocken."
        },
    ),
    ("sgd_chat", ("chat",), {"messages": "messages"}, {}),
    (
        "instruct",
        ("completion", "chat"),
        {"prompt": "prompt", "completion": "completion"},
        {
            "prompt": "Generate a random sequence of 10 digits.",
            "completion": "Here is a randomly generated sequence of 10 digits: 9274036185.",
        },
    ),
    ("preference", (), {}, {}),
    ("mbpp", ("program",), {"prompt": "text", "tests": "test_list"}, {}),
    ("tinyshakespeare", ("text",), {"text": "text"}, {"text": "First Citizen:"}),
    ("wikitext2", ("text",), {"text": "text"}, {}),
    ("tinystories_sample", ("text",), {"text": "text"}, {}),
)


def load(name: str) -> DataSet:
    return load_data([str(SHARED / name)], DataOptions(), list(TASKS.values()))


@pytest.mark.parametrize(("name", "tasks", "columns", "row"), SETS, ids=[name for name, *_ in SETS])
def test_each_set_is_understood(
    name: str, tasks: tuple[str, ...], columns: dict[str, str], row: dict[str, Any]
) -> None:
    """The right task, the right columns, every row fit for them, and the values that a task gets."""
    dataset = load(name)
    fitting = dataset.is_for(list(TASKS.values()))
    assert tuple(task for task, fits in zip(TASKS, fitting, strict=True) if fits) == tasks
    if not tasks:
        return
    roles = TASKS[tasks[0]]
    seen = dataset.for_task(roles)
    assert seen.roles.by_role == columns
    assert {role: seen.train[0][role] for role in row} == row
    if name not in ("tinyshakespeare", "wikitext2", "tinystories_sample"):
        seen.require(roles, training=True)


def test_entities_of_wnut17() -> None:
    """As many entities as the set's own count, in as many sentences."""
    dataset = load("wnut17").for_task(TASKS["tags"])
    begun = [tag[2:] for tags in dataset.train.values("tags") for tag in tags if tag.startswith("B-")]
    assert {label: begun.count(label) for label in set(begun)} == {
        "person": 660,
        "location": 548,
        "group": 264,
        "corporation": 221,
        "product": 142,
        "creative-work": 140,
    }
    assert "O" in dataset.labels
    assert len(dataset.labels) == 13
    assert any("\ufeff" in token for tokens in dataset.validation.values("tokens") for token in tokens)


@pytest.mark.parametrize(
    ("name", "task", "count", "line"),
    [
        ("bad_chat.jsonl", "chat", 7, 2),
        ("bad_offsets.jsonl", "answer", 5, 1),
    ],
)
def test_rows_of_the_bad_sets_are_counted(name: str, task: str, count: int, line: int) -> None:
    """What is wrong with the awkward files is said before anybody trains on them."""
    dataset = load(f"bad/{name}").for_task(TASKS[task])
    faults = [fault for found in dataset.seen.faults.values() for fault in found]
    assert sum(len(fault.rows) for fault in faults) == count
    assert min(fault.place.line or 0 for fault in faults) == line
