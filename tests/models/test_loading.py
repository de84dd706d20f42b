"""Models come into memory whole, finite, silent and with the head that was asked for, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

from hfshell.errors import ModelError
from hfshell.models.loading import Head, load_copy, load_model
from tests.models import tiny

CLASSIFIER = "AutoModelForSequenceClassification"
SINGLE = "single_label_classification"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A base model."""
    return tiny.bert(tmp_path / "base")


@pytest.fixture
def classifier(tmp_path: Path) -> Path:
    """A trained classifier."""
    return tiny.bert(tmp_path / "classifier", labels=("billing", "refunds", "other"))


def change_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def change_weights(folder: Path, change: Any) -> None:
    weights = load_file(folder / "model.safetensors")
    change(weights)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def logits(model: Any, text: str = "my card was charged") -> torch.Tensor:
    with torch.inference_mode():
        return model.module(**model.processor(text, return_tensors="pt")).logits


def test_base_model(base: Path) -> None:
    """A base model is counted, in eval mode, and has no labels."""
    model = load_model(tiny.files(base))
    assert type(model.module).__name__ == "BertModel"
    assert (model.labels, model.new_weights, model.task, model.dtype) == ((), (), None, "float32")
    assert model.parameters == sum(
        weight.numel() for weight in load_file(base / "model.safetensors").values()
    )
    assert model.bytes >= 4 * model.parameters
    assert not model.module.training


def test_head_of_the_folder(classifier: Path) -> None:
    """A trained head is kept, with its labels, and answers as transformers itself would."""
    model = load_model(tiny.files(classifier), Head(CLASSIFIER, "text-classification", SINGLE))
    assert (model.labels, model.new_weights) == (("billing", "refunds", "other"), ())
    assert model.task == "text-classification"
    reference = transformers.BertForSequenceClassification.from_pretrained(classifier).eval()
    with torch.inference_mode():
        words = model.processor("my card was charged", return_tensors="pt")
        assert torch.allclose(logits(model), reference(**words).logits, atol=1e-6)


def test_fresh_head_is_known_as_one(base: Path) -> None:
    """Transformers only logs that a head is random; here it is a fact about the model."""
    model = load_model(tiny.files(base), Head(CLASSIFIER, labels=("a", "b")))
    assert model.new_weights == ("classifier.bias", "classifier.weight")
    assert model.labels == ("a", "b")
    assert load_model(tiny.files(base), Head(CLASSIFIER)).labels == ()


@pytest.mark.parametrize("labels", [("x", "y", "z"), ("x", "y"), ("refunds", "billing", "other")])
def test_head_for_other_labels_is_new(classifier: Path, labels: tuple[str, ...]) -> None:
    """Same number or not: a head trained for other labels, or another order, is not passed off as theirs."""
    trained = load_model(tiny.files(classifier), Head(CLASSIFIER))
    model = load_model(tiny.files(classifier), Head(CLASSIFIER, labels=labels))
    assert model.new_weights == ("classifier.bias", "classifier.weight")
    assert model.labels == labels
    if len(labels) == 3:
        assert not torch.equal(model.module.classifier.weight, trained.module.classifier.weight)
    assert tiny.checksum(model.module.bert) == tiny.checksum(trained.module.bert)


def test_same_labels_keep_the_head(classifier: Path) -> None:
    """Naming the labels that the folder has changes nothing."""
    named = load_model(tiny.files(classifier), Head(CLASSIFIER, labels=("billing", "refunds", "other")))
    plain = load_model(tiny.files(classifier), Head(CLASSIFIER))
    assert named.new_weights == ()
    assert tiny.checksum(named.module) == tiny.checksum(plain.module)


def test_new_head_follows_the_seed_alone(base: Path) -> None:
    """A head is a function of its seed, and torch's own random numbers go on undisturbed."""
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    weights = [
        load_model(tiny.files(base), Head(CLASSIFIER, labels=("a", "b"), seed=seed)).module.classifier.weight
        for seed in (1, 1, 2)
    ]
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_regression_head_is_no_classifier(classifier: Path) -> None:
    """A head that gives a number would answer every text with probability 1."""
    folder = classifier
    change_weights(
        folder,
        lambda weights: weights.update(
            {name: value[:1].clone() for name, value in weights.items() if name.startswith("classifier")}
        ),
    )
    change_config(folder, id2label={"0": "score"}, label2id={"score": 0}, problem_type=None)
    with pytest.raises(ModelError, match="trained for regression"):
        load_model(tiny.files(folder), Head(CLASSIFIER, problem_type=SINGLE))


def test_multi_label_head_is_no_single_label_head(classifier: Path) -> None:
    """Softmax over a sigmoid head gives numbers that look like answers."""
    change_config(classifier, problem_type="multi_label_classification")
    with pytest.raises(ModelError, match="trained for multi_label_classification"):
        load_model(tiny.files(classifier), Head(CLASSIFIER, problem_type=SINGLE))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_weights_not_finite(base: Path, bad: float) -> None:
    """A model of NaN predicts class 0 with a straight face."""
    change_weights(base, lambda weights: weights["embeddings.LayerNorm.weight"].fill_(bad))
    with pytest.raises(ModelError, match=r"embeddings.LayerNorm.weight holds 32 NaN"):
        load_model(tiny.files(base))


