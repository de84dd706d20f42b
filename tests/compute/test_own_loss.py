"""A loss of a task's own: what trains, what chooses the epoch, and what the model may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from hfshell.api import CancelToken, LoadedModel, ModelFolder
from hfshell.compute.inference import Forward
from hfshell.compute.padding import pad
from hfshell.compute.training import TrainingOptions, train
from hfshell.compute.validation import Validation, compute_metrics
from tests.compute.tiny_bert import make_features, make_module, make_tokenizer
from tests.compute.tiny_runs import OPTIONS, run


def wrong(outputs: Any, batch: Mapping[str, Any]) -> Any:
    """Learn the other one of two labels."""
    return torch.nn.functional.cross_entropy(outputs.logits, 1 - batch["labels"])


def test_a_model_learns_what_the_task_says(tmp_path: Path) -> None:
    """And not what its own head would have learnt from the same labels."""
    module = make_module()
    options = TrainingOptions(epochs=4, batch_size=16, learning_rate=1e-2)
    train(module, make_features(160), make_tokenizer(), options, tmp_path, loss=wrong)
    held_out = make_features(32, seed=1)
    gold = torch.tensor([feature["labels"] for feature in held_out])
    bare = [{name: feature[name] for name in feature if name != "labels"} for feature in held_out]
    with torch.inference_mode():
        found = module(**pad(make_tokenizer(), bare)).logits.argmax(-1)
    assert (found == gold).float().mean() < 0.1


def test_gradient_accumulation_leaves_it_as_it_is(tmp_path: Path) -> None:
    """An own loss knows nothing of the number of items in all batches of a step."""
    whole = run(tmp_path / "whole", loss=wrong, options=replace(OPTIONS, epochs=1))
    parts = replace(OPTIONS, epochs=1, batch_size=4, gradient_accumulation=2)
    halves = run(tmp_path / "halves", loss=wrong, options=parts)
    assert halves.losses[0] == pytest.approx(whole.losses[0], rel=0.05)


def test_the_epoch_is_chosen_by_it_and_targets_stay_hidden() -> None:
    """The mean over the rows; the model is not given what is right."""
    module, features = make_module(), make_features(10, seed=2)
    seen: set[str] = set()
    module.register_forward_pre_hook(lambda _module, _args, kwargs: seen.update(kwargs), with_kwargs=True)
    forward = Forward(partial(pad, make_tokenizer()), lambda outputs, _batch: outputs.logits, wrong)
    model = LoadedModel(ModelFolder("tiny", Path()), module, make_tokenizer())
    (metric,) = (
        compute_metrics(model, Validation(features, None, forward), CancelToken(), lambda _event: None) or ()
    )
    assert "labels" not in seen
    module.eval()
    with torch.inference_mode():
        logits = module(
            **pad(make_tokenizer(), [{k: f[k] for k in f if k != "labels"} for f in features])
        ).logits
    labels = torch.tensor([feature["labels"] for feature in features])
    wanted = torch.nn.functional.cross_entropy(logits, 1 - labels)
    assert (metric.name, metric.higher_is_better) == ("loss", False)
    assert metric.value == pytest.approx(float(wanted), rel=1e-4)
