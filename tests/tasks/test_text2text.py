"""Texts for texts: prefixes, languages, and what is learnt."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hfshell.api import DataError, Generated, LoadedModel, ModelView, UsageError
from hfshell.testing import Outcome
from hfshell_tasks.text2text.languages import Languages, languages_of, pair_of
from hfshell_tasks.text2text.options import RewritingOptions, TranslationOptions
from hfshell_tasks.text2text.prefixes import keep_prefix, prefix_of
from hfshell_tasks.text2text.task import Summarization, Translation
from tests.compute.classify import Data, Options, Surroundings
from tests.compute.writers import made
from tests.models import tiny

T5 = SimpleNamespace(
    task_specific_params={
        "summarization": {"prefix": "summarize: ", "num_beams": 4},
        "translation_en_to_de": {"prefix": "translate English to German: "},
        "translation_en_to_fr": {"prefix": "translate English to French: "},
    }
)


@pytest.fixture
def task() -> Summarization:
    found = Summarization()
    found.name, found.target_role = "summarization", "summary"
    return found


@pytest.fixture
def model(task: Summarization, tmp_path: Path) -> LoadedModel:
    return made(task, tmp_path / "m")


def test_prefix_is_the_users_else_the_models() -> None:
    """What the user says goes first; an empty prefix is one too; a model without any has none."""
    assert prefix_of(T5, "summarization", RewritingOptions()) == "summarize: "
    assert prefix_of(T5, "summarization", RewritingOptions(prefix="tl;dr ")) == "tl;dr "
    assert not prefix_of(T5, "summarization", RewritingOptions(prefix=""))
    assert not prefix_of(SimpleNamespace(), "summarization", RewritingOptions())


def test_one_of_several_translations_is_never_guessed() -> None:
    """A model that knows several pairs is told which, or nothing is written."""
    options = TranslationOptions(source_language="en", target_language="fr")
    assert prefix_of(T5, pair_of(options), options) == "translate English to French: "
    with pytest.raises(UsageError) as raised:
        prefix_of(T5, pair_of(TranslationOptions()), TranslationOptions())
    assert "translation_en_to_de" in raised.value.message
    assert raised.value.hint == "--source-language en --target-language de"


def test_prefix_of_the_training_is_remembered(
    task: Summarization, model: LoadedModel, tmp_path: Path
) -> None:
    """What a model was trained behind stands in its folder, and is taken without being said again."""
    context = Surroundings(
        command=Options(epochs=1.0, max_length=None),
        predict_options=RewritingOptions(prefix="refund: "),
        artifacts=tmp_path / "run",
    )
    rows = [{"document": text, "summary": "my card"} for text in tiny.CORPUS]
    outcome = task.finetune(model, Data(train=rows, labels=()), None, context)
    again = task.load(tiny.files(Path(outcome.folder)), None, Surroundings())
    assert prefix_of(again.module.config, "summarization", RewritingOptions()) == "refund: "
    assert not prefix_of(model.module.config, "summarization", RewritingOptions())


def test_other_prefixes_stay() -> None:
    """A model that is trained for one of its tasks still knows the others."""
    config = SimpleNamespace(task_specific_params=dict(T5.task_specific_params))
    keep_prefix(config, "summarization", RewritingOptions(prefix="short: "))
    assert config.task_specific_params["summarization"] == {"prefix": "short: ", "num_beams": 4}
    assert "translation_en_to_de" in config.task_specific_params


def test_prefix_is_read_and_an_end_is_learnt(task: Summarization, model: LoadedModel) -> None:
    """The document stands behind the prefix; the summary ends."""
    words = model.processor
    view = ModelView(words, options=RewritingOptions(prefix="please "))
    (feature,) = task.encode([{"document": "my card", "summary": "refund"}], view)
    assert words.convert_ids_to_tokens(feature["input_ids"]) == ["[CLS]", "please", "my", "card", "[SEP]"]
    assert feature["labels"][-1] == words.eos_token_id
    assert feature["labels"].count(words.eos_token_id) == 1


@pytest.mark.parametrize(("limit", "learnt"), [(None, [7, 8, 9, 2, 50]), (4, [7, 8, 2, 50])])
def test_an_end_before_the_language_is_the_end(
    task: Summarization, model: LoadedModel, limit: int | None, learnt: list[int]
) -> None:
    """In mBART both end a text: another end behind them would teach to end twice."""

    class Words:
        eos_token_id = 2

        def __call__(self, *_texts: Any, text_target: Any = None, **_how: Any) -> dict[str, Any]:
            return {"input_ids": [[7, 8, 9, 2, 50]] if text_target else [[5]]}

    view = ModelView(Words(), max_length=limit, config=model.module.config, options=RewritingOptions())
    (feature,) = task.encode([{"document": "my card", "summary": "refund"}], view)
    assert feature["labels"] == learnt
    (prompt,) = task.encode([{"document": "my card"}], view)
    assert "labels" not in prompt


def test_long_summary_is_cut_before_its_end_and_counted(task: Summarization, model: LoadedModel) -> None:
    """What is cut must not teach to write on and on."""
    row = {"document": "my card", "summary": " ".join(["refund"] * 30)}
    (feature,) = task.encode([row], ModelView(model.processor, max_length=10))
    assert len(feature["labels"]) == 10
    assert feature["labels"][-1] == model.processor.eos_token_id
    assert feature["_truncated"] == 32 - 10


def test_row_without_a_document_is_an_error(task: Summarization, model: LoadedModel) -> None:
    """A missing text is not the empty one."""
    with pytest.raises(DataError, match="no document"):
        task.encode([{"summary": "refund"}], ModelView(model.processor))


class Polyglot:
    """A tokenizer of several languages, as far as they go."""

    src_lang, tgt_lang = "en_XX", "ro_RO"
    additional_special_tokens = ("en_XX", "de_DE", "ro_RO")

    def get_vocab(self) -> dict[str, int]:
        return {"en_XX": 7, "de_DE": 8, "ro_RO": 9, "__fr__": 10}


def test_writing_begins_with_the_language_that_is_asked_for() -> None:
    """Else a model of many languages writes in any."""
    words = Polyglot()
    asked = languages_of(words, TranslationOptions(target_language="de_DE"))
    assert (asked.first_token(words), asked.said(words)) == (8, "en_XX → de_DE")
    assert Languages().first_token(words) == 9
    assert Languages(target="fr").first_token(words) == 10
    with pytest.raises(UsageError) as raised:
        languages_of(words, TranslationOptions(target_language="xx"))
    assert "de_DE" in str(raised.value.hint)


def test_tokenizer_is_set_to_a_language_only_meanwhile() -> None:
    """The next line begins as this one did."""
    words = Polyglot()
    with Languages("de_DE", "en_XX").set_on(words):
        assert (words.src_lang, words.tgt_lang) == ("de_DE", "en_XX")
    assert (words.src_lang, words.tgt_lang) == ("en_XX", "ro_RO")


def test_tokenizer_of_one_language_says_nothing(model: LoadedModel) -> None:
    """There is no pair to say, and no first token."""
    assert not Languages().said(model.processor)
    assert Languages().first_token(model.processor) is None


def test_keys_are_those_of_the_hub(model: LoadedModel) -> None:
    """Whoever read a pipeline's answer reads ours."""
    item = Generated(" ein Hund ", (5,), "stop")
    view: Any = ModelView(model.processor)
    (translated,) = Translation().decode([item], [{}], view)
    (summary,) = Summarization().decode([item], [{}], view)
    assert translated == {"translation_text": "ein Hund", "finish_reason": "stop"}
    assert (Summarization().answer(summary), Translation().answer(translated)) == ("ein Hund", "ein Hund")