def test_large_finite_weights_are_no_alarm(base: Path) -> None:
    """A sum that overflows is not a weight that does."""
    change_weights(base, lambda weights: weights["pooler.dense.bias"].fill_(3e38))
    assert load_model(tiny.files(base)).new_weights == ()


def test_config_of_another_size(base: Path) -> None:
    """config.json and weights of two models."""
    change_config(base, hidden_size=64, intermediate_size=128)
    with pytest.raises(ModelError, match=r"do not fit config\.json"):
        load_model(tiny.files(base))


@pytest.mark.parametrize("layers", [1, 0, -1])
def test_config_that_counts_fewer_layers(classifier: Path, layers: int) -> None:
    """Transformers would leave the other layers unread, and answer all the same."""
    change_config(classifier, num_hidden_layers=layers)
    for head in (Head(), Head(CLASSIFIER)):
        with pytest.raises(ModelError, match=r"do not fit config.json: it counts \d layers"):
            load_model(tiny.files(classifier), head)


def test_weights_of_another_architecture(base: Path) -> None:
    """Names that match nothing would leave every weight random."""
    weights = load_file(base / "model.safetensors")
    save_file({f"other.{name}": value for name, value in weights.items()}, base / "model.safetensors")
    with pytest.raises(ModelError, match="missing from the files"):
        load_model(tiny.files(base), Head(CLASSIFIER, labels=("a", "b")))


def test_architecture_unknown(base: Path) -> None:
    """A model that a newer transformers may know."""
    change_config(base, model_type="bertissimo")
    with pytest.raises(ModelError, match="does not know the architecture bertissimo") as caught:
        load_model(tiny.files(base))
    assert caught.value.hint is not None
    assert "newer transformers" in caught.value.hint


def test_head_that_the_architecture_lacks(base: Path) -> None:
    """Not every architecture has every head."""
    with pytest.raises(ModelError, match="has no AutoModelForSeq2SeqLM for bert"):
        load_model(tiny.files(base), Head("AutoModelForSeq2SeqLM"))


def test_class_that_transformers_lacks(base: Path) -> None:
    """A plugin may name a class that is gone."""
    with pytest.raises(ModelError, match="has no class AutoModelWithLMHead"):
        load_model(tiny.files(base), Head("AutoModelWithLMHead"))


@pytest.mark.parametrize(
    "changes",
    [{"hidden_size": "wide"}, {"num_hidden_layers": None}, {"hidden_size": 31}, {"hidden_act": "nonsense"}],
)
def test_config_with_nonsense(base: Path, changes: dict[str, Any]) -> None:
    """Whatever transformers makes of it, the user gets one line."""
    change_config(base, **changes)
    with pytest.raises(ModelError) as caught:
        load_model(tiny.files(base))
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("content", ["", "{}", "{not json", '{"version": "1.0", "model": {"type": "Nope"}}'])
def test_tokenizer_damaged(base: Path, content: str) -> None:
    """Every way in which tokenizer.json is no tokenizer."""
    (base / "tokenizer.json").write_text(content)
    with pytest.raises(ModelError, match="the tokenizer cannot be read") as caught:
        load_model(tiny.files(base))
    assert "\n" not in caught.value.message


def test_tokenizer_missing(base: Path) -> None:
    """Weights alone read no text."""
    (base / "tokenizer.json").unlink()
    (base / "tokenizer_config.json").unlink()
    with pytest.raises(ModelError, match="there is no tokenizer"):
        load_model(tiny.files(base))


def test_tokenizer_of_another_model(base: Path, tmp_path: Path) -> None:
    """A token without an embedding would be an index error in the middle of a text."""
    tiny.tokenizer(tuple(f"word{number}" for number in range(90))).save_pretrained(base)
    with pytest.raises(ModelError, match="the tokenizer does not fit the model"):
        load_model(tiny.files(base))


def test_tokenizer_without_padding_gets_one(base: Path) -> None:
    """A decoder's tokenizer pads with its end; the head finds the last token by the same number."""
    words = tiny.tokenizer()
    words.pad_token, words.eos_token = None, "[SEP]"
    words.save_pretrained(base)
    change_config(base, pad_token_id=None)
    model = load_model(tiny.files(base))
    assert model.processor.pad_token_id == 3
    assert model.module.config.pad_token_id == 3


def test_positions_counted_from_another_padding(tmp_path: Path) -> None:
    """RoBERTa's positions depend on the padding token: two opinions on it shift every position."""
    folder = tmp_path / "roberta"
    words = tiny.tokenizer()
    config = transformers.RobertaConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=66, pad_token_id=1,
    )  # fmt: skip
    transformers.RobertaModel(config).save_pretrained(folder)
    words.save_pretrained(folder)
    with pytest.raises(ModelError, match="pads with token 0, the model with 1"):
        load_model(tiny.files(folder))


