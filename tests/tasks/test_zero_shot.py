"""Zero-shot classification: by entailment or by nearness, among labels that somebody says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import LoadedModel, ModelError, Refused, UsageError
from hfshell.models.loading import Head, load_model
from hfshell_tasks.zero_shot import scoring
from hfshell_tasks.zero_shot.options import LabelOptions
from hfshell_tasks.zero_shot.scoring import Candidates, Entailment, entailment
from hfshell_tasks.zero_shot.task import ZeroShot
from tests.compute.classify import Surroundings
from tests.models import tiny

NLI = ("contradiction", "neutral", "entailment")
TEXTS = ("my card was charged twice", "where is my parcel")
ROWS = [{"text": text} for text in TEXTS]


@pytest.fixture(scope="module")
def nli(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny NLI model, lively enough to tell texts apart."""
    return headed(tmp_path_factory.mktemp("nli"), NLI)


def headed(folder: Path, labels: tuple[str, ...]) -> LoadedModel:
    files = tiny.files(tiny.bert(folder / "model", labels=labels, initializer_range=0.3))
    head = Head("AutoModelForSequenceClassification", problem_type="single_label_classification")
    return load_model(files, head)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    """A tiny encoder without a head."""
    return load_model(
        tiny.files(tiny.bert(tmp_path_factory.mktemp("encoder") / "model", initializer_range=0.3))
    )


@pytest.fixture
def around(tmp_path: Path) -> Any:
    """A context whose data has no labels."""
    context: Any = Surroundings(tmp_path)
    context.labels = ()
    return context


def predict(model: LoadedModel, context: Any, *labels: str, **options: Any) -> list[Any]:
    return list(ZeroShot().predict(model, ROWS, LabelOptions(labels, **options), context))


def entailed(model: LoadedModel, text: str, sentence: str) -> torch.Tensor:
    """Ask the model itself: an oracle without batches."""
    with torch.inference_mode():
        return model.module(**model.processor(text, sentence, return_tensors="pt")).logits[0]


def test_scores_are_those_of_the_hubs_pipeline(nli: LoadedModel, around: Any) -> None:
    """A softmax over the labels of the logit that says yes, in the Hub's keys, the best first."""
    for text, found in zip(TEXTS, predict(nli, around, "billing,delivery", "account"), strict=True):
        labels = ("billing", "delivery", "account")
        logits = torch.stack([entailed(nli, text, f"This example is {label}.")[2] for label in labels])
        expected = dict(zip(labels, logits.softmax(-1).tolist(), strict=True))
        assert found["sequence"] == text
        assert dict(zip(found["labels"], found["scores"], strict=True)) == pytest.approx(expected, abs=1e-5)
        assert found["scores"] == sorted(found["scores"], reverse=True)


def test_each_label_alone(nli: LoadedModel, around: Any) -> None:
    """With --multi-label each is yes against no, as in the Hub's pipeline; they need not sum to one."""
    (found, _) = predict(nli, around, "billing,delivery", multi_label=True, template="It is about {}.")
    for label, score in zip(found["labels"], found["scores"], strict=True):
        logits = entailed(nli, TEXTS[0], f"It is about {label}.")[[0, 2]]
        assert score == pytest.approx(float(logits.softmax(-1)[1]), abs=1e-5)


def test_without_an_nli_head_the_nearest_label(encoder: LoadedModel, around: Any) -> None:
    """The cosines of mean-pooled vectors, divided by 0.05, through a softmax; padding has no part in it."""

    def vector(text: str) -> torch.Tensor:
        with torch.inference_mode():
            states = encoder.module(**encoder.processor(text, return_tensors="pt")).last_hidden_state[0]
        mean: torch.Tensor = states.mean(0)
        return mean / mean.norm()

    labels = ("card_payment", "delivery")
    for text, found in zip(TEXTS, predict(encoder, around, *labels), strict=True):
        cosines = torch.stack([vector(text) @ vector(label.replace("_", " ")) for label in labels])
        expected = dict(zip(labels, (cosines / 0.05).softmax(-1).tolist(), strict=True))
        assert dict(zip(found["labels"], found["scores"], strict=True)) == pytest.approx(expected, abs=1e-4)


def test_the_datas_labels_where_nobody_says_others(encoder: LoadedModel, around: Any) -> None:
    """To measure is to choose among what the rows say."""
    around.labels = ("billing", "delivery")
    assert {label for row in predict(encoder, around) for label in row["labels"]} == {"billing", "delivery"}


def test_labels_that_no_answer_could_be_are_refused(encoder: LoadedModel, around: Any) -> None:
    """Rows of another label would all be wrong, and nobody would know why."""
    around.labels = ("billing", "delivery")
    with pytest.raises(Refused) as refused:
        predict(encoder, around, "billing", "account")
    assert refused.value.guard == "labels"


@pytest.mark.parametrize(
    ("labels", "few"),
    [((), "are no labels"), (("billing",), "is one label"), (("billing,",), "is one label")],
)
def test_nothing_to_choose_from(encoder: LoadedModel, around: Any, labels: tuple[str, ...], few: str) -> None:
    """One label alone would always be right."""
    with pytest.raises(UsageError, match=f"there {few} to choose from"):
        predict(encoder, around, *labels)


def test_a_head_for_something_else_is_refused(tmp_path: Path, around: Any) -> None:
    """The first output of any classifier is not taken for a yes."""
    with pytest.raises(ModelError, match="none of them is an entailment"):
        predict(headed(tmp_path, ("good", "bad")), around, "billing,delivery")


def test_an_encoder_has_no_probabilities(encoder: LoadedModel, around: Any) -> None:
    """A cosine is not passed off as one."""
    with pytest.raises(UsageError, match="cosine"):
        predict(encoder, around, "billing,delivery", multi_label=True)


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (("contradiction", "neutral", "entailment"), (2, 0)),
        (("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), (0, 2)),
        (("entailment", "not_entailment"), (0, 1)),
        (("not_entailment", "Entailed"), (1, 0)),
    ],
)
def test_which_output_says_yes_is_told_by_name(labels: tuple[str, ...], found: tuple[int, int]) -> None:
    """Models order them as they like."""
    assert entailment(labels) == found


def test_a_template_has_a_place_for_the_label() -> None:
    """A sentence without one would be the same for all labels."""
    with pytest.raises(ValueError, match="--template"):
        LabelOptions(template="about money")
    assert Candidates(("top_up",), "About {}.").sentences == ["About top up."]


def test_memory_holds_few_features_however_many_labels(
    nli: LoadedModel, around: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text makes a feature a label: they are made some texts at a time, and the answers stay the same."""
    whole = predict(nli, around, "billing,delivery,account")
    monkeypatch.setattr(scoring, "_FEATURES_AT_ONCE", 5)
    made: list[int] = []
    encode = Entailment.encode

    def counted(task: Entailment, rows: Any, model: Any) -> Any:
        features = encode(task, rows, model)
        made.append(len(features))
        return features

    monkeypatch.setattr(Entailment, "encode", counted)
    options = LabelOptions(("billing,delivery,account",))
    found = list(ZeroShot().predict(nli, ROWS * 4, options, around))
    assert made == [3] * 8
    for one, other in zip(found, whole * 4, strict=True):
        assert one["labels"] == other["labels"]
        assert one["scores"] == pytest.approx(other["scores"], abs=1e-5)