def test_rows_are_measured_against_all_of_their_references(
    run_hfsh: Callable[..., Outcome], tmp_path: Path
) -> None:
    """Also where only the split that is measured has them: what is learnt is one summary a row."""
    rows = [{"document": f"my card was charged {number}", "summary": f"card {number}"} for number in range(3)]
    more = [{**row, "document": f"the {row['document']}", "references": ["card", "box"]} for row in rows]
    for name, some in (("train", rows), ("test", [*more[:2], {**more[2], "references": []}])):
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in some))
    outcome = run_hfsh(
        f"d = data train={tmp_path / 'train.jsonl'} test={tmp_path / 'test.jsonl'}\n"
        "m = load tiny:summarization\nev = eval m d.test\n"
        "one = eval m d.train --limit 1"
    )
    outcome.assert_ok()
    signatures = {name: {metric.signature for metric in outcome[name].metrics} for name in ("ev", "one")}
    assert all("best of several references" in signature for signature in signatures["ev"])
    assert not any("several" in signature for signature in signatures["one"])
    expected = {row.row: row.expected for row in outcome["ev"].worst}
    assert {expected[row] for row in expected if row < 3} == {"card / box"}
    assert expected.get(3, "card 2") == "card 2"


def test_texts_that_are_measured_are_written_as_the_line_says(
    run_hfsh: Callable[..., Outcome], tmp_path: Path
) -> None:
    """`eval` has the options of writing that `predict` has: a test set is worth its own beams and lengths."""
    rows = [{"document": f"my card was charged {number}", "summary": f"card {number}"} for number in range(3)]
    (tmp_path / "d.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    outcome = run_hfsh(
        f"m = load tiny:summarization\nev = eval m {tmp_path / 'd.jsonl'} --max-new-tokens 2 --num-beams 2"
    )
    outcome.assert_ok()
    (cut,) = [guard for guard in outcome["ev"].guards if guard.name == "cut"]
    assert cut.hint is not None
    assert "--max-new-tokens 4" in cut.hint