def test_stored_type_and_wanted_type(tmp_path: Path) -> None:
    """bfloat16 files become float32 unless the files are to decide."""
    folder = tiny.bert(tmp_path / "half", dtype=torch.bfloat16)
    assert load_model(tiny.files(folder)).dtype == "float32"
    half = load_model(tiny.files(folder), dtype="auto")
    assert half.dtype == "bfloat16"
    assert half.bytes < load_model(tiny.files(folder)).bytes


@pytest.mark.parametrize("dtype", ["bf17", "int8", "load"])
def test_type_that_is_none(base: Path, dtype: str) -> None:
    """Only floating point types hold weights."""
    with pytest.raises(ModelError, match=f"weights cannot be {dtype}"):
        load_model(tiny.files(base), dtype=dtype)


def test_overwritten_file_does_not_reach_a_warm_model(base: Path) -> None:
    """Mapped weights would change under the model, or kill the process when the file shrinks."""
    model = load_model(tiny.files(base))
    before = tiny.checksum(model.module)
    with (base / "model.safetensors").open("r+b") as file:
        file.seek(5_000)
        file.write(b"\0" * 50_000)
    os.truncate(base / "model.safetensors", 10)
    assert tiny.checksum(model.module) == before


def test_loads_in_threads_do_not_harm_each_other(base: Path) -> None:
    """Transformers patches itself and torch's default type while it loads; two at once get each other's."""
    files = tiny.files(base)
    wanted = ["float32", "bfloat16"] * 12
    with ThreadPoolExecutor(6) as pool:
        models = list(pool.map(lambda dtype: load_model(files, Head(CLASSIFIER), dtype=dtype), wanted))
    assert [model.dtype for model in models] == wanted
    assert torch.get_default_dtype() == torch.float32
    weights = [weight for model in models for weight in model.module.parameters()]
    assert not [weight for weight in weights if weight.is_meta]
    assert len({tiny.checksum(model.module) for model in models[::2]}) == 1


@pytest.mark.slow
def test_says_nothing(base: Path) -> None:
    """Neither bars, nor reports, nor warnings: standard output and error are ours."""
    code = (
        "from hfshell.models.quiet import quieten; quieten(); "
        "from hfshell.models.loading import Head, load_model; from tests.models import tiny; import pathlib; "
        f"load_model(tiny.files(pathlib.Path({str(base)!r})), Head({CLASSIFIER!r}, labels=('a', 'b')))"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("HF_", "TRANSF"))
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2], env=environment,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("", "")


def test_logging_is_given_back(base: Path) -> None:
    """In somebody's own process transformers goes on talking as they set it."""
    from transformers.utils import logging

    logging.set_verbosity_info()
    load_model(tiny.files(base))
    verbosity = logging.get_verbosity()
    logging.set_verbosity_warning()
    assert verbosity == logging.INFO


def test_copy_is_independent(classifier: Path) -> None:
    """Training the copy must not touch the original."""
    model = load_model(tiny.files(classifier), Head(CLASSIFIER))
    before = tiny.checksum(model.module)
    copy = load_copy(model, Head(CLASSIFIER, labels=model.labels))
    assert tiny.checksum(copy.module) == before
    with torch.no_grad():
        for weight in copy.module.parameters():
            weight.add_(1)
    assert tiny.checksum(model.module) == before


def test_copy_has_the_warm_weights(classifier: Path, tmp_path: Path) -> None:
    """A folder that was overwritten meanwhile must not change what is trained."""
    model = load_model(tiny.files(classifier), Head(CLASSIFIER))
    shutil.rmtree(classifier)
    tiny.bert(classifier, labels=model.labels, seed=99)
    copy = load_copy(model, Head(CLASSIFIER, labels=model.labels))
    assert tiny.checksum(copy.module) == tiny.checksum(model.module)


def test_copy_of_a_base_takes_its_body(base: Path) -> None:
    """The body is the warm one's, the head is new."""
    model = load_model(tiny.files(base))
    copy = load_copy(model, Head(CLASSIFIER, labels=("a", "b")))
    assert copy.new_weights == ("classifier.bias", "classifier.weight")
    assert tiny.checksum(copy.module.bert) == tiny.checksum(model.module)


def test_copy_of_a_replaced_folder_is_refused(base: Path) -> None:
    """Another model of another size stands there now."""
    model = load_model(tiny.files(base))
    shutil.rmtree(base)
    tiny.bert(base, hidden_size=64)
    with pytest.raises(ModelError, match="another model than the one in memory"):
        load_copy(model, Head(CLASSIFIER, labels=("a", "b")))


def test_starter_model(minilm: Path) -> None:
    """Real weights: the figures that everybody sees first."""
    model = load_model(tiny.files(minilm), Head(CLASSIFIER, labels=("a", "b")))
    assert model.parameters == 22_713_216 + 2 * 384 + 2
    assert len(model.new_weights) == 2
    assert model.processor("hello world")["input_ids"] == [101, 7592, 2088, 102]
