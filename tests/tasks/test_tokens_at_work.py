"""Tags and answers on a session: what is typed, what files hold, what is said and shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from hfshell.api import Guard, HeadTask, Line, Refused, Span, Stack
from hfshell.testing import Outcome
from hfshell_tasks.token_classification.entities import Tagged, entities_of
from hfshell_tasks.token_classification.options import PredictOptions
from hfshell_tasks.token_classification.task import TokenClassification
from hfshell_tasks.token_classification.words import joined

if TYPE_CHECKING:
    from hfshell import Session

Run = Callable[..., Outcome]

TAGGER = "m = load tiny:token-classification\n"
READER = "m = load tiny:question-answering\n"


def test_typed_text_is_tagged_with_the_keys_of_the_pipeline(run_hfsh: Run) -> None:
    """Each entity says what, how sure, and where it stands in what was typed."""
    text = "my card was charged twice, please refund the parcel"
    found = run_hfsh(f'{TAGGER}p = predict m "{text}"')["p"]
    (entities,) = msgspec.to_builtins(found.rows)
    assert entities
    for entity in entities:
        assert set(entity) == {"entity_group", "score", "word", "start", "end"}
        assert text[entity["start"] : entity["end"]] == entity["word"]
        assert 0 < entity["score"] <= 1


def test_rows_of_texts_are_tagged_as_typed_ones(run_hfsh: Run, tmp_path: Path) -> None:
    """A file without tokens is no less than a text of the command line."""
    text = "my card was charged twice, please refund the parcel"
    (tmp_path / "texts.jsonl").write_text(f'{{"text": "{text}"}}\n{{"text": "my box"}}\n')
    outcome = run_hfsh(f'{TAGGER}p = predict m "{text}"\nq = predict m {tmp_path / "texts.jsonl"}')
    outcome.assert_ok()
    assert outcome["q"].rows[0] == outcome["p"].rows[0]
    assert outcome["q"].inputs == (text, "my box")


def test_entities_stand_in_whole_sentences(run_hfsh: Run, hf_session: Session) -> None:
    """A long text is shown with all of its entities; what is not of one is as it was."""
    text = "my card was charged twice please refund " * 20
    found = run_hfsh(f'{TAGGER}p = predict m "{text}"')["p"]
    view = hf_session.view_of(found)
    assert isinstance(view, Stack)
    (line,) = view.views
    assert isinstance(line, Line)
    assert "".join(part.text if isinstance(part, Span) else part for part in line.spans) == text
    assert sum(isinstance(part, Span) and part.style == "mark" for part in line.spans) == len(found.rows[0])


def test_tags_by_other_names_are_refused_or_mapped(run_hfsh: Run, tmp_path: Path) -> None:
    """A model that knows no such tag would find none of them, and look worse than it is."""
    path = tmp_path / "d.conll"
    path.write_text("my\tO\ncard\tB-money\n\nthe\tO\nparcel\tB-delivery\n")
    outcome = run_hfsh(f"{TAGGER}e = eval m {path}")
    (error,) = outcome.errors
    assert isinstance(error, Refused)
    assert (error.guard, "B-money" in error.message) == ("labels", True)
    run_hfsh(f"{TAGGER}e = eval m {path} --label-map B-money=B-billing").assert_ok()


def test_question_and_text_are_typed(run_hfsh: Run) -> None:
    """As words of the line or as options, one answer is a dict and several are a list."""
    context = "my card was charged twice"
    outcome = run_hfsh(
        f"""
        {READER}
        a = predict m "what was charged" --context "{context}"
        b = predict m --question "what was charged" --context "{context}"
        c = predict m "what was charged" --context "{context}" --top-k 3 --no-answer never
        """
    )
    outcome.assert_ok()
    (answer,) = msgspec.to_builtins(outcome["a"].rows)
    assert set(answer) == {"answer", "score", "start", "end"}
    assert context[answer["start"] : answer["end"]] == answer["answer"]
    assert outcome["b"].rows == outcome["a"].rows
    (several,) = msgspec.to_builtins(outcome["c"].rows)
    assert len(several) == 3
    assert all(item["answer"] for item in several)


def test_question_alone_is_too_little(run_hfsh: Run) -> None:
    """What lacks is said, with the option that gives it."""
    (error,) = run_hfsh(f'{READER}predict m "what was charged"').errors
    assert "--context" in (error.hint or "")


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        ((("I-PER", "I-PER", "O"), ("O", "I-LOC", "O")), True),
        ((("B-PER", "I-PER", "O"), ("O", "I-LOC", "O")), False),
        ((("O", "O", "O"),), False),
    ],
)
def test_model_of_another_scheme_is_told(monkeypatch: pytest.MonkeyPatch, tags: Any, *, said: bool) -> None:
    """One that learnt IOB1 scores nothing although it is right; a begin missed now and then is no scheme."""
    words = joined(("my", "card", "was"))
    predictions = [Tagged(row, entities_of(words, row, (1.0,) * 3)) for row in tags]
    monkeypatch.setattr(HeadTask, "predict", lambda *_: iter(predictions))
    guards: list[Guard] = []
    context: Any = SimpleNamespace(guard=guards.append)
    model: Any = None
    assert list(TokenClassification().predict(model, [], PredictOptions(), context)) == predictions
    assert [(guard.name, guard.severity, guard.count) for guard in guards] == [
        ("tag-scheme", "warn", 2)
    ] * said
