"""Which task a line means, on columns as real data sets have them: a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hfshell.api import LoadedModel, ModelFolder
from hfshell.session.session import Session
from hfshell.testing.outcome import run_script

WORDS = "the {} time that somebody wrote about it"

COLUMNS: dict[str, dict[str, Any]] = {
    "cola": {"sentence": WORDS, "label": [0, 1]},
    "banking77": {"text": WORDS, "label": ["card_arrival", "top_up", "exchange_rate"]},
    "chnsenticorp": {"text": "第{}次住这家酒店感觉不错", "label": [0, 1]},
    "mrpc": {"sentence1": WORDS, "sentence2": f"say {WORDS}", "label": [0, 1]},
    "rte": {"sentence1": WORDS, "sentence2": f"say {WORDS}", "label": ["entailment", "not_entailment"]},
    "stsb": {"sentence1": WORDS, "sentence2": f"say {WORDS}", "score": [0.5, 2.25, 4.0]},
    "sick_nli": {
        "sentence1": WORDS,
        "sentence2": f"say {WORDS}",
        "label": ["entailment", "neutral", "contradiction"],
        "relatedness": [1.5, 3.25, 4.0],
    },
    "semeval2010_task8": {
        "text": "the <e1>fire {}</e1> came of a <e2>spark</e2>",
        "label": ["Cause", "Other"],
    },
    "copa": {
        "id": [1, 2, 3],
        "premise": WORDS,
        "question": ["cause", "effect"],
        "choices": [["it fell {}", "it flew"]],
        "label": [0, 1],
    },
    "commonsenseqa": {
        "id": ["a", "b"],
        "question": WORDS,
        "choices": [["a {}", "b", "c"]],
        "label": [0, 1, 2],
    },
    "toxicity": {"text": WORDS, "labels": [["rude"], ["rude", "threat"], []]},
    "stars": {"text": WORDS, "rating": [1.5, 3.0, 4.5]},
    "titles": {"title": WORDS, "description": f"say {WORDS}", "label": ["World", "Sports"]},
}

TASKS = {
    "cola": "text-classification",
    "banking77": "text-classification",
    "chnsenticorp": "text-classification",
    "mrpc": "sentence-pair-classification",
    "rte": "sentence-pair-classification",
    "stsb": "sentence-pair-regression",
    "sick_nli": "sentence-pair-classification",
    "semeval2010_task8": "relation-extraction",
    "copa": "multiple-choice",
    "commonsenseqa": "multiple-choice",
    "toxicity": "multi-label-classification",
    "stars": "text-regression",
    "titles": "text-classification",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session with the tasks that are shipped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HFSHELL_HOME", str(tmp_path_factory.mktemp("home")))
        opened = Session()
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def base() -> LoadedModel:
    """A base model of transformers' own class, of which nobody asks anything but that."""
    import transformers

    made: Any = object.__new__(transformers.BertModel)
    return LoadedModel(ModelFolder("any", Path()), made, None)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_decide(session: Session, base: LoadedModel, tmp_path: Path, name: str) -> None:
    """`finetune minilm DATA` trains what anybody would expect, without a question."""
    path = tmp_path / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in _rows(COLUMNS[name])), encoding="utf-8")
    outcome = run_script(session, f"d = data {path}")
    assert outcome.errors == ()
    dataset: Any = session.names.get("d").value
    assert session.tasks.for_training(None, base, dataset).spec.name == TASKS[name]


@pytest.mark.parametrize(
    ("head", "problem_type", "task"),
    [
        ("BertForSequenceClassification", None, "text-classification"),
        ("BertForSequenceClassification", "single_label_classification", "text-classification"),
        ("BertForSequenceClassification", "multi_label_classification", "multi-label-classification"),
        ("BertForSequenceClassification", "regression", "text-regression"),
        ("BertForMultipleChoice", None, "multiple-choice"),
        ("LlamaForCausalLM", None, "text-generation"),
    ],
)
def test_heads_decide(session: Session, head: str, problem_type: str | None, task: str) -> None:
    """A folder that no task saved is taken for the usual task of its head."""
    files = ModelFolder("any", Path(), (head,), "bert", problem_type=problem_type)
    chosen = session.tasks.of_files(files)
    assert chosen is not None
    assert chosen.spec.name == task


SOURCES: dict[str, dict[str, Any]] = {
    "translation": {"source": WORDS, "target": "das {}. Mal, dass jemand darüber schrieb"},
    "multi30k_en_de": {"en": WORDS, "de": "das {}. Mal, dass jemand darüber schrieb"},
    "text2text-generation": {"prompt": WORDS, "completion": "so {}"},
}


@pytest.mark.parametrize(
    ("name", "usual"), [("translation", 0), ("multi30k_en_de", 0), ("text2text-generation", 1)]
)
def test_sources_and_targets_are_a_translation_unless_said(
    session: Session, tmp_path: Path, name: str, usual: int
) -> None:
    """The usual words for a translation stay one; whoever asks for texts for texts has them all the same."""
    import transformers

    made: Any = object.__new__(transformers.BartModel)
    model = LoadedModel(ModelFolder("any", Path()), made, None)
    path = tmp_path / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in _rows(SOURCES[name])), encoding="utf-8")
    assert run_script(session, f"d = data {path}").errors == ()
    dataset: Any = session.names.get("d").value
    chosen = session.tasks.for_training(None, model, dataset).spec.name
    assert chosen == ("translation", "text2text-generation")[usual]
    asked = session.tasks.get("text2text-generation").spec
    seen = dataset.for_task(asked.roles)
    seen.require(asked.roles, training=True)
    assert set(seen.train[0]) == {"prompt", "completion"}


def _filled(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return value.replace("{}", str(number))
    if isinstance(value, list):
        return [_filled(item, number) for item in value]
    return value


def _rows(columns: dict[str, Any]) -> list[dict[str, Any]]:
    """Make thirty rows: a text numbered through, the values of a list in turn."""
    return [
        {
            name: _filled(value if isinstance(value, str) else value[number % len(value)], number)
            for name, value in columns.items()
        }
        for number in range(30)
    ]
