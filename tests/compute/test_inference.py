"""Logits come back in the order of the rows, the same whatever the batches, and never NaN."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api.cancel import CancelToken
from hfshell.api.events import Event, Progress
from hfshell.api.models import LoadedModel
from hfshell.compute import inference
from hfshell.compute.inference import Forward, Meter, compute_outputs, length_of, stacked
from hfshell.errors import Interrupted, ModelError, Refused
from hfshell.models.loading import Head, load_model
from tests.models import tiny

TEXTS = [*tiny.CORPUS, "card", "my money " * 12, "where is it", "box"] * 4


@pytest.fixture
def model(tmp_path: Path) -> LoadedModel:
    """A tiny classifier of three labels."""
    folder = tiny.bert(tmp_path / "m", labels=("a", "b", "c"))
    return load_model(tiny.files(folder), Head("AutoModelForSequenceClassification"))


def compute_logits(model: LoadedModel, features: list[dict[str, Any]], **given: Any) -> torch.Tensor:
    return stacked(compute_outputs(model, features, Forward.plain(model.processor), **given))


def encode(model: LoadedModel, texts: list[str]) -> list[dict[str, Any]]:
    words = model.processor(texts)
    return [{name: words[name][row] for name in words} for row in range(len(texts))]


def one_by_one(model: LoadedModel, texts: list[str]) -> torch.Tensor:
    with torch.inference_mode():
        return torch.cat(
            [model.module(**model.processor(text, return_tensors="pt")).logits for text in texts]
        )


@pytest.mark.parametrize("budget", [1, 40, 500, 100_000])
def test_order_and_values(model: LoadedModel, budget: int) -> None:
    """Batched, sorted and padded gives what each row gives alone."""
    found = compute_logits(model, encode(model, TEXTS), cancelled=CancelToken(), budget=budget)
    assert found.shape == (len(TEXTS), 3)
    assert torch.allclose(found, one_by_one(model, TEXTS), atol=1e-5)


def test_token_logits_of_uneven_rows(tmp_path: Path) -> None:
    """A head with an answer a token: each row's own tokens stand first, the rest is zero."""
    folder = tiny.bert(tmp_path / "m")
    model = load_model(tiny.files(folder), Head("AutoModelForTokenClassification", labels=("x", "y")))
    texts = ["card", "where is my parcel it has not arrived"]
    features = encode(model, texts)
    found = compute_logits(model, features, cancelled=CancelToken(), budget=1)
    lengths = [len(feature["input_ids"]) for feature in features]
    assert found.shape == (2, max(lengths), 2)
    for row, length in enumerate(lengths):
        alone = compute_logits(model, [features[row]], cancelled=CancelToken())
        assert torch.allclose(found[row, :length], alone[0], atol=1e-5)
        assert not found[row, length:].any()


def test_no_rows(model: LoadedModel) -> None:
    """Nothing in, nothing out."""
    assert len(compute_logits(model, [], cancelled=CancelToken())) == 0


def test_half_precision_gives_float32(tmp_path: Path) -> None:
    """Whatever the weights are, logits are float32."""
    files = tiny.files(tiny.bert(tmp_path / "m", labels=("a", "b")))
    model = load_model(files, Head("AutoModelForSequenceClassification"), dtype="bfloat16")
    found = compute_logits(model, encode(model, TEXTS), cancelled=CancelToken())
    assert found.dtype == torch.float32
    assert torch.isfinite(found).all()


def test_no_gradients_are_kept(model: LoadedModel) -> None:
    """A prediction must not hold the graph of its forward pass."""
    assert not compute_logits(model, encode(model, TEXTS[:2]), cancelled=CancelToken()).requires_grad
    assert not torch.is_inference_mode_enabled()


def test_training_mode_is_refused(model: LoadedModel) -> None:
    """Dropout would answer the same text differently each time."""
    model.module.train()
    with pytest.raises(Refused) as caught:
        compute_logits(model, encode(model, TEXTS[:2]), cancelled=CancelToken())
    assert caught.value.guard == "dirty"


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_answers_that_are_not_finite_are_refused(model: LoadedModel, bad: float) -> None:
    """The argmax of NaN is 0: seven tenths right on data of which seven tenths are class 0."""
    with torch.no_grad():
        model.module.classifier.bias[1] = bad
    with pytest.raises(Refused) as caught:
        compute_logits(model, encode(model, TEXTS[:2]), cancelled=CancelToken())
    assert caught.value.guard == "non-finite"


def test_model_without_a_head(tmp_path: Path) -> None:
    """A base model has nothing to predict with, and says so."""
    model = load_model(tiny.files(tiny.bert(tmp_path / "m")))
    with pytest.raises(ModelError, match="the model has no head"):
        compute_logits(model, encode(model, TEXTS[:1]), cancelled=CancelToken())


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), MemoryError()]
)
def test_out_of_memory_is_explained(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """One command fails, and says what would need less."""

    def fail(**_: torch.Tensor) -> None:
        raise error

    monkeypatch.setattr(model.module, "forward", fail)
    with pytest.raises(ModelError, match=r"out of memory with 1 rows of \d+ tokens") as caught:
        compute_logits(model, encode(model, TEXTS[:1]), cancelled=CancelToken())
    assert caught.value.hint is not None


def test_cancel_between_batches(model: LoadedModel) -> None:
    """Ctrl-C is felt after the batch under way, not after the window."""
    token, rows = CancelToken(), []

    def done(count: int) -> None:
        rows.append(count)
        token.set()

    with pytest.raises(Interrupted):
        compute_logits(model, encode(model, TEXTS), cancelled=token, budget=60, done=done)
    assert len(rows) == 1


def test_all_rows_are_counted(model: LoadedModel) -> None:
    """Progress adds up to the rows."""
    rows: list[int] = []
    compute_logits(model, encode(model, TEXTS), cancelled=CancelToken(), budget=60, done=rows.append)
    assert sum(rows) == len(TEXTS)
    assert len(rows) > 3


def test_meter_tells_rate_and_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten events a second at most, with the rate and the time to go."""
    now = 100.0
    monkeypatch.setattr(inference.time, "monotonic", lambda: now)
    events: list[Event] = []
    meter = Meter(events.append, total=100, _began=now, _said=now)
    meter.advance(5)
    assert events == []
    now = 102.0
    meter.advance(15)
    assert events == [Progress("predict", 20, 100, rows_per_second=10.0, remaining_seconds=8.0)]


def test_meter_of_a_stream_knows_no_end() -> None:
    """Rows from a pipe have no total, and no time to go."""
    events: list[Event] = []
    meter = Meter(events.append, _said=-1e9)
    meter.advance(1)
    assert isinstance(events[0], Progress)
    assert (events[0].total, events[0].remaining_seconds) == (None, None)


def test_out_of_memory_is_explained_whatever_the_batch_holds(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Targets may stand first in a batch, and have no tokens."""

    def fail(**_: torch.Tensor) -> None:
        raise MemoryError

    monkeypatch.setattr(model.module, "forward", fail)
    features = [{"labels": 0, **feature} for feature in encode(model, TEXTS[:1])]
    with pytest.raises(ModelError, match=r"out of memory with 1 rows of \d+ tokens"):
        compute_logits(model, features, cancelled=CancelToken())


def test_inputs_without_tokens_are_few_at_a_time() -> None:
    """A sound or a picture is as large as a long text, and not one token."""
    few = inference.CPU_BUDGET // length_of({"input_values": [[0.0]]})
    assert few == 16
    assert length_of({"input_ids": [[1, 2], [3, 4, 5]]}) == 5
